import { strict as assert } from "node:assert";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parseDocument } from "yaml";
import { makeDevTrust } from "../../cli/attest/dev-trust";
import { judgeState } from "../../cli/check/judge-state";
import { policyRunOf } from "../../cli/check/policy-run";
import { readState } from "../../cli/check/state-file";
import { exemptionCommand } from "../../cli/commands/exemption";
import { packRules } from "../../cli/engine/pack-rules";
import { localPassphrase } from "../../cli/engine/session";
import { silentProgress } from "../../local/progress";
import { buildReport } from "../../reports/from-events";
import type { Report } from "../../reports/model";
import { type EngineRun, repository, TestProject } from "../support/project";

const rule = "storage-no-public-blobs";
const runRules = ["exemptions-valid", "exemptions-not-expiring", "exemptions-listed", "exemptions-used"];

/**
 * Exemptions and evidence under the real engine: a program of two resources, the pack in a folder of its own, and of its
 * rules only the one that is broken and those on the run.
 */
describe("exemptions under the real engine", () => {
  let project: TestProject;
  let pack: string;
  let levels: string;
  let resource: string;

  before(async () => {
    project = await TestProject.create({ program: "tests/engine/programs/two-resources.js" });
    pack = join(project.folder, "pack");
    for (const file of ["PulumiPolicy.yaml", "package.json", "dist/pack.js"]) {
      cpSync(join(repository, "policies", file), join(pack, file));
    }
    const trust = join(project.folder, "trust");
    const people = [
      { id: "owner", roles: ["deployment-lead"] },
      { id: "approver", roles: ["policy-approver"] },
    ];
    const { rootKey } = await makeDevTrust(trust, people, new Date());
    project.configure({
      "switchyard:trustRoot": { location: "trust/root.json", keys: [rootKey], threshold: 1 },
    });
    levels = configured({ evidence: "disabled" });
    resource = `urn:pulumi:dev::switchyard::azure-native:storage:StorageAccount::account`;
  });
  after(() => project.remove());

  /** Every rule off but the broken one and those on exemptions. */
  function configured(more: Record<string, unknown>): string {
    const file = join(project.folder, "levels.json");
    const mandatory = Object.fromEntries([rule, "exemptions-valid"].map((name) => [name, "mandatory"]));
    const advisory = Object.fromEntries(runRules.slice(1).map((name) => [name, "advisory"]));
    writeFileSync(file, JSON.stringify({ all: "disabled", ...mandatory, ...advisory, ...more }));
    return file;
  }

  async function report(run: Promise<EngineRun>): Promise<Report> {
    const { events, exitCode } = await run;
    const subject = { kind: "preview", stack: "dev", offline: false } as const;
    return buildReport({ subject, events, exitCode, rules: await packRules() });
  }
  const preview = () => report(project.preview("--policy-pack", pack, "--policy-pack-config", levels));
  const failed = ({ policies }: Report) =>
    policies.filter(({ verdict }) => verdict !== "pass").map(({ rule: name, level }) => `${level} ${name}`);

  async function sign(created: string, expires: string): Promise<void> {
    const context = {
      workspace: { ...project.session.workspace, policyPack: pack },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
    const argv = [
      ...["exemption", "sign", "--rule", rule, "--resource", resource, "--owner", "owner"],
      ...["--reason", "The shop's pictures are read without a login until May.", "--approver", "approver"],
      ...["--ticket", "OPS-4711", "--created", created, "--expires", expires],
      ...["--key", join(project.folder, "trust", "approver.key.pem")],
    ];
    await new Command("switchyard").addCommand(exemptionCommand(context)).parseAsync(argv, { from: "user" });
  }
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

  it("a violation refuses the preview", async () => {
    const refused = await preview();
    assert.equal(refused.succeeded, false);
    assert.deepEqual(failed(refused), [`mandatory ${rule}`]);
  });

  it("one that is exempted does not, and is listed, in preview and update alike", async () => {
    await sign(day(-1), day(30));
    for (const run of [
      await preview(),
      await report(project.up("--policy-pack", pack, "--policy-pack-config", levels)),
    ]) {
      assert.equal(run.succeeded, true, JSON.stringify(run.errors));
      assert.deepEqual(failed(run), []);
      assert.deepEqual(
        run.exempted.map(({ rule: name, urn, until, ticket }) => [name, urn, until, ticket]),
        [[rule, resource, day(30), "OPS-4711"]],
      );
      assert.ok(!run.policies.some(({ rule: name, verdict }) => name === rule && verdict === "pass"));
    }
  });

  it("check of the recorded state lists the same", async () => {
    const { stdout } = await project.pulumi(["stack", "export", "--stack", "dev"]);
    const state = readState(stdout, "the export", "switchyard");
    const workspace = { ...project.session.workspace, policyPack: pack };
    const checked = await judgeState(state, localPassphrase, policyRunOf(workspace, "dev", {}));
    assert.deepEqual(
      checked.exempted.map(({ rule: name, urn }) => [name, urn]),
      [[rule, resource]],
    );
    assert.ok(!checked.policies.some(({ rule: name }) => name === rule));
  });

  it("its end is announced in the last week", async () => {
    await sign(day(-1), day(3));
    assert.deepEqual(failed(await preview()), ["advisory exemptions-not-expiring"]);
  });

  it("a changed field, and an exemption that has expired, refuse the preview", async () => {
    const file = join(pack, "exemptions.yaml");
    const text = readFileSync(file, "utf8");
    for (const [field, value] of [
      ["ticket", "OPS-4712"],
      ["expires", day(-1)],
    ] as const) {
      const document = parseDocument(text);
      document.setIn(["exemptions", 0, field], value);
      writeFileSync(file, document.toString());
      const refused = await preview();
      assert.equal(refused.succeeded, false);
      assert.deepEqual(failed(refused), ["mandatory exemptions-valid", `mandatory ${rule}`]);
    }
    rmSync(file);
  });

  it("evidence only tells, until a release makes it mandatory", async () => {
    project.configure({ "switchyard:evidence": { location: "evidence" } });
    levels = configured({ [rule]: "disabled", evidence: "advisory" });
    const told = await preview();
    assert.deepEqual(failed(told), ["advisory evidence", "advisory evidence"]);
    assert.match(told.policies.map(({ message }) => message).join("\n"), /no trust root is configured/);
    assert.equal(told.succeeded, true, JSON.stringify(told.errors));
    levels = configured({
      [rule]: "disabled",
      evidence: { enforcementLevel: "mandatory", system: "kirana-inventory" },
    });
    const refused = await preview();
    assert.equal(refused.succeeded, false);
    assert.deepEqual(failed(refused), ["mandatory evidence", "mandatory evidence"]);
  });
});
