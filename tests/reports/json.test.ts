import { strict as assert } from "node:assert";
import { packRules } from "../../cli/engine/pack-rules";
import { renderJson } from "../../reports/json";
import { assembleReport, type Report } from "../../reports/model";
import { diagnostic, step, urn } from "./support/events";
import { largeReport, reportOf } from "./support/sample";
import { previewSchema } from "./support/schemas";

type Json = Record<string, unknown>;

describe("reports/preview.schema.json", () => {
  const validate = previewSchema();
  let report: Json;

  before(async () => {
    const large = largeReport(60);
    const full: Report = { ...large, errors: [{ message: "x", urn: "y" }], warnings: [{ message: "x" }] };
    const withRecord = { ...full, subject: { ...full.subject, recordedAt: "2026-01-01T00:00:00Z" } };
    report = JSON.parse(
      renderJson({ ...withRecord, rules: [...full.rules, ...(await packRules()).slice(0, 20)] }),
    ) as Json;
  });

  const faults = (value: unknown) => {
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  it("describes what is printed, with the real pack's rules and with each optional part", () => {
    assert.deepEqual(faults(report), []);
    assert.deepEqual(faults(JSON.parse(renderJson(reportOf()))), []);
  });

  it("describes a report of recorded state and one of drift", () => {
    const parts = { ...reportOf(), succeeded: true };
    for (const subject of [
      { kind: "check", stack: "production", offline: false, recordedAt: "2026-01-01T00:00:00Z" },
      { kind: "drift", stack: "production", offline: false },
    ] as const) {
      const notes = [{ message: "shop: live side green", urn: "y" }];
      assert.deepEqual(
        faults(JSON.parse(renderJson({ ...assembleReport({ ...parts, subject }), notes }))),
        [],
      );
    }
  });

  it("refuses an additional field at every level", () => {
    let objects = 0;
    const visit = (value: unknown, free: boolean) => {
      if (Array.isArray(value)) {
        for (const item of value.slice(0, 50)) visit(item, free);
      } else if (typeof value === "object" && value !== null && !free) {
        const target = value as Json;
        target.surprise = 1;
        assert.notDeepEqual(faults(report), [], JSON.stringify(value).slice(0, 200));
        delete target.surprise;
        objects++;
        // Values of properties have the shape that Azure gives them.
        for (const [key, item] of Object.entries(target)) visit(item, key === "before" || key === "after");
      }
    };
    for (const key of ["subject", "summary", "resources", "policies", "rules", "warnings", "errors"])
      visit(report[key], false);
    assert.notDeepEqual(faults({ ...report, surprise: 1 }), []);
    assert.ok(objects > 150, String(objects));
  });

  it("refuses a report without any one of its required fields", () => {
    for (const key of Object.keys(report)) {
      const { [key]: _, ...rest } = report;
      assert.notDeepEqual(faults(rest), [], key);
    }
  });

  it("is what every field of the model has: none is written that it does not name", () => {
    const odd = reportOf({
      exitCode: 1,
      events: [step("read", urn("a:b:C", "read")), diagnostic("error", "boom", urn("a:b:C", "read"))],
    });
    assert.deepEqual(faults(JSON.parse(renderJson(odd))), []);
  });
});
