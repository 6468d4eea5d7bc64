import type {
  Control,
  PolicyVerdict,
  PropertyChange,
  Report,
  ResourceChange,
  RuleDescription,
  Subject,
} from "./model";

/** One character per kind of change, as Pulumi writes them; `±` for a replacement. */
export const marks: Readonly<Record<ResourceChange["op"], string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: "=",
  import: "<",
  read: ">",
  refresh: "?",
  discard: "x",
};

const verbs = {
  preview: { create: "to create", update: "to update", replace: "to replace", delete: "to delete" },
  up: { create: "created", update: "updated", replace: "replaced", delete: "deleted" },
  check: { create: "created", update: "updated", replace: "replaced", delete: "deleted" },
  drift: {
    create: "not in the state",
    update: "differ from the state",
    replace: "exchanged",
    delete: "gone from the live world",
  },
} as const;

const titles: Readonly<Record<Subject["kind"], string>> = {
  preview: "Would change",
  up: "Changed",
  check: "Recorded changes",
  drift: "Differs from the state",
};

export function changesTitle({ subject }: Report): string {
  return titles[subject.kind];
}

/** What `create`, `update`, `replace` and `delete` mean in this report. */
export function changeWords({
  subject,
}: Report): Readonly<Record<"create" | "update" | "replace" | "delete", string>> {
  return verbs[subject.kind];
}

/** One line: how many resources are created, updated, replaced, deleted, unchanged. */
export function summaryLine(report: Report): string {
  const { subject, summary } = report;
  const note = caveat(subject);
  const tail = note === "" ? "" : ` (${note})`;
  if (subject.kind === "check")
    return `${subject.stack}: ${report.resources.length} resources checked${tail}`;
  const words = changeWords(report);
  const operations = ["create", "update", "replace", "delete"] as const;
  const parts = operations.filter((op) => summary[op] > 0).map((op) => `${summary[op]} ${words[op]}`);
  const nothing =
    subject.kind === "drift"
      ? report.undecided > 0
        ? "no drift in what answered"
        : "no drift"
      : "0 changes";
  return `${subject.stack}: ${parts.join(", ") || nothing}, ${summary.same} unchanged${tail}`;
}

/** What the reader must know before trusting the report; empty where there is nothing. */
export function caveat(subject: Subject): string {
  if (subject.kind === "check")
    return `recorded ${subject.recordedAt ?? "at an unknown time"}, not verified live`;
  return subject.offline ? "offline: compared with an empty stack, live side not checked" : "";
}

/** One line: how many rules judged how often, and what they found. */
export function policyLine(report: Report): string {
  const rules = new Set(report.policies.map((policy) => policy.rule));
  const { failed } = verdictCounts(report);
  if (report.subject.kind === "drift")
    return `looked at: ${report.policies.length}, ${failed} differ, ${report.undecided} undecided`;
  return `policies: ${plural(rules.size, "rule")}, ${plural(report.policies.length, "verdict")}, ${failed} failed, ${report.undecided} undecided${report.exempted.length > 0 ? `, ${report.exempted.length} exempted` : ""}`;
}

export interface VerdictCounts {
  readonly passed: number;
  /** Mandatory and advisory. */
  readonly failed: number;
  readonly undecided: number;
  /** Failed or undecided, of mandatory rules: each refuses the run. */
  readonly refusing: number;
}

export function verdictCounts({ policies }: Report): VerdictCounts {
  const counts = { passed: 0, failed: 0, undecided: 0, refusing: 0 };
  for (const { verdict, level } of policies) {
    if (verdict === "pass") counts.passed++;
    else {
      counts[verdict === "fail" ? "failed" : "undecided"]++;
      if (level === "mandatory") counts.refusing++;
    }
  }
  return counts;
}

/** The answer in a few words: `passed`, or why not. */
export function verdictText(report: Report): string {
  if (report.subject.kind === "drift") return driftText(report);
  const { failed, undecided, refusing } = verdictCounts(report);
  if (refusing > 0) return `refused: ${plural(refusing, "violation")} of mandatory policies`;
  if (!report.succeeded) return `failed: ${plural(report.errors.length, "error")}`;
  const advisory = failed + undecided;
  const notes = [
    ...(advisory > 0 ? [plural(advisory, "advisory finding")] : []),
    ...(report.exempted.length > 0 ? [plural(report.exempted.length, "exemption")] : []),
  ];
  return notes.length > 0 ? `passed, with ${notes.join(" and ")}` : "passed";
}

/** `no drift`, `2 resources differ, 1 could not be compared`. */
export function driftText(report: Report): string {
  const { failed, undecided } = verdictCounts(report);
  const parts = [
    ...(failed > 0 ? [`drift: ${plural(failed, "finding")}`] : []),
    ...(undecided > 0 ? [`${undecided} could not be compared`] : []),
  ];
  return parts.join(", ") || "no drift";
}

/** `0 errors`, `1 error`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** A change of a property in one line, without its path; long values are cut. */
export function propertyText(change: PropertyChange): string {
  const replaces = change.kind.endsWith("-replace") ? "  (replaces)" : "";
  const added = change.kind.startsWith("add");
  const removed = change.kind.startsWith("delete");
  if (change.withheld) {
    const why = change.withheld === "secret" ? "secret" : "value not shown";
    return `(${why}) ${added ? "added" : removed ? "removed" : "changed"}${replaces}`;
  }
  if (added) return `${valueText(change.after)} added${replaces}`;
  if (removed) return `${valueText(change.before)} removed${replaces}`;
  return `${valueText(change.before)} -> ${valueText(change.after)}${replaces}`;
}

function valueText(data: unknown): string {
  const text = data === undefined ? "(none)" : JSON.stringify(data);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** Controls that a rule serves; of packs that name one, that one. */
export function controlsOf({ framework, frameworks }: RuleDescription): readonly Control[] {
  return frameworks ?? (framework ? [framework] : []);
}

/** `Microsoft cloud security benchmark v1, BR-1: Ensure regular automated backups` for each control. */
export function controlTexts(rule: RuleDescription): readonly string[] {
  return controlsOf(rule).map(
    ({ name, version, reference, specification }) => `${name} ${version}, ${reference}: ${specification}`,
  );
}

/** `Microsoft cloud security benchmark v1 BR-1; PCI DSS 4.0 3.6.1, 3.7.1`: short, a catalogue once. */
export function controlNames(rule: RuleDescription): string {
  return catalogueNames(rule)
    .map((catalogue) => {
      const own = controlsOf(rule).filter((control) => catalogueOf(control) === catalogue);
      return `${catalogue} ${own.map(({ reference }) => reference).join(", ")}`;
    })
    .join("; ");
}

/** Catalogues that a rule serves, with their versions, each once. */
export function catalogueNames(rule: RuleDescription): readonly string[] {
  return [...new Set(controlsOf(rule).map(catalogueOf))];
}

function catalogueOf({ name, version }: Control): string {
  return `${name} ${version}`;
}

/** What a verdict says of its resource: the engine puts the rule's description before it, which stands elsewhere. */
export function ownMessage({ message }: PolicyVerdict, rule: RuleDescription | undefined): string {
  const description = rule?.description;
  const own =
    description && message.startsWith(description) ? message.slice(description.length).trim() : message;
  return own || message;
}
