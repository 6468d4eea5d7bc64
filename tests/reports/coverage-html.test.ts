import assert from "node:assert/strict";
import { coverageVerdict, renderCoverageHtml } from "../../reports/coverage/html";
import { coverageReport, type StatementCoverage } from "../../reports/coverage/model";

const statement = (status: StatementCoverage["status"]): StatementCoverage => ({
  id: "KIR-001",
  system: "kirana-inventory",
  kind: "gate",
  text: "what it says",
  entry: "checkGate one",
  phases: ["watch"],
  executor: "",
  test: "",
  status,
});

describe("the coverage page", () => {
  const cases: readonly (readonly [StatementCoverage["status"][], readonly string[], string, boolean])[] = [
    [["enforced", "asked"], [], "all of 2 statements executed", true],
    [["enforced", "reported"], [], "all of 2 statements executed", true],
    [["enforced", "awaiting the release engine"], [], "1 of 2 executed, 1 awaiting", false],
    [["evidenced", "not carried"], [], "1 of 2 executed, 1 not carried", false],
    [["enforced"], ["KIR-002 has two owners"], "1 fault", false],
  ];
  for (const [statuses, faults, text, good] of cases) {
    it(`says ${text} in ${good ? "green" : "red"}, in its title too`, () => {
      const report = coverageReport(statuses.map(statement), faults);
      assert.deepEqual(coverageVerdict(report), { text, good });
      const page = renderCoverageHtml(report);
      assert.ok(page.includes(`<title>Coverage of the runbooks: ${text}</title>`));
      assert.ok(page.includes(`<p class="verdict${good ? "" : " bad"}">${text}</p>`));
      assert.match(page, /<button type="button" id="theme">/);
    });
  }
});
