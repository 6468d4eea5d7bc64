import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Command } from "commander";
import { preAuthenticationEncoding, signPayload } from "../../../attestation/dsse";
import { fileSigner, verificationKey } from "../../../attestation/keys";
import { trustRootType } from "../../../attestation/trust-root";
import { signerNamed } from "../../../cli/attest/named-key";
import { trustRootOfStack } from "../../../cli/attest/trust-of-stack";
import { digestToSign, signatureFromVault } from "../../../cli/attest/vault-signature";
import { evidenceCommand } from "../../../cli/commands/evidence";
import { exemptionCommand } from "../../../cli/commands/exemption";
import { trustCommand } from "../../../cli/commands/trust";
import { endingNotices, exemptedNotices } from "../../../cli/exemption-notices";
import { contractNamed } from "../../../cli/release/contract-named";
import type { Workspace } from "../../../cli/workspace";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { entriesAsking } from "../../../policies/evidence/asked";
import { missingEvidence } from "../../../policies/evidence/judge";
import { parseEvidence } from "../../../policies/evidence/statement";
// Loaded by the commands when they need it; here before the first test, because that takes a while.
import "../../../policies/exemptions/open";
import { assembleReport } from "../../../reports/model";
import { newKey } from "../../attestation/support/keys";

function workspaceIn(folder: string): Workspace {
  return { root: folder, dist: "", policyPack: folder, stateDir: join(folder, ".switchyard") };
}

