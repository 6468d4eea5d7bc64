import { strict as assert } from "node:assert";
import { packRules } from "../../cli/engine/pack-rules";
import { frameworksOf } from "../../policies/framework-map";
import { pageOf, tagsOf } from "../../policies/metadata";
import { rules } from "../../policies/registry";
import { reportFormats as formats, renderReport as render } from "../../reports/formats";
import type { Report } from "../../reports/model";
import { renderSarif } from "../../reports/sarif";
import { step, urn, violation } from "./support/events";
import { reportOf } from "./support/sample";

describe("controls, tags and page of each rule", () => {
  const ofSeveral = rules.filter((rule) => new Set(frameworksOf(rule).map(({ name }) => name)).size > 2);
  const target = urn("azure-native:storage:StorageAccount", "made");
  let report: Report;

  before(async () => {
    const events = [
      step("create", target),
      ...ofSeveral.map(({ name }) => violation(name, target, "not so")),
    ];
    report = reportOf({ events, exitCode: 1, rules: await packRules() });
  });

  it("are in the model as the pack has them", () => {
    for (const rule of rules) {
      const described = report.rules.find(({ name }) => name === rule.name);
      assert.deepEqual(described?.frameworks, frameworksOf(rule), rule.name);
      assert.deepEqual(described?.framework, frameworksOf(rule)[0], rule.name);
      assert.deepEqual(described?.tags, tagsOf(rule), rule.name);
    }
  });

  for (const format of formats) {
    it(`${format}: names every catalogue that asks for a broken rule, and the rule's page`, () => {
      assert.ok(ofSeveral.length > 5);
      const text = render(report, format, "0.1.0").replace(/&#(\d+);/g, (_, code) =>
        String.fromCharCode(code),
      );
      for (const catalogue of ["PCI DSS", "SOC 2", "ISO/IEC 27001"])
        assert.ok(text.includes(catalogue), catalogue);
      for (const rule of ofSeveral) assert.ok(text.includes(pageOf(rule)), rule.name);
    });
  }

  it("sarif: rules can be picked by every catalogue, within the ten tags that GitHub keeps", () => {
    const [run] = JSON.parse(renderSarif(report, "0.1.0")).runs;
    for (const rule of rules) {
      const of = run.tool.driver.rules.find(({ id }: { id: string }) => id === rule.name);
      const catalogues = frameworksOf(rule).map(({ name }) => name);
      assert.deepEqual([...of.properties.tags].sort(), [...new Set(["security", ...tagsOf(rule)])].sort());
      for (const name of catalogues) assert.ok(of.properties.tags.slice(0, 10).includes(name), rule.name);
    }
  });

  it("markdown: tells what a rule is for with its first finding only", () => {
    const [rule] = ofSeveral as [(typeof rules)[number]];
    const events = [1, 2, 3].flatMap((count) => {
      const each = urn("azure-native:storage:StorageAccount", `made-${count}`);
      return [step("create", each), violation(rule.name, each, "not so")];
    });
    const text = render(reportOf({ events, exitCode: 1, rules: report.rules }), "markdown", "0.1.0");
    assert.equal(text.match(/<br>For /g)?.length, 1);
    assert.equal(text.split(`docs/policies/${rule.name}.md`.replaceAll(".", ".")).length, 2, text);
  });
});
