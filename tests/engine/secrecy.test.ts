import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TestProject } from "../support/project";

const canary = "Canary/4711#secret";

/** A secret whose value a provider refuses stands in no output, event or log of the run. */
describe("a secret that a provider refuses", () => {
  let project: TestProject;

  before(async () => {
    project = await TestProject.create({ program: "tests/engine/programs/refused-secrets.js" });
  });
  after(() => project.remove());

  for (const [place, said] of [
    ["enumeration", /minimumTlsVersion/],
    ["nested", /defaultAction/],
    ["location", /resourceGroupName|location/],
    ["number", /length/],
  ] as const) {
    it(`is not shown: ${place}`, async () => {
      project.configure({ "test:place": place });
      const set = await project.pulumi([
        "config",
        "set",
        "--stack",
        "dev",
        "--secret",
        "test:secret",
        canary,
      ]);
      assert.equal(set.exitCode, 0, set.stderr);
      const run = await project.preview();
      assert.notEqual(run.exitCode, 0, run.stdout);
      const output = `${run.stdout}${run.stderr}`;
      assert.match(output, said);
      assert.ok(!output.includes(canary), output);
      assert.ok(!JSON.stringify(run.events).includes(canary));
    });
  }

  it("is in no log", () => {
    const logs = join(project.stateDir, "logs");
    for (const name of readdirSync(logs))
      assert.ok(!readFileSync(join(logs, name), "utf8").includes(canary), name);
  });
});
