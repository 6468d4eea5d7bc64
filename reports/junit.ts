import { type Exempted, exemptedText } from "./exempted";
import { controlTexts, verdictText } from "./headline";
import { xml } from "./markup";
import type { PolicyVerdict, Report, ResourceChange, RuleDescription } from "./model";
import { shortName, typeOf } from "./urn";

/**
 * The verdicts as JUnit XML: a suite per rule, a case per resource that it judged. What failed and what could not be
 * decided is a failure, whose `type` says whether the rule is mandatory; what is exempted is skipped, and a rule that had
 * nothing to say is one skipped case. Errors of the run itself are a suite of their own.
 */
export function renderJunit(report: Report): string {
  const verdicts = new Map<string, PolicyVerdict[]>(report.rules.map(({ name }) => [name, []]));
  for (const policy of report.policies) verdicts.get(policy.rule)?.push(policy);
  const resources = new Map(report.resources.map((resource) => [resource.urn, resource]));
  const exempted = new Map<string, Exempted[]>();
  for (const one of report.exempted) exempted.set(one.rule, [...(exempted.get(one.rule) ?? []), one]);
  const suites = report.rules.map((rule) =>
    ruleSuite(rule, verdicts.get(rule.name) ?? [], exempted.get(rule.name) ?? [], resources),
  );
  if (report.errors.length > 0) suites.push(runSuite(report));
  const total = (key: keyof Counts) => suites.reduce((sum, suite) => sum + suite.counts[key], 0);
  const name = `switchyard ${report.subject.kind} of ${report.subject.stack}: ${verdictText(report)}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(name)}" tests="${total("tests")}" failures="${total("failures")}" errors="${total("errors")}" skipped="${total("skipped")}">`,
    ...suites.map(({ text }) => text),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Suite {
  readonly counts: Counts;
  readonly text: string;
}

function ruleSuite(
  rule: RuleDescription,
  verdicts: readonly PolicyVerdict[],
  exempted: readonly Exempted[],
  resources: ReadonlyMap<string, ResourceChange>,
): Suite {
  if (verdicts.length + exempted.length === 0) {
    const skipped = `    <testcase classname="${xml(rule.name)}" name="(not applicable)"><skipped message="applies to nothing in this stack"/></testcase>`;
    return suite(rule.name, { tests: 1, failures: 0, errors: 0, skipped: 1 }, [skipped]);
  }
  const byUrn = new Map<string, PolicyVerdict[]>();
  for (const verdict of verdicts) byUrn.set(verdict.urn, [...(byUrn.get(verdict.urn) ?? []), verdict]);
  let failures = 0;
  const cases = [...byUrn].map(([urn, found]) => {
    const broken = found.filter(({ verdict }) => verdict !== "pass");
    if (broken.length > 0) failures++;
    const source = resources.get(urn)?.source;
    const at = source ? ` file="${xml(source.file)}" line="${source.line}"` : "";
    const name = urn === "" ? "the stack" : `${shortName(urn)} (${typeOf(urn)})`;
    const open = `    <testcase classname="${xml(rule.name)}" name="${xml(name)}"${at}`;
    if (broken.length === 0) return `${open}/>`;
    return `${open}>${failure(rule, urn, broken)}</testcase>`;
  });
  // What else the rule says of the resource stands: one case may not be both.
  const skipped = exempted
    .filter(({ urn }) => !byUrn.has(urn))
    .map(
      (one) =>
        `    <testcase classname="${xml(rule.name)}" name="${xml(`${shortName(one.urn)} (${typeOf(one.urn)})`)}"><skipped message="${xml(`exempted ${exemptedText(one)}`)}"/></testcase>`,
    );
  const tests = byUrn.size + skipped.length;
  return suite(rule.name, { tests, failures, errors: 0, skipped: skipped.length }, [...cases, ...skipped]);
}

/** One element, as JUnit's schema allows no second in a case. */
function failure(rule: RuleDescription, urn: string, broken: readonly PolicyVerdict[]): string {
  const [first] = broken as readonly [PolicyVerdict];
  const lines = [
    ...broken.map(({ verdict, message }) => `${verdict}: ${message}`),
    ...(rule.remediation ? [`mend: ${rule.remediation}`] : []),
    ...controlTexts(rule),
    ...(rule.ids.length > 0 ? [`statements: ${rule.ids.join(", ")}`] : []),
    ...(rule.url ? [rule.url] : []),
    urn,
  ];
  const title = `${first.verdict}: ${first.message.split("\n").at(-1) ?? ""}`;
  return `<failure type="${xml(first.level)}" message="${xml(title)}">${xml(lines.join("\n"))}</failure>`;
}

function runSuite({ errors }: Report): Suite {
  const cases = errors.map(({ message, urn }, index) => {
    const name = urn ? shortName(urn) : `error ${index + 1}`;
    const [first = ""] = message.split("\n");
    return `    <testcase classname="run" name="${xml(name)}"><error type="run" message="${xml(first)}">${xml(message)}</error></testcase>`;
  });
  return suite("run", { tests: errors.length, failures: 0, errors: errors.length, skipped: 0 }, cases);
}

function suite(name: string, counts: Counts, cases: readonly string[]): Suite {
  const { tests, failures, errors, skipped } = counts;
  const text = [
    `  <testsuite name="${xml(name)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}">`,
    ...cases,
    "  </testsuite>",
  ].join("\n");
  return { counts, text };
}
