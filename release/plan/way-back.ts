import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Entry } from "../../runbooks/vocabulary";
import type { PlanStep } from "./plan";

type Entries = Readonly<Record<string, Entry>>;
type Place = { readonly id: string; readonly entry: string };

/**
 * Whether a gate on the way back stands before a step that takes people off the new version. Such a gate keeps nobody
 * there: on a cluster the step itself refuses pods that are not ready, and of a site the platform does not swap in what
 * does not start (release/strategies).
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

/**
 * Whether a step of the way back does no more than ready the old side before traffic. That keeps nobody on the new version
 * when it fails: what takes people back scales the old side up as well, and has its own limit for how many pods that needs.
 */
export function onlyReadies(rollback: readonly Place[], entries: Entries, id: string): boolean {
  const entry = entries[rollback.find((step) => step.id === id)?.entry ?? ""];
  if (entry?.word !== "step" || entry.does.action !== "scale" || entry.does.side !== "old") return false;
  return standsBeforeTraffic(rollback, entries, id);
}

/** What stands before traffic on the way back holds nothing, and the plan says so. */
export function withoutHolds(steps: readonly PlanStep[], entries: Entries): readonly PlanStep[] {
  const notWaitedFor = "the way back does not wait for longer";
  return steps.map((step) => {
    if (onlyReadies(steps, entries, step.id))
      return { ...step, observation: `${step.observation}, within its time; ${notWaitedFor}` };
    return step.does.as === "gate" && standsBeforeTraffic(steps, entries, step.id)
      ? { ...step, observation: `what is answered within its time; ${notWaitedFor}` }
      : step;
  });
}

/** A suite is no look: it takes its time and leaves traces, as does what is asked inside the network. */
export function isLook(gate: CheckGate | MetricGate): boolean {
  return gate.word === "metricGate" || !["suite", "inNetwork"].includes(gate.check.provider);
}

/** A duration of the release is a fact once it was measured: looking again, or waiting, changes nothing in it. */
export function isDuration(gate: CheckGate | MetricGate): boolean {
  return (
    gate.word === "metricGate" &&
    gate.measurement.provider === "release" &&
    gate.measurement.measure !== "lostRequests"
  );
}
