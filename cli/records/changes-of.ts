import type { EngineEvent } from "../../reports/engine-event";
import { compare } from "../../reports/model";
import type { ChangePredicate } from "./change-record";

/**
 * What an update really did, from the engine's events: steps that ended well. Those of the preview before it are left
 * out, and of a replacement's three steps one is counted.
 */
export function changesOf(events: readonly EngineEvent[]): ChangePredicate["changes"] {
  const done = new Map<string, string>();
  for (const { resOutputsEvent: event } of events) {
    if (!event || event.planning || event.metadata.type === "pulumi:pulumi:Stack") continue;
    const { urn, op } = event.metadata;
    const kind = op.includes("replace") ? "replace" : op;
    if (done.get(urn) !== "replace") done.set(urn, kind);
  }
  const steps = [...done].map(([urn, op]) => ({ op, urn }));
  const count = (wanted: string) => steps.filter(({ op }) => op === wanted).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    same: count("same"),
    resources: steps.filter(({ op }) => op !== "same").sort((a, b) => compare(a.urn, b.urn)),
  };
}

/** Version of the pack that judged; undefined when none did. */
export function packVersionIn(events: readonly EngineEvent[]): string | undefined {
  for (const event of events) {
    const judged =
      event.policyEvent ?? event.policyAnalyzeSummaryEvent ?? event.policyAnalyzeStackSummaryEvent;
    if (judged?.policyPackVersion) return `${judged.policyPackName} ${judged.policyPackVersion}`;
  }
  return undefined;
}
