import {
  assembleReport,
  type Diagnostic,
  type PolicyVerdict,
  type Report,
  type ResourceChange,
  type SourceLine,
} from "../../reports/model";
import { systemOf } from "../../reports/urn";
import { driftRules } from "./drift-rules";
import type { Finding } from "./finding";
import { groupBy } from "./group-by";

export interface DriftFacts {
  readonly stack: string;
  /** When the state was recorded, ISO 8601. */
  readonly recordedAt: string;
  readonly findings: readonly Finding[];
  /** Where the traffic goes. */
  readonly sides: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Where a resource was declared, by URN. */
  readonly sources: ReadonlyMap<string, SourceLine>;
}

/** The findings as a report, in which each thing that was looked for is a rule. Pure. */
export function driftReport({ stack, recordedAt, findings, sides, warnings, sources }: DriftFacts): Report {
  const report = assembleReport({
    subject: { kind: "drift", stack, offline: false, recordedAt },
    succeeded: findings.every(({ state }) => state === "same"),
    resources: findings
      .filter(({ state }) => state !== "undecided")
      .map((finding) => changeOf(finding, sources.get(finding.urn))),
    policies: findings.map(verdictOf),
    rules: Object.values(driftRules),
    warnings,
    errors: reasons(findings),
  });
  return { ...report, notes: [...sides] };
}

const operations = { same: "same", differs: "update", missing: "delete", undeclared: "create" } as const;

function changeOf({ urn, type, state, changes }: Finding, source: SourceLine | undefined): ResourceChange {
  const system = systemOf(urn);
  return {
    urn,
    type,
    ...(system && { system }),
    op: operations[state as keyof typeof operations],
    diff: changes,
    ...(source && { source }),
  };
}

function verdictOf({ urn, check, state, changes, remarks }: Finding): PolicyVerdict {
  const { name: rule, level } = driftRules[check];
  if (state === "same") return { rule, level, verdict: "pass", urn, message: "" };
  const verdict = state === "undecided" ? "undecided" : "fail";
  return {
    rule,
    level,
    verdict,
    urn,
    message: messageOf(
      state,
      changes.map(({ path }) => path),
      remarks,
    ),
  };
}

const words = {
  differs: "differs from what was recorded",
  missing: "is gone",
  undeclared: "was declared by nobody",
  undecided: "could not be compared",
} as const;

function messageOf(state: keyof typeof words, paths: readonly string[], remarks: readonly string[]): string {
  const where = paths.length > 0 ? `: ${paths.join(", ")}` : "";
  return [`${words[state]}${where}`, ...remarks].join("\n");
}

/** The same reason for many resources is said once, with their number. */
function reasons(findings: readonly Finding[]): Diagnostic[] {
  const undecided = findings.filter(({ state }) => state === "undecided");
  const byReason = groupBy(undecided, ({ remarks }) => remarks.join("\n"));
  return [...byReason].map(([reason, group]) => ({
    message:
      group.length === 1
        ? `could not be compared: ${reason}`
        : `${group.length} could not be compared: ${reason}`,
    ...(group.length === 1 && { urn: group[0]!.urn }),
  }));
}
