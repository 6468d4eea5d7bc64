import { type Exempted, takeExempted } from "./exempted";

/** What a run did, would do or found, and what the policies say of it: the one model behind every format. */
export interface Report {
  /** Version of this shape, as reports/preview.schema.json describes it. */
  readonly version: 1;
  readonly subject: Subject;
  /** True when the run ended well: no error, no mandatory violation. */
  readonly succeeded: boolean;
  readonly summary: Readonly<Record<SummaryOperation, number>>;
  /** Policies that could not be decided; they also stand in `policies` and count as failed. */
  readonly undecided: number;
  /** In order of URN. */
  readonly resources: readonly ResourceChange[];
  /** In order of rule, then URN. */
  readonly policies: readonly PolicyVerdict[];
  /** Violations that are let stand for a while, in order of rule, then URN; they stand in no verdict. */
  readonly exempted: readonly Exempted[];
  /** Every rule of the pack, in order of name. */
  readonly rules: readonly RuleDescription[];
  /** Names of the rules that had nothing to say of this stack. */
  readonly notApplicable: readonly string[];
  readonly warnings: readonly Diagnostic[];
  readonly errors: readonly Diagnostic[];
  /** `drift`: which side of each switched system is live; that is never drift. */
  readonly notes?: readonly Diagnostic[];
}

/** What a report is about. */
export interface Subject {
  /**
   * `preview`: nothing was changed; `up`: it was; `check`: verdicts on recorded state, nothing changes; `drift`: how
   * the live world differs from the state.
   */
  readonly kind: "preview" | "up" | "check" | "drift";
  readonly stack: string;
  /** Without credentials and without the stack's recorded state: everything shows as `create`. */
  readonly offline: boolean;
  /** `check` and `drift`: when the state was recorded, ISO 8601. */
  readonly recordedAt?: string;
}

export const summaryOperations = ["create", "update", "replace", "delete", "same"] as const;
export type SummaryOperation = (typeof summaryOperations)[number];

export interface ResourceChange {
  readonly urn: string;
  readonly type: string;
  /** Name of the system that the resource belongs to; absent for what belongs to none. */
  readonly system?: string;
  readonly op: SummaryOperation | "read" | "refresh" | "import" | "discard";
  /** What makes it an update or a replacement; empty for the other operations. */
  readonly diff: readonly PropertyChange[];
  /** The line of the program that declared it, where that is known. */
  readonly source?: SourceLine;
}

export interface SourceLine {
  /** From the project's folder on, with `/`. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface PropertyChange {
  /** Pulumi's property path, e.g. `siteConfig.minTlsVersion`. */
  readonly path: string;
  /** `add`, `delete`, `update`, and the same with `-replace` where the change replaces the resource. */
  readonly kind: string;
  /** Values that are known to be no secret. Absent where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** Why values are left out: the engine holds one as a secret, or it is not known to be none. */
  readonly withheld?: "secret" | "undisclosed";
}

export interface PolicyVerdict {
  /** Its description stands in `rules`. */
  readonly rule: string;
  readonly level: string;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The resource; empty for a rule over the whole stack that names none. */
  readonly urn: string;
  readonly message: string;
}

/** What a policy pack says of a rule; only the name is certain. */
export interface RuleDescription {
  readonly name: string;
  readonly level: string;
  readonly title?: string;
  readonly description?: string;
  readonly topic?: string;
  readonly severity?: string;
  /** Statements of the runbooks that it enforces. */
  readonly ids: readonly string[];
  readonly remediation?: string;
  /** A path in the repository or an address. */
  readonly url?: string;
  /** The control that the engine is told of, which takes one: the first of `frameworks`. */
  readonly framework?: Control;
  /** Every control that it serves, of every catalogue. */
  readonly frameworks?: readonly Control[];
  /** Topic, statements and catalogues of controls. */
  readonly tags?: readonly string[];
}

/** One control of a catalogue: `PCI DSS`, `4.0`, `3.6.1` and what it asks for. */
export interface Control {
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  readonly specification: string;
}

export interface Diagnostic {
  readonly message: string;
  readonly urn?: string;
}

/** What a report is put together from; the rest is counted from it. */
export type ReportParts = Pick<
  Report,
  "subject" | "succeeded" | "resources" | "policies" | "rules" | "warnings" | "errors"
>;

/** Sorts and counts: the same report for the same parts in any order. */
export function assembleReport(parts: ReportParts): Report {
  const { subject, succeeded, warnings, errors } = parts;
  const resources = [...parts.resources].sort((a, b) => compare(a.urn, b.urn));
  const taken = takeExempted(parts.policies);
  const policies = [...taken.policies].sort(
    (a, b) => compare(a.rule, b.rule) || compare(a.urn, b.urn) || compare(a.message, b.message),
  );
  const exempted = [...taken.exempted].sort((a, b) => compare(a.rule, b.rule) || compare(a.urn, b.urn));
  // What was exempted was judged, and so was the list of it.
  const judged = new Set([...parts.policies, ...exempted].map(({ rule }) => rule));
  const rules = [...parts.rules, ...undescribed(parts)].sort((a, b) => compare(a.name, b.name));
  const summary = Object.fromEntries(summaryOperations.map((op) => [op, 0])) as Record<string, number>;
  for (const { op } of resources) if (op in summary) summary[op] = (summary[op] as number) + 1;
  return {
    version: 1,
    subject,
    succeeded,
    summary: summary as Record<SummaryOperation, number>,
    undecided: policies.filter(({ verdict }) => verdict === "undecided").length,
    resources,
    policies,
    exempted,
    rules,
    notApplicable: rules.map(({ name }) => name).filter((name) => !judged.has(name)),
    warnings,
    errors,
  };
}

/** Rules of other packs, which nobody described. */
function undescribed({ policies, rules }: ReportParts): RuleDescription[] {
  const known = new Set(rules.map(({ name }) => name));
  const found = new Map<string, RuleDescription>();
  for (const { rule, level } of policies) {
    if (!known.has(rule)) found.set(rule, { name: rule, level, ids: [] });
  }
  return [...found.values()];
}

/** Order by code units: the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
