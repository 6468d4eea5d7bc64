import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preAuthenticationEncoding } from "../../../attestation/dsse";
import { fileSigner, verificationKey } from "../../../attestation/keys";
import { digestToSign, signatureFromVault } from "../../../cli/attest/vault-signature";
import { endingNotices, exemptedNotices } from "../../../cli/exemption-notices";
import { UserError } from "../../../local/user-error";
// Loaded by the commands when they need it; here before the first test, because that takes a while.
import "../../../policies/exemptions/open";
import { assembleReport } from "../../../reports/model";
import { newKey } from "../../attestation/support/keys";
import { exemptionFields, SigningProject } from "./support/signing-project";

describe("signing an exemption on the command line", () => {
  const project = SigningProject.forEach();
  const { run, refusalOf, makeTrust, key, signExemption: sign } = project;
  const fields = exemptionFields;
  const file = () => join(project.folder, "exemptions.yaml");

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
    writeFileSync(join(project.folder, "no.pem"), "-----BEGIN PRIVATE KEY-----\nhunter2\n");
    await assert.rejects(sign(...fields, "--key", join(project.folder, "no.pem")), (error: unknown) => {
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
      project.said,
      /^note: whether staging takes the signature is not known: no trust root is configured for staging/,
    );
    assert.match(readFileSync(file(), "utf8"), /keyid/);
  });

  it("what is signed and cannot be kept says where and why", async () => {
    await makeTrust();
    const below = join(project.folder, "exemptions.yaml", "x");
    await sign(...fields, "--key", key("approver"));
    const inside = join(project.folder, "taken", "exemptions.yaml");
    writeFileSync(join(project.folder, "taken"), "");
    await assert.rejects(
      sign(...fields, "--key", key("approver"), "--file", inside),
      (error) =>
        error instanceof UserError &&
        /taken.exemptions\.yaml cannot be read: a part of its path/.test(error.message),
    );
    await sign(...fields, "--key", key("approver"), "--file", join(project.folder, "new", "exemptions.yaml"));
    assert.ok(existsSync(join(project.folder, "new", "exemptions.yaml")));
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

  it("exemption sign takes the signature of a vault, if a key of the trust root made it", async () => {
    await makeTrust();
    const digest = Buffer.from(await sign(...fields, "--digest"), "base64");
    assert.equal(digest.length, 32);
    await assert.rejects(sign(...fields, "--signature", "AAAA"), /by no key of the trust root/);
  });

  it("exemption list says in plain words what is wrong with the file", async () => {
    await makeTrust();
    const listed = async (text: string) => {
      writeFileSync(file(), text);
      await assert.rejects(run("exemption", "list"), /fault/);
      return project.printed;
    };
    assert.match(await listed("[]\n"), /× the file: it is a list where a map is wanted/);
    assert.match(await listed("exemptions: yes please\n"), /exemptions is a text where a list is wanted/);
    const entry = await listed("exemptions: [{ rule: 3, mood: good }]\n");
    assert.match(
      entry,
      /rule is a number where a text is wanted; resource is missing.*it has unknown keys: mood/,
    );
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
