import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../cli/run-cli";
import { everyDashboard } from "../../infra/monitoring/every-contract";
import { contracts } from "./support/contracts";

describe("switchyard monitoring render", () => {
  let folder: string;
  const write = process.stdout.write;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-render-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function run(...args: readonly string[]): Promise<{ code: number; stdout: string }> {
    let stdout = "";
    process.stdout.write = ((text: string) => {
      stdout += text;
      return true;
    }) as typeof write;
    try {
      return { code: await runCli(["monitoring", "render", ...args]), stdout };
    } finally {
      process.stdout.write = write;
    }
  }

  it("writes a rules file per system, the routes, and every dashboard under its uid", async () => {
    const { code, stdout } = await run("--out", folder, "--inbox", "http://127.0.0.1:7000/");
    assert.equal(code, 0);
    assert.deepEqual(
      readdirSync(join(folder, "rules")).sort(),
      contracts.map(({ system }) => `${system}.yaml`).sort(),
    );
    for (const { system, dashboards } of everyDashboard) {
      const found = readdirSync(join(folder, "dashboards", system)).sort();
      assert.deepEqual(found, dashboards.map(({ uid }) => `${uid}.json`).sort());
    }
    assert.match(
      readFileSync(join(folder, "alertmanager.yaml"), "utf8"),
      /http:\/\/127\.0\.0\.1:7000\/unrouted/,
    );
    const written = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    assert.deepEqual(stdout.trim().split("\n").sort(), written.sort());
    const escalations = written.filter((file) => file.startsWith(join(folder, "pagerduty")));
    const dashboards = everyDashboard.flatMap((each) => each.dashboards);
    assert.equal(written.length, contracts.length + 1 + dashboards.length + escalations.length);
    assert.ok(escalations.length > 0);
  });
});
