import { exemptedText } from "./exempted";
import { changesTitle, controlNames, marks, policyLine, propertyText, summaryLine } from "./headline";
import type { PolicyVerdict, Report, ResourceChange, RuleDescription } from "./model";
import { shortName, shortType } from "./urn";

/** The report for a person at a terminal: verdicts first, then what changes, warnings, and one line that sums it up. */
export function renderText(report: Report): string {
  const lines: string[] = [];
  const findings = findingLines(report);
  const changed = report.resources.filter((resource) => resource.op !== "same");

  if (changed.length > 0) {
    lines.push(`${changesTitle(report)}:`);
    for (const resource of changed) lines.push(...changeLines(resource));
    lines.push("");
  }
  if (report.warnings.length > 0) {
    lines.push("Warnings:");
    for (const warning of report.warnings) lines.push(...indent(warning.message, "  ! "));
    lines.push("");
  }
  if (report.notes && report.notes.length > 0) {
    lines.push("Live sides, which are no drift:");
    for (const note of report.notes) lines.push(...indent(note.message, "  "));
    lines.push("");
  }
  if (findings.length > 0)
    lines.push(report.subject.kind === "drift" ? "Findings:" : "Policies:", ...findings, "");
  if (report.exempted.length > 0) {
    lines.push(`Exempted (${report.exempted.length}):`);
    for (const one of report.exempted) {
      lines.push(`  ${one.rule}  ${shortName(one.urn)}`, ...indent(exemptedText(one), "      "));
    }
    lines.push("");
  }
  if (report.errors.length > 0) {
    lines.push("Errors:");
    for (const error of report.errors) {
      const where = error.urn ? `${shortName(error.urn)}: ` : "";
      lines.push(...indent(`${where}${error.message}`, "  × "));
    }
    lines.push("");
  }
  lines.push(summaryLine(report), policyLine(report));
  return `${lines.join("\n")}\n`;
}

/** The sums alone, with what the policies found: advisory ones let a run succeed. */
export function renderSums(report: Report): string {
  return `${[summaryLine(report), policyLine(report), ...findingLines(report)].join("\n")}\n`;
}

function findingLines({ policies, rules }: Report): string[] {
  const described = new Map(rules.map((rule) => [rule.name, rule]));
  return policies
    .filter(({ verdict }) => verdict !== "pass")
    .flatMap((policy) => policyLines(policy, described.get(policy.rule)));
}

function changeLines(resource: ResourceChange): string[] {
  const head = `  ${marks[resource.op] ?? "?"} ${shortType(resource.type)}  ${shortName(resource.urn)}`;
  return [head, ...resource.diff.map((change) => `      ${change.path}: ${propertyText(change)}`)];
}

function policyLines(policy: PolicyVerdict, rule: RuleDescription | undefined): string[] {
  const where = policy.urn === "" ? "" : `  ${shortName(policy.urn)}`;
  return [
    `  ${policy.verdict} [${policy.level}] ${policy.rule}${where}`,
    ...indent(policy.message, "      "),
    ...whatFor(rule).map((line) => `      ${line}`),
  ];
}

/** Controls that a rule serves, and its page; nothing where neither is known. */
function whatFor(rule: RuleDescription | undefined): string[] {
  const controls = rule ? controlNames(rule) : "";
  return [...(controls === "" ? [] : [`for ${controls}`]), ...(rule?.url ? [`see ${rule.url}`] : [])];
}

function indent(text: string, lead: string): string[] {
  const [first = "", ...rest] = text.split("\n");
  return [`${lead}${first}`, ...rest.map((line) => `${" ".repeat(lead.length)}${line}`)];
}
