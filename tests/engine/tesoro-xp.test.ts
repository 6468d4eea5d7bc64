import assert from "node:assert/strict";
import { type EngineRun, TestProject } from "../support/project";

describe("tesoro-xp with the engine", () => {
  let project: TestProject;
  before(async function () {
    this.timeout(180_000);
    project = await TestProject.create({
      config: { "switchyard:systems": ["tesoro-xp"] },
      savesEveryStep: false,
    });
  });
  after(async function () {
    this.timeout(60_000);
    await project?.remove();
  });

  it("comes up on the local cloud, stays as it is in a second update and a refresh, and goes", async function () {
    this.timeout(300_000);
    const up = await succeeded(project.up());
    const made = up.operations.create ?? 0;
    assert.ok(made > 80, `${made} resources`);
    assert.deepEqual((await succeeded(project.up())).operations, { same: made });
    const refreshed = await succeeded(project.preview("--refresh"));
    assert.equal(refreshed.operations.same, made);
    assert.equal(refreshed.operations.update, undefined);
    const gone = await succeeded(project.pulumi(["destroy", "--yes", "--skip-preview"]));
    assert.deepEqual(gone.operations, { delete: made });
  });
});

async function succeeded(running: Promise<EngineRun>): Promise<EngineRun> {
  const run = await running;
  assert.equal(run.exitCode, 0, run.stdout.slice(-3000));
  return run;
}
