import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertRuleGroups } from "../../infra/monitoring/alert-rules";
import {
  alertmanagerConfig,
  receiverName,
  silentReceiver,
  unroutedReceiver,
} from "../../infra/monitoring/alertmanager-config";
import { contracts } from "./support/contracts";
import { requireTool, runTool } from "./support/tool";

describe("Alertmanager's routes", function () {
  this.timeout(30_000);

  let folder: string;
  let config: string;

  before(function () {
    requireTool(this, "amtool");
    folder = mkdtempSync(join(tmpdir(), "switchyard-routes-"));
    config = join(folder, "alertmanager.yaml");
    writeFileSync(
      config,
      alertmanagerConfig(
        contracts.map(({ routing }) => routing),
        "http://127.0.0.1:9099",
      ),
    );
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it("are a configuration that Alertmanager takes, with a receiver per system and severity", () => {
    const { code, output } = runTool("amtool", ["check-config", config]);
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`${contracts.length * 3 + 2} receivers`));
  });

  function receiversOf(labels: Readonly<Record<string, string>>): string {
    const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const { code, stdout, output } = runTool("amtool", [
      "config",
      "routes",
      "test",
      `--config.file=${config}`,
      ...words,
    ]);
    assert.equal(code, 0, output);
    return stdout.trim();
  }

  for (const contract of contracts) {
    it(`lead each alert of ${contract.system} to the receiver of its severity`, () => {
      // Alerts with the same labels take the same way: each way is asked for once.
      const ways = new Map(
        alertRuleGroups(contract)
          .flatMap(({ rules }) => rules)
          .map(({ labels, severity, delivery }) => [JSON.stringify(labels), { labels, severity, delivery }]),
      );
      assert.ok(ways.size >= 2);
      for (const { labels, severity, delivery } of ways.values()) {
        const expected = delivery === "silent" ? silentReceiver : receiverName(contract.system, severity);
        assert.equal(receiversOf({ alertname: "Any", ...labels }), expected);
      }
    });
  }

  it("lead an alert of nobody to the receiver that says so", () => {
    assert.equal(
      receiversOf({ alertname: "Any", system: "unknown", severity: "critical" }),
      unroutedReceiver,
    );
  });
});
