import { type EngineEvent, type PolicyEvent, plainText, type StepMetadata } from "./engine-event";

/** What a preview or an update did or would do, and what the policies say of it: the one model behind every format. */
export interface Report {
  readonly stack: string;
  /** `preview`: nothing was changed; `update`: it was. */
  readonly kind: "preview" | "update";
  /** Without credentials and without the stack's recorded state: everything shows as `create`. */
  readonly offline: boolean;
  readonly summary: Readonly<Record<SummaryOperation, number>>;
  /** In order of URN. */
  readonly resources: readonly ResourceChange[];
  /** In order of rule, then URN. */
  readonly policies: readonly PolicyVerdict[];
  /** Policies that could not be decided; they also stand in `policies` and count as failed. */
  readonly undecided: number;
  readonly warnings: readonly Diagnostic[];
  readonly errors: readonly Diagnostic[];
  /** True when the engine ended well: no error, no mandatory violation. */
  readonly succeeded: boolean;
}

export const summaryOperations = ["create", "update", "replace", "delete", "same"] as const;
export type SummaryOperation = (typeof summaryOperations)[number];

export interface ResourceChange {
  readonly urn: string;
  readonly type: string;
  readonly op: SummaryOperation | "read" | "refresh" | "import" | "discard";
  /** What makes it an update or a replacement; empty for the other operations. */
  readonly diff: readonly PropertyChange[];
}

export interface PropertyChange {
  /** Pulumi's property path, e.g. `siteConfig.minTlsVersion`. */
  readonly path: string;
  /** `add`, `delete`, `update`, and the same with `-replace` where the change replaces the resource. */
  readonly kind: string;
  /** Values as the engine shows them: secrets are masked. Absent where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface PolicyVerdict {
  readonly rule: string;
  readonly level: string;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The resource; empty for a rule over the whole stack that names none. */
  readonly urn: string;
  readonly message: string;
}

export interface Diagnostic {
  readonly message: string;
  readonly urn?: string;
}

export interface ReportInput {
  readonly stack: string;
  readonly kind: Report["kind"];
  readonly offline: boolean;
  readonly events: readonly EngineEvent[];
  /** Exit code of the engine. */
  readonly exitCode: number;
  /** Enforcement level of each rule of the pack: the engine's summaries name rules only. */
  readonly levels: ReadonlyMap<string, string>;
}

/** How the pack's wrapper marks a verdict that it could not reach; the engine's own words for the same are the second. */
const undecidedMessage = /could not be decided|can't run policy '/;

/** Builds the report from the engine's events; pure, and the same for the same events in another order of arrival. */
export function buildReport(input: ReportInput): Report {
  const resources = resourceChanges(input.events);
  const policies = policyVerdicts(input.events, input.levels);
  const summary = Object.fromEntries(
    summaryOperations.map((op) => [op, resources.filter((change) => change.op === op).length]),
  ) as Record<SummaryOperation, number>;
  return {
    stack: input.stack,
    kind: input.kind,
    offline: input.offline,
    summary,
    resources,
    policies,
    undecided: policies.filter((policy) => policy.verdict === "undecided").length,
    warnings: diagnostics(input.events, "warning"),
    errors: diagnostics(input.events, "error"),
    succeeded: input.exitCode === 0,
  };
}

function resourceChanges(events: readonly EngineEvent[]): ResourceChange[] {
  const steps = new Map<string, StepMetadata>();
  for (const event of events) {
    const metadata = event.resourcePreEvent?.metadata;
    if (!metadata || metadata.type === "pulumi:pulumi:Stack") continue;
    const known = steps.get(metadata.urn);
    // A replacement comes as three steps with one URN; `replace` is the one that carries the difference.
    if (!known || rank(metadata.op) > rank(known.op)) steps.set(metadata.urn, metadata);
  }
  return [...steps.values()]
    .map((metadata) => ({
      urn: metadata.urn,
      type: metadata.type,
      op: operation(metadata.op),
      diff: propertyChanges(metadata),
    }))
    .sort((a, b) => compare(a.urn, b.urn));
}

function rank(op: string): number {
  return op === "replace" ? 2 : op.includes("replace") ? 1 : 0;
}

function operation(op: string): ResourceChange["op"] {
  if (op.includes("replace")) return "replace";
  return op as ResourceChange["op"];
}

function propertyChanges(metadata: StepMetadata): PropertyChange[] {
  if (metadata.op === "create" || metadata.op === "delete" || metadata.op === "same") return [];
  const detailed = metadata.detailedDiff ?? {};
  const paths = Object.keys(detailed).length > 0 ? Object.keys(detailed) : [...(metadata.diffs ?? [])];
  return paths.sort(compare).map((path) => {
    const before = valueAt(metadata.old?.inputs, path) ?? valueAt(metadata.old?.outputs, path);
    const after = valueAt(metadata.new?.inputs, path);
    return {
      path,
      kind: detailed[path]?.diffKind ?? "update",
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}

/** The value at a Pulumi property path: `a.b[0]["c.d"]`. */
function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const [, quoted, index, name] of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string, unknown>)[quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? ""];
  }
  return value;
}

function policyVerdicts(
  events: readonly EngineEvent[],
  levels: ReadonlyMap<string, string>,
): PolicyVerdict[] {
  const verdicts = new Map<string, PolicyVerdict>();
  const add = (verdict: PolicyVerdict) => {
    verdicts.set(JSON.stringify([verdict.rule, verdict.urn, verdict.verdict, verdict.message]), verdict);
  };
  for (const event of events) {
    if (event.policyEvent) add(violation(event.policyEvent));
    const summary = event.policyAnalyzeSummaryEvent ?? event.policyAnalyzeStackSummaryEvent;
    for (const rule of summary?.passed ?? []) {
      const urn = event.policyAnalyzeSummaryEvent?.resourceUrn ?? "";
      add({ rule, level: levels.get(rule) ?? "mandatory", verdict: "pass", urn, message: "" });
    }
  }
  return [...verdicts.values()].sort(
    (a, b) => compare(a.rule, b.rule) || compare(a.urn, b.urn) || compare(a.message, b.message),
  );
}

function violation(event: PolicyEvent): PolicyVerdict {
  const message = plainText(event.message).trim();
  return {
    rule: event.policyName,
    level: event.enforcementLevel,
    verdict: undecidedMessage.test(message) ? "undecided" : "fail",
    urn: event.resourceUrn ?? "",
    message,
  };
}

function diagnostics(events: readonly EngineEvent[], severity: "warning" | "error"): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const event of events) {
    const diagnostic = event.diagnosticEvent;
    // Ephemeral ones tell how a step goes on, such as pods that are still starting; they are no result.
    if (diagnostic?.severity !== severity || diagnostic.ephemeral) continue;
    const message = plainText(diagnostic.message).trim();
    const entry = diagnostic.urn ? { message, urn: diagnostic.urn } : { message };
    found.set(JSON.stringify(entry), entry);
  }
  return [...found.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
