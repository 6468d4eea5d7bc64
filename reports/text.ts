import type { PolicyVerdict, PropertyChange, Report, ResourceChange } from "./model";

const marks: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  import: "=",
  read: ">",
};

/** The report for a person at a terminal: verdicts first, then what changes, warnings, and one line that sums it up. */
export function renderText(report: Report): string {
  const lines: string[] = [];
  const failed = report.policies.filter((policy) => policy.verdict !== "pass");
  const changed = report.resources.filter((resource) => resource.op !== "same");

  if (changed.length > 0) {
    lines.push(report.kind === "preview" ? "Would change:" : "Changed:");
    for (const resource of changed) lines.push(...changeLines(resource));
    lines.push("");
  }
  if (report.warnings.length > 0) {
    lines.push("Warnings:");
    for (const warning of report.warnings) lines.push(...indent(warning.message, "  ! "));
    lines.push("");
  }
  if (failed.length > 0) {
    lines.push("Policies:");
    for (const policy of failed) lines.push(...policyLines(policy));
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

/** One line: how many resources are created, updated, replaced, deleted, unchanged. */
export function summaryLine(report: Report): string {
  const { create, update, replace, delete: deleted, same } = report.summary;
  const verb = report.kind === "preview" ? "to " : "";
  const parts = [
    [create, report.kind === "preview" ? "create" : "created"],
    [update, report.kind === "preview" ? "update" : "updated"],
    [replace, report.kind === "preview" ? "replace" : "replaced"],
    [deleted, report.kind === "preview" ? "delete" : "deleted"],
  ] as const;
  const changes = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${verb}${word}`);
  const head = changes.length === 0 ? "0 changes" : changes.join(", ");
  const note = report.offline ? " (offline: compared with an empty stack, live side not checked)" : "";
  return `${report.stack}: ${head}, ${same} unchanged${note}`;
}

function policyLine(report: Report): string {
  const rules = new Set(report.policies.map((policy) => policy.rule));
  const failed = report.policies.filter((policy) => policy.verdict === "fail").length;
  return `policies: ${rules.size} rules, ${report.policies.length} verdicts, ${failed} failed, ${report.undecided} undecided`;
}

function changeLines(resource: ResourceChange): string[] {
  const head = `  ${marks[resource.op] ?? "?"} ${shortType(resource.type)}  ${shortName(resource.urn)}`;
  return [head, ...resource.diff.map((change) => `      ${change.path}: ${propertyText(change)}`)];
}

function propertyText(change: PropertyChange): string {
  const replaces = change.kind.endsWith("-replace") ? "  (replaces)" : "";
  if (change.kind.startsWith("add")) return `${value(change.after)} added${replaces}`;
  if (change.kind.startsWith("delete")) return `${value(change.before)} removed${replaces}`;
  return `${value(change.before)} -> ${value(change.after)}${replaces}`;
}

function value(data: unknown): string {
  const text = data === undefined ? "(none)" : JSON.stringify(data);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

function policyLines(policy: PolicyVerdict): string[] {
  const where = policy.urn === "" ? "" : `  ${shortName(policy.urn)}`;
  return [
    `  ${policy.verdict} [${policy.level}] ${policy.rule}${where}`,
    ...indent(policy.message, "      "),
  ];
}

function indent(text: string, lead: string): string[] {
  const [first = "", ...rest] = text.split("\n");
  return [`${lead}${first}`, ...rest.map((line) => `${" ".repeat(lead.length)}${line}`)];
}

/** `cosmosdb:DatabaseAccount` of `azure-native:cosmosdb:DatabaseAccount`. */
export function shortType(type: string): string {
  return type.replace(/^azure-native:/, "").replace(/^random:index\/[^:]+:/, "random:");
}

/** The resource's own name, the last part of its URN. */
export function shortName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
