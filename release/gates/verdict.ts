import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import { nextOfCheck } from "./check-verdict";
import type { Sample } from "./gate-provider";
import { type GateState, unseen } from "./gate-state";
import type { Judgement, Moment } from "./judgement";
import { isHealthy, nextOfMetric } from "./metric-verdict";

export type { GateState } from "./gate-state";
export type { Judgement, Moment } from "./judgement";
export { baselineOf } from "./metric-verdict";

/**
 * What a gate says after one more look. Pure: everything that is remembered stands in the state, which is plain JSON.
 *
 * A sample from which nothing can be concluded is `inconclusive`, whatever was seen before: it never passes and never
 * rolls back, adds no time to a breach, and ends it once it lasted longer than what the data could still cover.
 *
 * @param state of the look before; undefined at the first one and in a new phase
 */
export function next(
  state: GateState | undefined,
  gate: MetricGate | CheckGate,
  sample: Sample,
  moment: Moment,
): Judgement {
  return gate.word === "metricGate"
    ? nextOfMetric(state ?? unseen, gate, sample, moment)
    : nextOfCheck(state ?? unseen, gate, sample, moment);
}

/**
 * Whether a gate that passes, and counts nothing, does so again: what `next` would say is then what it said before. Most
 * looks are such ones.
 */
export function passesOn(
  { verdict, outside, beyond, failures }: GateState,
  gate: MetricGate | CheckGate,
  sample: Sample,
  moment: Moment,
): boolean {
  if (verdict !== "pass" || outside !== null || failures > 0 || beyond.some((breach) => breach !== null))
    return false;
  return gate.word === "metricGate"
    ? isHealthy(gate, sample, moment)
    : sample.kind === "answer" && sample.holds;
}

/** Whether the minutes of a gate have come: it is not looked at before. */
export function isLookedAt(gate: MetricGate | CheckGate, { now, speed, phaseBegan }: Moment): boolean {
  return minutesSince(phaseBegan, now, speed) >= (gate.minutes?.from ?? 0);
}

/** Whether a gate had to pass by now and never did, for which the release holds. */
export function isOverdue(
  state: GateState | undefined,
  gate: MetricGate | CheckGate,
  { now, speed, phaseBegan, again }: Moment,
): boolean {
  if (gate.minutes === undefined || state?.passedAt !== undefined) return false;
  const { from, due } = gate.minutes;
  if (minutesSince(phaseBegan, now, speed) <= due) return false;
  return again === undefined || minutesSince(again, now, speed) > due - from;
}

function minutesSince(began: Date, now: Date, speed: number): number {
  return ((now.getTime() - began.getTime()) * speed) / 60_000;
}
