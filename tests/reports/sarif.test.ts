import { strict as assert } from "node:assert";
import { renderSarif } from "../../reports/sarif";
import { diagnostic, step, urn, violation } from "./support/events";
import { largeReport, reportOf } from "./support/sample";
import { sarifSchema } from "./support/schemas";

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string; help: { text: string } }[] } };
    invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      partialFingerprints: Record<string, string>;
    }[];
  }[];
}

describe("SARIF", () => {
  const validate = sarifSchema();

  const read = (...input: Parameters<typeof renderSarif>) => {
    const text = renderSarif(...input);
    validate(JSON.parse(text));
    assert.deepEqual(validate.errors ?? [], []);
    return (JSON.parse(text) as Sarif).runs[0] as Sarif["runs"][number];
  };

  it("fits the official schema, empty, with findings, with errors and hostile names", () => {
    const target = urn("a:b:C", '<script> ](x) | \n "');
    const odd = [
      step("create", target),
      violation("unheard-of", target, "", "remediate"),
      diagnostic("error", "", target),
      diagnostic("warning", "\u001b[31mred"),
    ];
    assert.equal(read(reportOf(), "0.1.0").results.length, 0);
    assert.equal(read(largeReport(500), "0.1.0").results.length, 4);
    assert.equal(read(reportOf({ events: odd, exitCode: 1 }), "0.1.0").results[0]?.ruleId, "unheard-of");
  });

  it("would be refused with a field that the schema does not know", () => {
    const log = JSON.parse(renderSarif(largeReport(50), "0.1.0")) as Sarif & Record<string, unknown>;
    (log.runs[0] as unknown as Record<string, unknown>).surprise = 1;
    assert.equal(validate(log), false);
  });

  it("places each finding at the line that declared its resource, and one without a line in the program", () => {
    const [first] = read(largeReport(50), "0.1.0").results;
    const place = first?.locations[0]?.physicalLocation;
    assert.equal(place?.artifactLocation.uri, "infra/azure/storage.ts");
    assert.equal(place?.region.startLine, 29);
    const lost = read(reportOf({ events: [violation("tags", "", "none is there")] }), "0.1.0").results[0];
    assert.equal(lost?.locations[0]?.physicalLocation.artifactLocation.uri, "infra/index.ts");
  });

  it("points each finding to its rule, whose help says how to mend it", () => {
    const run = read(largeReport(500), "0.1.0");
    for (const result of run.results) {
      const rule = run.tool.driver.rules[result.ruleIndex];
      assert.equal(rule?.id, result.ruleId);
      assert.match(rule?.help.text ?? "", /Mend: /);
      assert.equal(result.level, "error");
    }
    // GitHub reads the second only.
    for (const name of ["switchyard/v1", "primaryLocationLineHash"]) {
      const fingerprints = run.results.map((result) => result.partialFingerprints[name]);
      assert.ok(fingerprints.every((fingerprint) => fingerprint !== undefined));
      assert.equal(new Set(fingerprints).size, run.results.length);
    }
  });
});
