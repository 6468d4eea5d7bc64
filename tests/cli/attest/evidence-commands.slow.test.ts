import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { signPayload } from "../../../attestation/dsse";
import { fileSigner, verificationKey } from "../../../attestation/keys";
import { trustRootType } from "../../../attestation/trust-root";
import { trustRootOfStack } from "../../../cli/attest/trust-of-stack";
import { contractNamed } from "../../../cli/release/contract-named";
import { entriesAsking } from "../../../policies/evidence/asked";
import { missingEvidence } from "../../../policies/evidence/judge";
import { parseEvidence } from "../../../policies/evidence/statement";
// Loaded by the commands when they need it; here before the first test, because that takes a while.
import "../../../policies/exemptions/open";
import { newKey } from "../../attestation/support/keys";
import { SigningProject, workspaceIn } from "./support/signing-project";

describe("signing evidence on the command line", () => {
  const project = SigningProject.forEach();
  const { run, refusalOf, makeTrust, key, inVault } = project;

  /** What is signed by whom, and where it is kept. */
  const intoFolder = () => [
    ...["--digest", "a".repeat(64), "--key", key("owner")],
    ...["--folder", join(project.folder, "evidence")],
  ];

  it("evidence verify says in words why a file cannot be read", async () => {
    await makeTrust();
    await assert.rejects(
      run("evidence", "verify", join(project.folder, "none"), project.folder),
      /2 of 2 files refused/,
    );
    assert.match(project.printed, /none {2}there is no such file\nrefused .* {2}it is a folder\n$/);
  });

  it("evidence sign writes a statement under its digest, which verify and list find", async () => {
    await makeTrust();
    const signed = await run(
      ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
      ...["--digest", `sha256:${"a".repeat(64)}`, "--field", "suite=backend", "--field", "failed=0"],
      ...["--field", "passed=412", "--field", "coveragePercent=91"],
      ...["--key", key("owner"), "--folder", join(project.folder, "evidence")],
    );
    assert.deepEqual(readdirSync(join(project.folder, "evidence")), [signed.trim().split("/").at(-1)]);
    assert.match(await run("evidence", "verify", signed.trim()), /^signed .* by owner \(deployment-lead\)/);
    const found = async (...filter: string[]) =>
      JSON.parse(await run("evidence", "list", "--format", "json", ...filter)).items.length;
    assert.equal(await found(), 1);
    assert.equal(await found("--system", "kirana-inventory", "--subject", "backend"), 1);
    assert.equal(await found("--subject", `sha256:${"a".repeat(64)}`), 1);
    assert.equal(await found("--predicate", "scan"), 0);
    assert.equal(await found("--system", "tesoro-xp"), 0);
  });

  it("evidence sign refuses a field that the kind does not have; verify refuses another's file", async () => {
    await makeTrust();
    const sign = ["evidence", "sign", "--predicate", "scan", "--system", "tesoro-xp", "--of", "manifest"];
    await assert.rejects(run(...sign, ...intoFolder(), "--field", "mood=good"), /scan has no mood/);
    const other = join(project.folder, "other.json");
    writeFileSync(other, "{}");
    await assert.rejects(run("evidence", "verify", other), /1 of 1 file refused/);
    assert.match(project.printed, /^refused .*the envelope/);
  });

  it("evidence sign refuses what no release would take: of nothing that there is, or without what is asked for", async () => {
    await makeTrust();
    const sign = (what: string, ...stated: string[]) =>
      refusalOf(
        ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", what],
        ...intoFolder(),
        ...stated.flatMap((field) => ["--field", field]),
      );
    assert.match(
      await sign("nope", "suite=backend"),
      /kirana-inventory has no component nope.*\n.*backend, frontend; else manifest, commit/,
    );
    assert.match(await sign("backend", "suite=backend"), /does not state failed, passed, coveragePercent/);
    assert.match(
      await sign("backend", "suite=x", "passed=1", "failed=0"),
      /no test-run of backend with these fields is asked for; asked for: backend-tests \(suite backend\)/,
    );
    assert.match(await sign("commit", "passed=1"), /asked for: .*\(suite type-check\).*\(suite lint\)/);
    assert.equal(existsSync(join(project.folder, "evidence")), false);
  });

  it("evidence sign states also what went wrong, and says when nobody asks", async () => {
    await makeTrust();
    const failing = ["suite=backend", "failed=3", "passed=1", "coveragePercent=20"];
    await run(
      ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
      ...intoFolder(),
      ...failing.flatMap((field) => ["--field", field]),
    );
    assert.equal(project.said, "");
    const review = ["--predicate", "review", "--system", "kirana-store", "--of", "manifest"];
    await run("evidence", "sign", ...review, ...intoFolder(), "--field", "openComments=0");
    assert.equal(project.said, "note: the runbook of kirana-store asks for no review of manifest\n");
  });

  it("evidence sign --json says why a file holds no fields, and repeats nothing of it", async () => {
    await makeTrust();
    const file = join(project.folder, "fields.json");
    const sign = () =>
      refusalOf(
        ...["evidence", "sign", "--predicate", "scan", "--system", "tesoro-xp", "--of", "manifest"],
        ...["--digest", "a".repeat(64), "--key", key("owner"), "--json", file],
      );
    assert.match(await sign(), /cannot be read: there is no such file\.\nName a file with a JSON object/);
    for (const [text, why] of [
      ['{"tool":"hunter2', "it is cut off after 16 bytes"],
      ["", "it is empty"],
      ["tool: x", "it is no JSON in UTF-8"],
      ["[1]", "it holds no JSON object"],
    ] as const) {
      writeFileSync(file, text);
      const refusal = await sign();
      assert.ok(refusal.includes(`cannot be read: ${why}.`), refusal);
      assert.doesNotMatch(refusal, /hunter2/);
    }
  });

  it("evidence list says why a folder cannot be read, and which would do", async () => {
    await makeTrust();
    const list = (named: string) => refusalOf("evidence", "list", "--folder", named);
    const mend = /\nName a folder that holds evidence/;
    assert.match(await list(join(project.folder, "none")), /cannot be read: there is no such file\./);
    assert.match(await list(join(project.folder, "Pulumi.dev.yaml")), /cannot be read: it is no folder\./);
    assert.match(await list(join(project.folder, "none")), mend);
  });

  /** A trust root of production: alice with a key of her vault, bob with one in a file, and a pipeline. */
  async function makeProduction(): Promise<{
    readonly vault: (id: string) => string;
    readonly bobsFile: string;
  }> {
    const pairs = new Map(["root", "alice", "bob", "pipeline"].map((id) => [id, newKey("p256")] as const));
    const vault = (id: string) => `https://keys.vault.azure.net/keys/${id}`;
    for (const [id, { privatePem }] of pairs) inVault.set(vault(id), privatePem);
    const keyOf = (id: string, kind: string) => [{ publicKey: pairs.get(id)!.publicPem, kind }];
    const roles = ["deployment-lead", "release-coordinator", "lead-engineer"];
    const written = {
      version: 1,
      serial: 1,
      expires: new Date(Date.now() + 86_400_000).toISOString(),
      root: { keys: keyOf("root", "keyVault"), threshold: 1 },
      people: [
        { id: "alice", name: "Alice", roles, keys: keyOf("alice", "keyVault") },
        { id: "bob", name: "Bob", roles, keys: keyOf("bob", "file") },
        { id: "pipeline", name: "Pipeline", roles: [], keys: keyOf("pipeline", "ci") },
      ],
    };
    const payload = Buffer.from(JSON.stringify(written));
    const signed = await signPayload(trustRootType, payload, [fileSigner(pairs.get("root")!.privatePem)]);
    writeFileSync(join(project.folder, "root.json"), JSON.stringify(signed));
    const keys = [verificationKey(pairs.get("root")!.publicPem).id];
    const config = {
      "switchyard:trustRoot": { location: "root.json", keys, threshold: 1 },
      "switchyard:evidence": { location: "evidence" },
    };
    for (const stack of ["staging", "production"])
      writeFileSync(join(project.folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
    const bobsFile = join(project.folder, "bob.key.pem");
    writeFileSync(bobsFile, pairs.get("bob")!.privatePem);
    return { vault, bobsFile };
  }
  const testRun = [
    ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
    ...["--digest", "a".repeat(64), "--field", "suite=backend", "--field", "failed=0"],
    ...["--field", "passed=412", "--field", "coveragePercent=91"],
  ];

  it("evidence of production is signed by a pipeline with its key in a vault, and the pack takes it", async () => {
    const { vault } = await makeProduction();
    const file = (await run(...testRun, "--key", vault("pipeline"), "--stack", "production")).trim();
    assert.match(await run("evidence", "verify", file, "--stack", "production"), /^signed .* by pipeline$/m);
    const item = parseEvidence(readFileSync(file, "utf8"), basename(file));
    const [entry] = entriesAsking(contractNamed("kirana-inventory"), {
      predicate: "test-run",
      what: "backend",
    });
    const root = await trustRootOfStack(workspaceIn(project.folder), "production");
    const question = {
      system: "kirana-inventory",
      environment: "production",
      now: new Date(),
      root,
    } as const;
    assert.equal(missingEvidence(entry!, [item], question), undefined);
  });

  it("evidence sign refuses a key in a file on production, and one that no entry takes, and writes nothing", async () => {
    const { vault, bobsFile } = await makeProduction();
    const sign = (key: string) => refusalOf(...testRun, "--key", key, "--stack", "production");
    assert.match(
      await sign(bobsFile),
      /bob\.key\.pem is a key in a file; production takes .* never leave their vault\.\nGive --key https:\/\/VAULT/,
    );
    assert.match(await sign("https://example.org/key"), /is no address of a key in Key Vault/);
    assert.match(
      await sign(vault("alice")),
      /would not count .*: signed with a key of a kind that does not count here; allowed: ci\.\n.*trust show --stack production/,
    );
    assert.match(await sign(vault("root")), /unsigned: no signature of it is by a key of the trust root/);
    assert.equal(existsSync(join(project.folder, "evidence")), false);
  });

  it("evidence verify refuses on production what the pack refuses there, and takes it on staging", async () => {
    const { bobsFile } = await makeProduction();
    const file = (await run(...testRun, "--key", bobsFile, "--stack", "staging")).trim();
    assert.match(await run("evidence", "verify", file, "--stack", "staging"), /^signed .* by bob/);
    await assert.rejects(run("evidence", "verify", file, "--stack", "production"), /1 of 1 file refused/);
    assert.match(project.printed, /^refused .*a key of a kind that does not count here; allowed: ci$/m);
  });

  it("sign evidence on dev without a trust root with dev's own key, where a release there looks for it", async () => {
    mkdirSync(join(project.folder, ".switchyard"), { mode: 0o700 });
    writeFileSync(join(project.folder, "Pulumi.dev.yaml"), "config: {}\n");
    const about = ["--predicate", "review", "--system", "kirana-store", "--of", "manifest"];
    const stated = ["--digest", "a".repeat(64), "--field", "openComments=0"];
    const signed = await run("evidence", "sign", ...about, ...stated);
    assert.match(await run("evidence", "verify", signed.trim()), /^signed .* by /);
    assert.equal(dirname(signed.trim()), join(project.folder, ".switchyard", "evidence"));
    assert.equal(statSync(join(project.folder, ".switchyard", "operator-key.pem")).mode & 0o777, 0o600);
    await makeTrust();
    await assert.rejects(run("evidence", "sign", ...about, ...stated), /No key signs it: --key is not given/);
  });
});
