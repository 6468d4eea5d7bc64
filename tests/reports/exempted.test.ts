import { strict as assert } from "node:assert";
import { renderHtml } from "../../reports/html/page";
import { renderJson } from "../../reports/json";
import { renderJunit } from "../../reports/junit";
import { renderMarkdown } from "../../reports/markdown";
import { renderSarif } from "../../reports/sarif";
import { renderText } from "../../reports/text";
import { step, urn, violation } from "./support/events";
import { reportOf } from "./support/sample";
import { previewSchema, sarifSchema } from "./support/schemas";

/** What is exempted stands in every format, as what it is: neither passed nor a finding that refuses. */
describe("an exempted violation", () => {
  const vault = urn("azure-native:keyvault:Vault", "vault");
  const listing =
    "Each violation is listed.\nvault-network: exempted until 2026-12-31 by alice: OPS-1, <b>waits</b> for the move";
  const report = reportOf({
    events: [step("create", vault), violation("exemptions-listed", vault, listing, "advisory")],
  });
  const said = /until 2026-12-31 by alice: OPS-1/;

  it("is no finding: the run passed, with one exemption", () => {
    assert.deepEqual(report.policies, []);
    assert.ok(!report.notApplicable.includes("vault-network"));
    assert.match(renderMarkdown(report), /passed, with 1 exemption/);
  });

  it("is listed in the text, the comment and the page", () => {
    assert.match(renderText(report), /Exempted \(1\):\n {2}vault-network {2}vault\n/);
    assert.match(renderText(report), said);
    assert.match(renderMarkdown(report), /Exempted \(1\)/);
    assert.match(renderMarkdown(report), /until 2026-12-31 by alice&#58; OPS-1/);
    const page = renderHtml(report);
    assert.match(page, /Exempted <small>1<\/small>/);
    assert.match(page, said);
    assert.ok(!page.includes("<b>waits"));
  });

  it("is an item of its own in JSON, as the schema describes it", () => {
    const validate = previewSchema();
    const json = JSON.parse(renderJson(report));
    validate(json);
    assert.deepEqual(validate.errors ?? [], []);
    assert.equal(json.exempted[0].reason, "<b>waits</b> for the move");
  });

  it("is a suppressed result in SARIF, which fits the official schema", () => {
    const validate = sarifSchema();
    const log = JSON.parse(renderSarif(report, "1.0.0"));
    validate(log);
    assert.deepEqual(validate.errors ?? [], []);
    const [result, ...others] = log.runs[0].results;
    assert.deepEqual(others, []);
    assert.equal(result.ruleId, "vault-network");
    assert.equal(result.suppressions[0].status, "accepted");
    assert.match(result.suppressions[0].justification, said);
  });

  it("is a skipped case in JUnit", () => {
    const xml = renderJunit(report);
    assert.match(xml, /<testsuite name="vault-network" tests="1" failures="0" errors="0" skipped="1">/);
    assert.match(xml, /<skipped message="exempted until 2026-12-31 by alice: OPS-1, &lt;b&gt;waits/);
  });

  it("whose line has another form stays a finding", () => {
    const odd = reportOf({
      events: [violation("exemptions-listed", vault, "vault-network: let stand", "advisory")],
    });
    assert.deepEqual(odd.exempted, []);
    assert.equal(odd.policies.length, 1);
  });
});
