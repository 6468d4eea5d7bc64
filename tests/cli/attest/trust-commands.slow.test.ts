import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verificationKey } from "../../../attestation/keys";
// Loaded by the commands when they need it; here before the first test, because that takes a while.
import "../../../policies/exemptions/open";
import { newKey } from "../../attestation/support/keys";
import { SigningProject } from "./support/signing-project";

describe("signing a trust root on the command line", () => {
  const project = SigningProject.forEach();
  const { run, refusalOf, makeTrust, key } = project;

  it("trust sign makes one for a stack: as many root keys sign it as it asks for, and no other key", async () => {
    const [first, second, stranger] = [newKey("p256"), newKey("p256"), newKey("p256")];
    const keyFile = (name: string, { privatePem }: ReturnType<typeof newKey>) => {
      writeFileSync(join(project.folder, name), privatePem);
      return join(project.folder, name);
    };
    const [document, out] = [
      join(project.folder, "people.json"),
      join(project.folder, "trust", "production.json"),
    ];
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
    assert.match(project.said, /signed by 1 of the 2 root keys/);
    const setting = await sign("second", second);
    const ids = [first, second].map(({ publicPem }) => verificationKey(publicPem).id);
    assert.deepEqual(JSON.parse(setting.slice(setting.indexOf("{"))), {
      location: "trust/production.json",
      keys: ids,
      threshold: 2,
    });
    writeFileSync(join(project.folder, "Pulumi.production.yaml"), `config:\n  ${setting}`);
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
      join(project.folder, name),
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
    assert.match(project.said, /It is for dev: production takes no signature by a key in a file/);
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

  it("trust init refuses a role that nobody asks for, and makes nothing", async () => {
    const refusal = await refusalOf("trust", "init", "--person", "a=policy-approver,nope");
    assert.match(
      refusal,
      /^There is no role nope, which a is to have\.\nRoles: .*deployment-lead.*policy-approver/,
    );
    assert.equal(existsSync(join(project.folder, ".switchyard", "trust")), false);
    await run("trust", "init", "--person", "a=on-call-engineer,release-approver");
  });

  for (const stack of ["nope", "../x"])
    for (const command of ["exemption list", "trust show", "evidence list", "evidence verify x"])
      it(`${command} --stack ${stack}: there is no such stack`, async () => {
        await makeTrust();
        const refusal = await refusalOf(...command.split(" "), "--stack", stack);
        assert.ok(refusal.startsWith(`There is no stack "${stack}"`), refusal);
        assert.match(refusal, /\nStacks with a file: dev\.$/);
        assert.equal(project.printed, "");
      });
});