/** The commands that sign, on a project of their own: a trust root, a file of exemptions and a folder of evidence. */
describe("signing on the command line", () => {
  let folder: string;
  let printed: string;
  let said: string;
  /** Private keys by address in Key Vault. */
  const inVault = new Map<string, string>();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-attest-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...argv: string[]): Promise<string> {
    [printed, said] = ["", ""];
    const context = {
      workspace: workspaceIn(folder),
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text: string) => {
        printed += text;
      },
      say: (line: string) => {
        said += `${line}\n`;
      },
    };
    const program = new Command("switchyard");
    for (const make of [exemptionCommand, trustCommand]) program.addCommand(make(context));
    const named: typeof signerNamed = async (key, user) => {
      const pem = inVault.get(key);
      return pem === undefined ? signerNamed(key, user) : fileSigner(pem);
    };
    program.addCommand(evidenceCommand(context, named));
    await program.parseAsync(argv, { from: "user" });
    return printed;
  }

  /** Message and mend with which a command line is refused. */
  async function refusalOf(...argv: string[]): Promise<string> {
    try {
      await run(...argv);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return `${error.message}\n${error.mend}`;
    }
    return assert.fail("it was not refused");
  }

  async function makeTrust(): Promise<void> {
    const setting = await run("trust", "init");
    writeFileSync(
      join(folder, "Pulumi.dev.yaml"),
      `config:\n  ${setting.trim()}\n  switchyard:evidence: {"location":"evidence"}\n`,
    );
  }
  const key = (id: string) => join(folder, ".switchyard", "trust", `${id}.key.pem`);
  const file = () => join(folder, "exemptions.yaml");
  const sign = (...more: string[]) =>
    run(
      ...["exemption", "sign", "--rule", "web-ftps-disabled"],
      ...["--resource", "urn:pulumi:dev::switchyard::**::site", ...more],
    );
  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const fields = [
    ...["--reason", "The supplier's importer speaks FTPS until May.", "--owner", "owner"],
    ...["--approver", "approver", "--ticket", "OPS-1", "--expires", expires],
  ];

  it("trust sign makes one for a stack: as many root keys sign it as it asks for, and no other key", async () => {
    const [first, second, stranger] = [newKey("p256"), newKey("p256"), newKey("p256")];
    const keyFile = (name: string, { privatePem }: ReturnType<typeof newKey>) => {
      writeFileSync(join(folder, name), privatePem);
      return join(folder, name);
    };
    const [document, out] = [join(folder, "people.json"), join(folder, "trust", "production.json")];
    const inVault = ({ publicPem }: ReturnType<typeof newKey>) => ({
      publicKey: publicPem,
      kind: "keyVault",
    });
    const written = {
      version: 1,
      serial: 1,
      expires: new Date(Date.now() + 86_400_000).toISOString(),
      root: { keys: [first, second].map(inVault), threshold: 2 },
      people: [{ id: "alice", name: "Alice", roles: ["deployment-lead"], keys: [inVault(newKey("p256"))] }],
    };
    writeFileSync(document, JSON.stringify(written));
    const sign = (name: string, pair: ReturnType<typeof newKey>) =>
      run("trust", "sign", document, "--key", keyFile(name, pair), "--out", out);
    await assert.rejects(sign("stranger", stranger), /is no root key of .*people\.json; those are: sha256:/);
    assert.equal(existsSync(out), false);
    assert.equal(await sign("first", first), "");
    assert.match(said, /signed by 1 of the 2 root keys/);
    const setting = await sign("second", second);
    const ids = [first, second].map(({ publicPem }) => verificationKey(publicPem).id);
    assert.deepEqual(JSON.parse(setting.slice(setting.indexOf("{"))), {
      location: "trust/production.json",
      keys: ids,
      threshold: 2,
    });
    writeFileSync(join(folder, "Pulumi.production.yaml"), `config:\n  ${setting}`);
    assert.match(await run("trust", "show", "--stack", "production"), /alice {2}deployment-lead {2}keyVault/);

    // A signature of another text counts for nothing in the next one.
    writeFileSync(document, JSON.stringify({ ...written, serial: 2 }));
    assert.equal(await sign("first", first), "");
    writeFileSync(out, "mine");
    await assert.rejects(sign("first", first), /holds no trust root, and is not written over/);
    assert.equal(readFileSync(out, "utf8"), "mine");
    writeFileSync(document, JSON.stringify({ ...written, people: [] }));
    await assert.rejects(sign("first", first), /people\.json: The trust root's text: people: /);
  });

  it("trust sign refuses what would be refused however many signed it, and writes nothing", async () => {
    const [root, alices, bobs] = [newKey("p256"), newKey("p256"), newKey("p256")];
    const keysOf = (...pairs: ReturnType<typeof newKey>[]) =>
      pairs.map(({ publicPem }) => ({ publicKey: publicPem, kind: "keyVault" }));
    const alice = { id: "alice", name: "Alice", roles: ["deployment-lead"], keys: keysOf(alices) };
    const written = {
      version: 1,
      serial: 1,
      expires: new Date(Date.now() + 86_400_000).toISOString(),
      // Two are needed, so that the first signature alone opens nothing.
      root: { keys: keysOf(root, bobs), threshold: 2 },
      people: [alice],
    };
    const [document, rootKey, out] = ["people.json", "root.pem", "out.json"].map((name) =>
      join(folder, name),
    );
    writeFileSync(rootKey!, root.privatePem);
    const refusal = async (changed: object) => {
      writeFileSync(document!, JSON.stringify({ ...written, ...changed }));
      return refusalOf("trust", "sign", document!, "--key", rootKey!, "--out", out!);
    };
    assert.match(
      await refusal({ people: [{ ...alice, roles: ["policy-aprover"] }] }),
      /There is no role policy-aprover, which somebody in .*people\.json is to have.\nRoles: .*policy-approver/,
    );
    assert.match(
      await refusal({ root: { keys: keysOf(root, root), threshold: 2 } }),
      /asks for 2 signatures and names 1 root keys that differ/,
    );
    assert.match(await refusal({ expires: "2020-01-01T00:00:00Z" }), /expired at 2020-01-01T00:00:00Z/);
    assert.match(await refusal({ people: [alice, { ...alice, keys: keysOf(bobs) }] }), /names alice twice/);
    assert.match(
      await refusal({ people: [alice, { ...alice, id: "bob" }] }),
      /belongs to two people: alice and bob/,
    );
    assert.equal(existsSync(out!), false);
  });

  it("trust init makes keys that only their owner reads, once, and says what to set", async () => {
    await makeTrust();
    assert.match(said, /It is for dev: production takes no signature by a key in a file/);
    assert.equal(statSync(key("approver")).mode & 0o777, 0o600);
    const shown = JSON.parse(await run("trust", "show", "--format", "json"));
    assert.deepEqual(
      shown.keys.map(({ id, kind }: { id: string; kind: string }) => [id, kind]),
      [
        ["owner", "file"],
        ["approver", "file"],
      ],
    );
    await assert.rejects(run("trust", "init"), /already/);
  });

  it("exemption sign adds an entry that holds, and keeps the comments", async () => {
    await makeTrust();
    writeFileSync(file(), "# What the policies overlook.\nexemptions: []\n");
    await sign(...fields, "--key", key("approver"));
    assert.match(readFileSync(file(), "utf8"), /^# What the policies overlook\.\nexemptions:\n {2}- rule:/);
    const { exemptions, faults } = JSON.parse(await run("exemption", "list", "--format", "json"));
    assert.deepEqual(faults, []);
    assert.equal(exemptions[0].daysLeft, 30);
    assert.match(await run("exemption", "list"), /30 days left.*approved by approver/);
  });

  it("exemption sign drops a signature under other fields", async () => {
    await makeTrust();
    const signatures = () => readFileSync(file(), "utf8").match(/keyid/g)?.length;
    await sign(...fields, "--key", key("approver"));
    await sign("--ticket", "OPS-2", "--key", key("approver"));
    assert.match(await run("exemption", "list"), /OPS-2/);
    assert.equal(signatures(), 1);
    // Somebody else's of the same text stays.
    const other = readFileSync(file(), "utf8").replace(/keyid: \S+/, 'keyid: "sha256:other"');
    writeFileSync(file(), other);
    await assert.rejects(
      sign("--ticket", "OPS-3", "--key", key("owner")),
      /it is signed by owner, not by its approver approver/,
    );
    assert.equal(readFileSync(file(), "utf8"), other);
    await sign("--key", key("approver"));
    assert.equal(signatures(), 2);
  });

  it("exemption sign refuses what the pack would refuse, and a key that is none", async () => {
    const late = new Date(Date.now() + 91 * 86_400_000).toISOString().slice(0, 10);
    await assert.rejects(
      sign(...fields, "--expires", late, "--key", "x"),
      /91 days after .*; 90 are allowed/,
    );
    await assert.rejects(sign("--key", "x"), /reason/);
    writeFileSync(join(folder, "no.pem"), "-----BEGIN PRIVATE KEY-----\nhunter2\n");
    await assert.rejects(sign(...fields, "--key", join(folder, "no.pem")), (error: unknown) => {
      assert.ok(error instanceof UserError);
      return /no private key/.test(error.message) && !error.message.includes("hunter2");
    });
    await assert.rejects(sign(...fields), /Nothing signs it/);
    assert.ok(!existsSync(file()));
  });

  it("exemption sign leaves no signature that the stack's runs would refuse, and says whose it is", async () => {
    await makeTrust();
    const by = (id: string, ...more: string[]) =>
      refusalOf(
        ...["exemption", "sign", "--rule", "web-ftps-disabled", "--key", key(id), ...fields],
        ...["--resource", "urn:pulumi:dev::switchyard::**::site", ...more],
      );
    assert.match(
      await by("owner"),
      /^Runs of dev would refuse the exemption: it is signed by owner, not by its approver approver\.\n.*trust show --stack dev/,
    );
    assert.match(await by("approver", "--owner", "nobody"), /owner: nobody is nobody of the trust root/);
    assert.match(await by("root"), /no signature of it is by a key of the trust root/);
    assert.equal(existsSync(file()), false);
  });

  it("exemption sign says where nobody can tell whether the signature counts", async () => {
    await makeTrust();
    const elsewhere = ["--resource", "urn:pulumi:staging::switchyard::**::site", "--key", key("owner")];
    await run("exemption", "sign", "--rule", "web-ftps-disabled", ...fields, ...elsewhere);
    assert.match(
      said,
      /^note: whether staging takes the signature is not known: no trust root is configured for staging/,
    );
    assert.match(readFileSync(file(), "utf8"), /keyid/);
  });

  it("what is signed and cannot be kept says where and why", async () => {
    await makeTrust();
    const below = join(folder, "exemptions.yaml", "x");
    await sign(...fields, "--key", key("approver"));
    const inside = join(folder, "taken", "exemptions.yaml");
    writeFileSync(join(folder, "taken"), "");
    await assert.rejects(
      sign(...fields, "--key", key("approver"), "--file", inside),
      (error) =>
        error instanceof UserError &&
        /taken.exemptions\.yaml cannot be read: a part of its path/.test(error.message),
    );
    await sign(...fields, "--key", key("approver"), "--file", join(folder, "new", "exemptions.yaml"));
    assert.ok(existsSync(join(folder, "new", "exemptions.yaml")));
    const evidence = run(
      ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
      ...["--digest", "a".repeat(64), "--field", "suite=backend", "--field", "failed=0"],
      ...["--field", "passed=412", "--field", "coveragePercent=91"],
      ...["--key", key("owner"), "--folder", below],
    );
    await assert.rejects(
      evidence,
      (error) => error instanceof UserError && /there is a file where a folder/.test(error.message),
    );
  });

  it("evidence verify says in words why a file cannot be read", async () => {
    await makeTrust();
    await assert.rejects(run("evidence", "verify", join(folder, "none"), folder), /2 of 2 files refused/);
    assert.match(printed, /none {2}there is no such file\nrefused .* {2}it is a folder\n$/);
  });

  it("exemption sign takes the signature of a vault, if a key of the trust root made it", async () => {
    await makeTrust();
    const digest = Buffer.from(await sign(...fields, "--digest"), "base64");
    assert.equal(digest.length, 32);
    await assert.rejects(sign(...fields, "--signature", "AAAA"), /by no key of the trust root/);
  });

  it("evidence sign writes a statement under its digest, which verify and list find", async () => {
    await makeTrust();
    const signed = await run(
      ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
      ...["--digest", `sha256:${"a".repeat(64)}`, "--field", "suite=backend", "--field", "failed=0"],
      ...["--field", "passed=412", "--field", "coveragePercent=91"],
      ...["--key", key("owner"), "--folder", join(folder, "evidence")],
    );
    assert.deepEqual(readdirSync(join(folder, "evidence")), [signed.trim().split("/").at(-1)]);
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
    const rest = ["--digest", "a".repeat(64), "--key", key("owner"), "--folder", join(folder, "evidence")];
    await assert.rejects(run(...sign, ...rest, "--field", "mood=good"), /scan has no mood/);
    const other = join(folder, "other.json");
    writeFileSync(other, "{}");
    await assert.rejects(run("evidence", "verify", other), /1 of 1 file refused/);
    assert.match(printed, /^refused .*the envelope/);
  });

  it("evidence sign refuses what no release would take: of nothing that there is, or without what is asked for", async () => {
    await makeTrust();
    const sign = (what: string, ...stated: string[]) =>
      refusalOf(
        ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", what],
        ...["--digest", "a".repeat(64), "--key", key("owner"), "--folder", join(folder, "evidence")],
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
    assert.equal(existsSync(join(folder, "evidence")), false);
  });

  it("evidence sign states also what went wrong, and says when nobody asks", async () => {
    await makeTrust();
    const rest = ["--digest", "a".repeat(64), "--key", key("owner"), "--folder", join(folder, "evidence")];
    const failing = ["suite=backend", "failed=3", "passed=1", "coveragePercent=20"];
    await run(
      ...["evidence", "sign", "--predicate", "test-run", "--system", "kirana-inventory", "--of", "backend"],
      ...rest,
      ...failing.flatMap((field) => ["--field", field]),
    );
    assert.equal(said, "");
    const review = ["--predicate", "review", "--system", "kirana-store", "--of", "manifest"];
    await run("evidence", "sign", ...review, ...rest, "--field", "openComments=0");
    assert.equal(said, "note: the runbook of kirana-store asks for no review of manifest\n");
  });

  for (const stack of ["nope", "../x"])
    for (const command of ["exemption list", "trust show", "evidence list", "evidence verify x"])
      it(`${command} --stack ${stack}: there is no such stack`, async () => {
        await makeTrust();
        const refusal = await refusalOf(...command.split(" "), "--stack", stack);
        assert.ok(refusal.startsWith(`There is no stack "${stack}"`), refusal);
        assert.match(refusal, /\nStacks with a file: dev\.$/);
        assert.equal(printed, "");
      });

  it("evidence sign --json says why a file holds no fields, and repeats nothing of it", async () => {
    await makeTrust();
    const file = join(folder, "fields.json");
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
    assert.match(await list(join(folder, "none")), /cannot be read: there is no such file\./);
    assert.match(await list(join(folder, "Pulumi.dev.yaml")), /cannot be read: it is no folder\./);
    assert.match(await list(join(folder, "none")), mend);
  });

  it("exemption list says in plain words what is wrong with the file", async () => {
    await makeTrust();
    const listed = async (text: string) => {
      writeFileSync(file(), text);
      await assert.rejects(run("exemption", "list"), /fault/);
      return printed;
    };
    assert.match(await listed("[]\n"), /× the file: it is a list where a map is wanted/);
    assert.match(await listed("exemptions: yes please\n"), /exemptions is a text where a list is wanted/);
    const entry = await listed("exemptions: [{ rule: 3, mood: good }]\n");
    assert.match(
      entry,
      /rule is a number where a text is wanted; resource is missing.*it has unknown keys: mood/,
    );
  });

  it("trust init refuses a role that nobody asks for, and makes nothing", async () => {
    const refusal = await refusalOf("trust", "init", "--person", "a=policy-approver,nope");
    assert.match(
      refusal,
      /^There is no role nope, which a is to have\.\nRoles: .*deployment-lead.*policy-approver/,
    );
    assert.equal(existsSync(join(folder, ".switchyard", "trust")), false);
    await run("trust", "init", "--person", "a=on-call-engineer,release-approver");
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
    writeFileSync(join(folder, "root.json"), JSON.stringify(signed));
    const keys = [verificationKey(pairs.get("root")!.publicPem).id];
    const config = {
      "switchyard:trustRoot": { location: "root.json", keys, threshold: 1 },
      "switchyard:evidence": { location: "evidence" },
    };
    for (const stack of ["staging", "production"])
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
    const bobsFile = join(folder, "bob.key.pem");
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
    const root = await trustRootOfStack(workspaceIn(folder), "production");
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
    assert.equal(existsSync(join(folder, "evidence")), false);
  });

  it("evidence verify refuses on production what the pack refuses there, and takes it on staging", async () => {
    const { bobsFile } = await makeProduction();
    const file = (await run(...testRun, "--key", bobsFile, "--stack", "staging")).trim();
    assert.match(await run("evidence", "verify", file, "--stack", "staging"), /^signed .* by bob/);
    await assert.rejects(run("evidence", "verify", file, "--stack", "production"), /1 of 1 file refused/);
    assert.match(printed, /^refused .*a key of a kind that does not count here; allowed: ci$/m);
  });

  it("sign evidence on dev without a trust root with dev's own key, where a release there looks for it", async () => {
    mkdirSync(join(folder, ".switchyard"), { mode: 0o700 });
    writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
    const about = ["--predicate", "review", "--system", "kirana-store", "--of", "manifest"];
    const stated = ["--digest", "a".repeat(64), "--field", "openComments=0"];
    const signed = await run("evidence", "sign", ...about, ...stated);
    assert.match(await run("evidence", "verify", signed.trim()), /^signed .* by /);
    assert.equal(dirname(signed.trim()), join(folder, ".switchyard", "evidence"));
    assert.equal(statSync(join(folder, ".switchyard", "operator-key.pem")).mode & 0o777, 0o600);
    await makeTrust();
    await assert.rejects(run("evidence", "sign", ...about, ...stated), /No key signs it: --key is not given/);
  });
});

describe("a signature from a vault", () => {
  it("is kept with the key of the trust root that made it, over the digest that was printed", async () => {
    const { privatePem, publicPem } = newKey("p256");
    const [type, payload] = ["application/x", Buffer.from("{}")];
    const data = preAuthenticationEncoding(type, payload);
    assert.equal(digestToSign(type, payload), createHash("sha256").update(data).digest("base64"));
    const signature = Buffer.from(await fileSigner(privatePem).sign(data));
    const person = { id: "alice", name: "Alice", roles: [] };
    const trusted = { ...verificationKey(publicPem), kind: "keyVault", person } as const;
    const root = { digest: "", serial: 1, expires: new Date(), keys: [trusted] };
    const { keyid, sig } = signatureFromVault(signature.toString("base64url"), type, payload, root);
    assert.equal(keyid, trusted.id);
    assert.equal(sig, signature.toString("base64"));
  });
});

describe("notices about exemptions", () => {
  const verdict = { rule: "exemptions-not-expiring", level: "advisory", verdict: "fail", urn: "" } as const;
  const report = assembleReport({
    subject: { kind: "preview", stack: "dev", offline: false },
    succeeded: true,
    resources: [],
    policies: [
      { ...verdict, message: "No exemption ends.\nthe exemption of x ends today\n100%" },
      {
        ...verdict,
        rule: "exemptions-listed",
        urn: "urn:pulumi:dev::switchyard::a:b:C::site",
        message: "web: exempted until 2026-12-31 by alice: OPS-1, because the supplier needs it",
      },
    ],
    rules: [{ name: verdict.rule, level: "advisory", ids: [], description: "No exemption ends." }],
    warnings: [],
    errors: [],
  });

  it("are annotations in CI, on one line each", () => {
    assert.deepEqual(endingNotices(report, { GITHUB_ACTIONS: "true" }), [
      "::warning title=Exemption ends::the exemption of x ends today%0A100%25",
    ]);
    assert.match(
      endingNotices(report, { TF_BUILD: "True" })[0] ?? "",
      /^##vso\[task\.logissue type=warning\]/,
    );
    assert.match(endingNotices(report, {})[0] ?? "", /^warning: the exemption/);
  });

  it("list what is exempted", () => {
    assert.deepEqual(exemptedNotices(report), [
      "exempted: web on site until 2026-12-31 by alice: OPS-1, because the supplier needs it",
    ]);
  });
});
