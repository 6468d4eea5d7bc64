import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudStatus } from "../../local/cloud/daemon";
import { buildReport } from "../../reports/from-events";
import { type EngineRun, TestProject } from "../support/project";

/** The project's own program and pack under the real engine, on the embedded cloud. */
describe("kirana-inventory on dev", () => {
  let project: TestProject;
  let firstUp: EngineRun;

  before(async () => {
    project = await TestProject.create();
    firstUp = await project.up("--policy-pack", project.policyPack);
  });
  after(() => project.remove());

  const must = (run: EngineRun): EngineRun => {
    assert.equal(run.exitCode, 0, `${run.stdout}\n${run.stderr}`);
    return run;
  };

  it("up creates the whole system with no policy violated, undecided or warned about", () => {
    must(firstUp);
    assert.deepEqual(Object.keys(firstUp.operations), ["create"]);
    assert.ok((firstUp.operations.create ?? 0) > 80, JSON.stringify(firstUp.operations));
    const report = reportOf(firstUp);
    assert.deepEqual(
      report.policies.filter((policy) => policy.verdict !== "pass"),
      [],
    );
    assert.ok(report.policies.length > 100, `${report.policies.length} verdicts`);
    assert.deepEqual(report.warnings, []);
  });

  it("a second up, a preview and a preview with refresh change nothing", async () => {
    must(await project.up("--expect-no-changes"));
    must(await project.preview("--expect-no-changes", "--policy-pack", project.policyPack));
    must(await project.preview("--expect-no-changes", "--refresh"));
  });

  it("a changed setting updates in place and touches nothing else", async () => {
    project.configure({ "switchyard:costCenter": "engine-test" });
    const run = must(await project.preview());
    assert.ok((run.operations.update ?? 0) > 0, JSON.stringify(run.operations));
    for (const operation of ["create", "delete", "replace", "create-replacement"]) {
      assert.equal(run.operations[operation] ?? 0, 0, JSON.stringify(run.operations));
    }
    project.configure({});
  });

  it("keeps secrets out of the state in clear", () => {
    const files = filesBelow(join(project.stateDir, "backend"));
    const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
    assert.ok(files.length > 0);
    for (const clear of secretsOf(project))
      assert.ok(!text.includes(clear), "a secret of the cloud stands in the state");
  });

  it("destroy leaves nothing but what Azure keeps after a delete", async () => {
    must(await project.pulumi(["destroy", "--yes", "--skip-preview"]));
    const status = await cloudStatus({ stateDir: project.stateDir });
    assert.deepEqual(status.resources, {});
  });
});

/** The same program with one prerequisite broken. */
describe("kirana-inventory with periodic backup", () => {
  it("is refused in preview, by that rule alone", async () => {
    const project = await TestProject.create({ program: "tests/engine/programs/periodic-backup.js" });
    try {
      const run = await project.preview("--policy-pack", project.policyPack);
      assert.notEqual(run.exitCode, 0);
      const broken = reportOf(run).policies.filter((policy) => policy.verdict !== "pass");
      assert.deepEqual([...new Set(broken.map(({ rule }) => rule))], ["cosmos-continuous-backup"]);
      assert.ok(broken.every(({ level, verdict }) => level === "mandatory" && verdict === "fail"));
    } finally {
      await project.remove();
    }
  });
});

function reportOf(run: EngineRun) {
  return buildReport({
    subject: { kind: "up", stack: "dev", offline: false },
    events: run.events,
    exitCode: run.exitCode,
    rules: [],
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Values of the vault's secrets as the cloud holds them; an address of an account is none. */
function secretsOf(project: TestProject): string[] {
  const values = filesBelow(join(project.stateDir, "cloud", "resources"))
    .filter((file) => /secrets/i.test(file))
    .map((file) => /"value":\s*"([^"]{8,})"/.exec(readFileSync(file, "utf8"))?.[1])
    .filter((value) => value !== undefined && !/^https:\/\/[\w.-]+(:\d+)?\/$/.test(value));
  assert.ok(values.length > 5, `${values.length} secrets found in the cloud`);
  return values as string[];
}
