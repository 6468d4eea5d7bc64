import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Entry } from "../../runbooks/vocabulary";

type Entries = Readonly<Record<string, Entry>>;
type Place = { readonly id: string; readonly entry: string };

/**
 * Whether a gate on the way back stands before a step that takes people off the new version. Such a gate keeps nobody
 * there: whatever it says, the step itself refuses a side that cannot take the traffic (release/strategies).
 *
 * @param rollback steps of the way back, in their order
 */
export function standsBeforeTraffic(rollback: readonly Place[], entries: Entries, id: string): boolean {
  const place = rollback.findIndex((step) => step.id === id);
  return place >= 0 && rollback.slice(place).some(({ entry }) => takesBack(entries[entry]));
}

function takesBack(entry: Entry | undefined): boolean {
  if (entry?.word !== "step") return false;
  const { does } = entry;
  if (does.action === "deploy") return does.version === "previous";
  return does.action === "traffic" && does.move === "back";
}

/** A suite is no look: it takes its time and leaves traces, as does what is asked inside the network. */
export function isLook(gate: CheckGate | MetricGate): boolean {
  return gate.word === "metricGate" || !["suite", "inNetwork"].includes(gate.check.provider);
}
