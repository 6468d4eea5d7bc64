import { Disclosure } from "./disclosure";
import { type EngineEvent, type PolicyEvent, plainText, type StepMetadata } from "./engine-event";
import { withConflictExplained } from "./field-conflict";
import { GatheredEvents, isDifference } from "./gathered-events";
import {
  assembleReport,
  compare,
  type Diagnostic,
  type PolicyVerdict,
  type PropertyChange,
  type Report,
  type ResourceChange,
  type RuleDescription,
  type SourceLine,
  type Subject,
} from "./model";
import { systemOf } from "./urn";

export interface ReportInput {
  readonly subject: Subject;
  readonly events: readonly EngineEvent[] | GatheredEvents;
  /** Exit code of the engine. */
  readonly exitCode: number;
  /** The rules of the pack: the engine's summaries hold their names only. */
  readonly rules: readonly RuleDescription[];
  /** Where resources were declared, by URN. */
  readonly sources?: ReadonlyMap<string, SourceLine>;
  /** Why the engine failed when its events do not say it: it ended before them, or their disk was full. */
  readonly otherReason?: () => string;
}

/** How the pack's wrapper marks a verdict that it could not reach; the engine's own words for the same are the second. */
const undecidedMessage = /could not be decided|can't run policy '/;

/** Builds the report from the engine's events; pure, and the same for the same events in another order of arrival. */
export function buildReport(input: ReportInput): Report {
  const { subject, exitCode, rules } = input;
  const gathered = input.events instanceof GatheredEvents ? input.events : GatheredEvents.of(input.events);
  const { events, secrets } = gathered;
  const disclosure = new Disclosure(secrets);
  const policies = policyVerdicts(events, rules, disclosure);
  const errors = diagnostics(events, "error", disclosure);
  const refused = policies.some(({ level, verdict }) => level === "mandatory" && verdict !== "pass");
  if (exitCode !== 0 && errors.length === 0 && !refused && input.otherReason) {
    errors.push({ message: disclosure.text(plainText(input.otherReason())) });
  }
  return assembleReport({
    subject,
    succeeded: exitCode === 0,
    resources: resourceChanges(events, input.sources, disclosure),
    policies,
    rules,
    warnings: diagnostics(events, "warning", disclosure),
    errors,
  });
}

function resourceChanges(
  events: readonly EngineEvent[],
  sources: ReportInput["sources"],
  disclosure: Disclosure,
): ResourceChange[] {
  const steps = new Map<string, StepMetadata>();
  for (const event of events) {
    const metadata = event.resourcePreEvent?.metadata;
    if (!metadata || metadata.type === "pulumi:pulumi:Stack") continue;
    const known = steps.get(metadata.urn);
    // A replacement comes as three steps with one URN; `replace` is the one that carries the difference.
    if (!known || rank(metadata.op) > rank(known.op)) steps.set(metadata.urn, metadata);
  }
  return [...steps.values()].map((metadata) => {
    const { urn, type, op } = metadata;
    const system = systemOf(urn);
    const source = sources?.get(urn);
    return {
      urn,
      type,
      ...(system && { system }),
      op: operation(op),
      diff: propertyChanges(metadata, disclosure),
      ...(source && { source }),
    };
  });
}

function rank(op: string): number {
  return op === "replace" ? 2 : op.includes("replace") ? 1 : 0;
}

function operation(op: string): ResourceChange["op"] {
  if (op.includes("replace")) return "replace";
  return op as ResourceChange["op"];
}

function propertyChanges(metadata: StepMetadata, disclosure: Disclosure): PropertyChange[] {
  if (!isDifference(metadata)) return [];
  const detailed = metadata.detailedDiff ?? {};
  const paths = Object.keys(detailed).length > 0 ? Object.keys(detailed) : [...(metadata.diffs ?? [])];
  return paths.sort(compare).map((path) => {
    const before = valueAt(metadata.old?.inputs, path) ?? valueAt(metadata.old?.outputs, path);
    const after = valueAt(metadata.new?.inputs, path);
    const change = { path, kind: detailed[path]?.diffKind ?? "update" };
    const judged = [disclosure.judge(path, before), disclosure.judge(path, after)];
    const withheld = judged.find((one) => one === "secret") ?? judged.find((one) => one !== "shown");
    if (withheld === "secret" || withheld === "undisclosed") return { ...change, withheld };
    return {
      ...change,
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
  rules: readonly RuleDescription[],
  disclosure: Disclosure,
): PolicyVerdict[] {
  const levels = new Map(rules.map(({ name, level }) => [name, level]));
  const verdicts = new Map<string, PolicyVerdict>();
  const add = (verdict: PolicyVerdict) => {
    verdicts.set(`${verdict.rule}\n${verdict.urn}\n${verdict.verdict}\n${verdict.message}`, verdict);
  };
  for (const event of events) {
    if (event.policyEvent) add(violation(event.policyEvent, disclosure));
    const summary = event.policyAnalyzeSummaryEvent ?? event.policyAnalyzeStackSummaryEvent;
    for (const rule of summary?.passed ?? []) {
      const urn = event.policyAnalyzeSummaryEvent?.resourceUrn ?? "";
      add({ rule, level: levels.get(rule) ?? "mandatory", verdict: "pass", urn, message: "" });
    }
  }
  return [...verdicts.values()];
}

function violation(event: PolicyEvent, disclosure: Disclosure): PolicyVerdict {
  const message = disclosure.text(plainText(event.message).trim());
  return {
    rule: event.policyName,
    level: event.enforcementLevel,
    verdict: undecidedMessage.test(message) ? "undecided" : "fail",
    urn: event.resourceUrn ?? "",
    message,
  };
}

function diagnostics(
  events: readonly EngineEvent[],
  severity: "warning" | "error",
  disclosure: Disclosure,
): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const event of events) {
    const diagnostic = event.diagnosticEvent;
    // Ephemeral ones tell how a step goes on, such as pods that are still starting; they are no result.
    if (diagnostic?.severity !== severity || diagnostic.ephemeral) continue;
    const message = withConflictExplained(disclosure.text(plainText(diagnostic.message).trim()));
    const entry = diagnostic.urn ? { message, urn: diagnostic.urn } : { message };
    found.set(`${message}\n${diagnostic.urn ?? ""}`, entry);
  }
  return [...found.values()];
}
