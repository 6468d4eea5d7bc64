import { strict as assert } from "node:assert";
import { renderJunit } from "../../reports/junit";
import { diagnostic, passed, step, urn, violation } from "./support/events";
import { largeReport, reportOf } from "./support/sample";

const vault = urn("azure-native:keyvault:Vault", "vault");

/** Tags balance and attributes are quoted: enough to notice text that was not escaped. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const body = xml.replace(/^<\?xml[^?]*\?>/, "");
  const tag = /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>/g;
  for (const [, close, name, , empty] of body.matchAll(tag)) {
    if (close) assert.equal(open.pop(), name);
    else if (!empty) open.push(name as string);
  }
  assert.deepEqual(open, []);
  const text = body.replace(tag, "");
  assert.doesNotMatch(text, /[<>]/);
  assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot|#\d+);)/);
}

describe("JUnit XML", () => {
  it("has a suite per rule and a case per resource that it judged", () => {
    const events = [
      step("create", vault),
      passed(vault, ["tags"]),
      violation("vault-network", vault, "What vault-network asks for.\ndefaultAction is Allow"),
      violation("vault-network", vault, "bypass is AzureServices"),
      violation("cosmos-backup", vault, "could not be decided: x is not known"),
    ];
    const xml = renderJunit(reportOf({ events, exitCode: 1 }));
    assertWellFormed(xml);
    assert.match(xml, /<testsuites [^>]*tests="5" failures="2" errors="0" skipped="2">/);
    assert.match(xml, /<testsuite name="vault-network" tests="1" failures="1" errors="0" skipped="0">/);
    assert.match(xml, /<testcase classname="tags" name="vault \(azure-native:keyvault:Vault\)"\/>/);
    assert.match(xml, /<failure type="mandatory" message="fail: defaultAction is Allow">/);
    assert.match(xml, /<failure type="mandatory" message="undecided: could not be decided/);
    assert.match(xml, /<testcase classname="never-used" name="\(not applicable\)"><skipped/);
  });

  it("names the line of each resource", () => {
    assert.match(renderJunit(largeReport(50)), /file="infra\/azure\/storage.ts" line="29"/);
  });

  it("has the run's own errors as a suite", () => {
    const xml = renderJunit(reportOf({ events: [diagnostic("error", "boom", vault)], exitCode: 1 }));
    assertWellFormed(xml);
    assert.match(
      xml,
      /<testcase classname="run" name="vault"><error type="run" message="boom">boom<\/error>/,
    );
  });

  it("stays XML whatever names and messages hold", () => {
    const target = urn("a:b:C", '<script>"\u0000]]>\ud800&');
    const events = [step("create", target), violation("tags", target, '\u001b[31m<b>&"\u0007\n]]>')];
    const xml = renderJunit(reportOf({ events, exitCode: 1 }));
    assertWellFormed(xml);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML 1.0 has no place for
    assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});
