import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import { breachCounts, nextOfCheck } from "./check-verdict";
import type { Sample } from "./gate-provider";
import { type GateState, lasted, unseen } from "./gate-state";
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
  const before = state === undefined ? unseen : withMinutesOver(state, gate, moment);
  return gate.word === "metricGate"
    ? weighed(nextOfMetric(before, gate, sample, moment), gate, moment)
    : nextOfCheck(before, gate, sample, moment);
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

/** Whether a gate is looked at in a part of its phase: in minutes of its own, or at one weight of a ramp. */
export function hasItsTime(gate: MetricGate | CheckGate): boolean {
  return gate.minutes !== undefined || (gate.word === "checkGate" && gate.atWeight !== undefined);
}

/**
 * Whether a gate that has minutes or a weight need not be looked at again in its phase. What is one look is done with its
 * first pass, any other check when its minutes are over and it passes. Numbers, which others refer to, and whatever can
 * send the traffic back are looked at for the whole phase.
 */
export function isDone(state: GateState | undefined, gate: MetricGate | CheckGate, moment: Moment): boolean {
  if (gate.word === "metricGate" || !hasItsTime(gate) || state?.verdict !== "pass") return false;
  return isOneLook(gate) || (gate.onBreach !== "rollback" && minutesAreOver(gate, moment));
}

/**
 * Whether a check in its minutes, or at its weight, is asked once, and again only until it passes: one that has no time
 * between two looks, and what leaves traces, as a suite and a request that writes do.
 */
export function isOneLook(gate: MetricGate | CheckGate): boolean {
  if (gate.word === "metricGate" || !hasItsTime(gate)) return false;
  const { check, everySeconds } = gate;
  const leavesTraces =
    check.provider === "suite" || (check.provider === "http" && !readingMethods.includes(check.method));
  return everySeconds === undefined || leavesTraces;
}

const readingMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** What is only shown holds nothing up, whatever it says, and if it says nothing. */
export function isOnlyShown(gate: MetricGate | CheckGate): boolean {
  return gate.word === "checkGate" && gate.onBreach === "report";
}

/**
 * Whether the release stays for what a gate said last. Once its minutes are over and were kept, its limits are those of
 * minutes that have passed; what may still become a rollback goes on counting.
 */
export function holdsUp(state: GateState, gate: MetricGate | CheckGate): boolean {
  if (state.verdict === "pass" || state.verdict === "report") return false;
  return (
    state.kept !== true || (canRollBack(gate) && (state.verdict === "inconclusive" || goesBack(state, gate)))
  );
}

/** Whether a gate says a no that a person has to weigh; a number may come right again by itself. */
export function isNo(state: GateState, gate: MetricGate | CheckGate): boolean {
  return gate.word === "checkGate" && state.verdict !== "inconclusive" && breachCounts(state, gate);
}

/**
 * Whether a look adds to, or ends, a breach that is counted: one that rolls back, or becomes a no, when it has lasted; or finds
 * what a person has to weigh. A restart must not make a gate forget it. What is beyond a limit on which nothing follows, and what is a no already, is not
 * counted any more.
 */
export function counts(
  gate: MetricGate | CheckGate,
  before: GateState | undefined,
  after: GateState,
): boolean {
  const isNewToWeigh = before?.toWeigh?.since !== after.toWeigh?.since;
  return isNewToWeigh || isCounting(gate, before) || isCounting(gate, after);
}

function isCounting(gate: MetricGate | CheckGate, state: GateState | undefined): boolean {
  if (state === undefined) return false;
  const { outside, beyond } = state;
  if (gate.word === "metricGate")
    return (
      beyond.some((breach) => breach !== null) ||
      (outside !== null && gate.zones.holdAtMostSeconds !== undefined)
    );
  // Nothing was seen of a no: it is forgotten once that has lasted.
  const mayBeForgotten = state.verdict === "inconclusive";
  return outside !== null && gate.onBreach !== "report" && (mayBeForgotten || !breachCounts(state, gate));
}

/**
 * Whether a person has to say that what a number was in its minutes may stay: it was outside `pass` when they ended, or in
 * them for longer than its own window, in which a moment's peak has gone. One that passes again since is no answer to that.
 *
 * @param weighedAt when somebody last let pass what this gate saw; ISO 8601
 */
export function isToBeWeighed(
  { toWeigh }: GateState,
  gate: MetricGate | CheckGate,
  { speed, again }: Moment,
  weighedAt: string | undefined,
): boolean {
  if (toWeigh === undefined || gate.word !== "metricGate") return false;
  if (weighedAt !== undefined && weighedAt >= toWeigh.since) return false;
  // Who has it looked at again sees it outside again for so long before he is asked once more.
  return (
    again === undefined || ((Date.parse(toWeigh.last) - again.getTime()) / 1000) * speed > gate.windowSeconds
  );
}

/**
 * What lies between `pass` and the limits of a rollback no time of the contract decides on, unless it says how long it may
 * be held.
 */
function weighed(judged: Judgement, gate: MetricGate, moment: Moment): Judgement {
  const { state, verdict, why } = judged;
  const { outside } = state;
  if (verdict !== "hold" || outside === null || state.kept) return judged;
  const isOver = minutesAreOver(gate, moment);
  const isLong =
    gate.zones.holdAtMostSeconds === undefined &&
    lasted(outside) > gate.windowSeconds &&
    state.beyond.every((breach) => breach === null);
  if (!isOver && !isLong) return judged;
  const words = isOver ? whenOver(gate) : `for more than ${gate.windowSeconds} s`;
  const toWeigh = { since: outside.since, last: moment.now.toISOString(), why: `${why}, ${words}` };
  return { ...judged, state: { ...state, toWeigh } };
}

function whenOver({ minutes }: MetricGate): string {
  return `when minute ${minutes!.due} was over`;
}

function canRollBack(gate: MetricGate | CheckGate): boolean {
  if (gate.word === "checkGate") return gate.onBreach === "rollback";
  return gate.zones.rollback.length > 0 || gate.zones.holdAtMostSeconds !== undefined;
}

/** Whether what it sees is counted for a rollback. */
function goesBack({ outside, beyond }: GateState, gate: MetricGate | CheckGate): boolean {
  const isOutside = outside !== null;
  if (gate.word === "checkGate" || gate.zones.holdAtMostSeconds !== undefined) return isOutside;
  return beyond.some((breach) => breach !== null);
}

/** What it said last it said within its minutes: between two looks it does not change. */
function withMinutesOver(state: GateState, gate: MetricGate | CheckGate, moment: Moment): GateState {
  if (state.kept || !minutesAreOver(gate, moment)) return state;
  if (state.verdict === "pass") return { ...state, kept: true };
  const { outside, toWeigh } = state;
  if (gate.word !== "metricGate" || outside === null || toWeigh?.since === outside.since) return state;
  const why = `outside its limits ${whenOver(gate)}`;
  return { ...state, toWeigh: { since: outside.since, last: moment.now.toISOString(), why } };
}

function minutesAreOver({ minutes }: MetricGate | CheckGate, { now, speed, phaseBegan }: Moment): boolean {
  return minutes !== undefined && minutesSince(phaseBegan, now, speed) > minutes.due;
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
