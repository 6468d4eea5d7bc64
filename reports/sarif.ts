import { createHash } from "node:crypto";
import { type Exempted, exemptedText } from "./exempted";
import { caveat, controlTexts } from "./headline";
import { clip } from "./markdown-text";
import type { Diagnostic, PolicyVerdict, Report, ResourceChange, RuleDescription } from "./model";
import { shortName } from "./urn";

/** GitHub refuses a run of more results than this ("SARIF support for code scanning", limits). */
const mostResults = 25_000;
/** Where a finding is shown whose resource has no line: what declares the stack. */
const program = "infra/index.ts";
/** GitHub sorts security findings by this number; in the middle of its ranges for each word. */
const securitySeverity: Readonly<Record<string, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.5",
};

/**
 * What the policies found, as SARIF 2.1.0: each finding at the line of TypeScript that declared its resource. An
 * undecided verdict is a result of kind `fail`, like a violation, because viewers hide the other kinds.
 *
 * @param version Version of this tool.
 */
export function renderSarif(report: Report, version: string): string {
  const indexes = new Map(report.rules.map(({ name }, index) => [name, index]));
  const resources = new Map(report.resources.map((resource) => [resource.urn, resource]));
  const found = report.policies.filter(({ verdict }) => verdict !== "pass");
  const results = [
    ...found.map((policy) => result(policy, indexes, resources)),
    ...report.exempted.map((one) => suppressed(one, report, indexes, resources)),
  ];
  const { kind, stack } = report.subject;
  const note = caveat(report.subject);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "switchyard", version, semanticVersion: version, rules: report.rules.map(rule) },
        },
        automationDetails: { id: `switchyard/${kind}/${stack}/` },
        invocations: [
          {
            executionSuccessful: report.succeeded,
            toolExecutionNotifications: [
              ...report.errors.map((error) => notification(error, "error")),
              ...report.warnings.map((warning) => notification(warning, "warning")),
              ...(report.notes ?? []).map((live) => notification(live, "note")),
              ...(note === "" ? [] : [notification({ message: note }, "note")]),
              ...leftOut(results.length),
            ],
          },
        ],
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "The folder that holds Pulumi.yaml." } } },
        results: results.slice(0, mostResults),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(described: RuleDescription): object {
  const { name, title, description, remediation, severity, ids, topic, tags, url, level } = described;
  const words = tags ?? [...(topic ? [topic] : []), ...ids];
  const help = [
    ...(description ? [description] : []),
    ...(remediation ? [`Mend: ${remediation}`] : []),
    ...controlTexts(described).map((control) => `Asked for by ${control}.`),
    ...(ids.length > 0 ? [`Statements of the runbooks: ${ids.join(", ")}.`] : []),
    ...(url ? [`More: ${url}`] : []),
  ];
  return {
    id: name,
    shortDescription: { text: title ?? name },
    fullDescription: { text: description ?? title ?? name },
    help: { text: help.join("\n") || name },
    ...(url && /^https:\/\//.test(url) ? { helpUri: url } : {}),
    defaultConfiguration: { level: levelOf(level) },
    properties: {
      // GitHub keeps the first ten: what rules are picked by goes before the long lists of statements.
      tags: ["security", ...words.filter((word) => !ids.includes(word)), ...ids],
      ...(severity && securitySeverity[severity] ? { "security-severity": securitySeverity[severity] } : {}),
    },
  };
}

function levelOf(level: string): "error" | "warning" {
  return level === "mandatory" ? "error" : "warning";
}

function result(
  { rule: name, level, urn, verdict, message }: PolicyVerdict,
  indexes: ReadonlyMap<string, number>,
  resources: ReadonlyMap<string, ResourceChange>,
): object {
  const source = resources.get(urn)?.source;
  const where = urn === "" ? "the stack" : shortName(urn);
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([name, urn, message]))
    .digest("hex");
  return {
    ruleId: name,
    ruleIndex: indexes.get(name),
    level: levelOf(level),
    kind: "fail",
    message: { text: clip(`${where}: ${message}`, 4_000) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(source?.file ?? program), uriBaseId: "SRCROOT" },
          region: { startLine: source?.line || 1, ...(source?.column ? { startColumn: source.column } : {}) },
        },
        ...(urn === "" ? {} : { logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }] }),
      },
    ],
    // GitHub tells findings of a rule apart by the second alone, and would make it of the line's text: all resources that
    // one line declares would be one alert.
    partialFingerprints: { "switchyard/v1": fingerprint, primaryLocationLineHash: fingerprint },
    properties: { verdict },
  };
}

/** An exemption stays a finding, which viewers show as closed by a person. */
function suppressed(
  one: Exempted,
  { rules }: Report,
  indexes: ReadonlyMap<string, number>,
  resources: ReadonlyMap<string, ResourceChange>,
): object {
  const level = rules.find(({ name }) => name === one.rule)?.level ?? "mandatory";
  const message = `exempted ${exemptedText(one)}`;
  return {
    ...result({ rule: one.rule, level, verdict: "fail", urn: one.urn, message }, indexes, resources),
    suppressions: [{ kind: "external", status: "accepted", justification: exemptedText(one) }],
  };
}

function notification({ message, urn }: Diagnostic, level: "error" | "warning" | "note"): object {
  return {
    level,
    message: { text: message || "(no text)" },
    ...(urn ? { locations: [{ logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }] }] } : {}),
  };
}

function leftOut(found: number): object[] {
  if (found <= mostResults) return [];
  const message = `${found - mostResults} of ${found} findings are left out: viewers take ${mostResults}.`;
  return [notification({ message }, "warning")];
}
