import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alertRuleGroups } from "../../infra/monitoring/alert-rules";
import { rulesFile } from "../../infra/monitoring/rules-file";
import { digestHourUtc } from "../../runbooks/prometheus";
import { constant, once, quiet } from "./support/alert-case";
import { contracts } from "./support/contracts";
import { testAlert } from "./support/promtool-test";
import { shop } from "./support/shop-contract";
import { requireTool, runTool } from "./support/tool";

describe("rules files", function () {
  this.timeout(30_000);

  let folder: string;

  before(function () {
    requireTool(this, "promtool");
    folder = mkdtempSync(join(tmpdir(), "switchyard-rules-"));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const contract of contracts) {
    it(`of ${contract.system} are what Prometheus takes, templates of their texts included`, () => {
      const groups = alertRuleGroups(contract);
      const file = join(folder, `${contract.system}.yaml`);
      writeFileSync(file, rulesFile(groups));
      const { code, output } = runTool("promtool", ["check", "rules", file]);
      assert.equal(code, 0, output);
      const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
      assert.match(output, new RegExp(`SUCCESS: ${rules} rules found`));
    });
  }

  it("are refused by promtool when a text's template is wrong: the check above can fail", () => {
    const [group] = alertRuleGroups(shop);
    const broken = { ...group!.rules[0]!, annotations: { summary: "{{ $value | humaniz }}" } };
    const file = join(folder, "broken.yaml");
    writeFileSync(file, rulesFile([{ ...group!, rules: [broken] }]));
    assert.notEqual(runTool("promtool", ["check", "rules", file]).code, 0);
  });

  it("tell what is told daily during one hour of the day, while it lasts", () => {
    const hour = digestHourUtc * 60;
    const series = { 'licence_days{job="shop-api"}': constant(3, 30 * 60) };
    const told = { series, fires: once, shows: "breach" } as const;
    const untold = { series, fires: quiet, shows: "healthy" } as const;
    const { code, output } = testAlert(folder, shop, "LicenceExpiryDigest", [
      { ...untold, atMinutes: hour - 1, because: "before the hour" },
      { ...told, atMinutes: hour },
      { ...told, atMinutes: hour + 59, because: "in its last minute" },
      { ...untold, atMinutes: hour + 60, because: "after the hour" },
      { shows: "missing", series: {}, atMinutes: hour + 5, fires: quiet },
    ]);
    assert.equal(code, 0, output);
  });

  it("mute an alert while what mutes it is there, also where its series is absent", () => {
    const asleep = { "maintenance{}": constant(1, 30) };
    const { code, output } = testAlert(folder, shop, "ApiDown", [
      { shows: "breach", series: { 'up{job="shop-api"}': constant(0, 30) }, atMinutes: 10, fires: once },
      { shows: "missing", series: {}, atMinutes: 10, fires: [{ job: "shop-api" }] },
      {
        shows: "healthy",
        because: "maintenance",
        series: { 'up{job="shop-api"}': constant(0, 30), ...asleep },
        atMinutes: 10,
        fires: quiet,
      },
      { shows: "healthy", because: "maintenance of nothing", series: asleep, atMinutes: 10, fires: quiet },
    ]);
    assert.equal(code, 0, output);
  });

  it("fail when a case says the opposite of what happens: the cases can fail", () => {
    const { code, output } = testAlert(folder, shop, "ApiDown", [
      { shows: "breach", series: { 'up{job="shop-api"}': constant(1, 30) }, atMinutes: 10, fires: once },
    ]);
    assert.notEqual(code, 0);
    assert.match(output, /got: nil/);
  });
});
