import type { CheckGate } from "../../runbooks/entry-basics";
import type { Sample } from "./gate-provider";
import { elapsedSeconds, type GateState, lasted, notSeen, type Step, saying, seenAgain } from "./gate-state";
import type { Judgement, Moment } from "./judgement";

/** Between two looks where a gate states nothing: its time limit, within which a look ends. */
function intervalOf(gate: CheckGate): number {
  return gate.everySeconds ?? gate.timeoutSeconds;
}

/**
 * A check fails for good after `attempts` failures in a row that lasted `sustainedSeconds`; until then it is a `hold` that
 * is looked at again.
 */
export function nextOfCheck(state: GateState, gate: CheckGate, sample: Sample, moment: Moment): Judgement {
  const interval = intervalOf(gate);
  const elapsed = elapsedSeconds(state, moment, interval);
  const step: Step = { now: moment.now, speed: moment.speed, elapsed };
  if (sample.kind !== "answer") {
    const why =
      sample.kind === "nothing" ? sample.why : `yes or no was asked for, and the answer is ${sample.value}`;
    // As long as a full round of attempts could have said nothing.
    const outside = notSeen(state.outside, step, interval * (gate.attempts + 1));
    const failures = outside === null ? 0 : state.failures;
    const after = { ...state, outside, failures, silences: state.silences + 1 };
    const settled = after.silences + after.failures >= gate.attempts;
    return { state: saying(after, state, "inconclusive", moment.now), verdict: "inconclusive", why, settled };
  }
  const { holds, seen } = sample;
  if (holds) {
    const after = { ...state, outside: null, failures: 0, silences: 0 };
    return { state: saying(after, state, "pass", moment.now), verdict: "pass", why: seen, settled: true };
  }
  const outside = seenAgain(state.outside, moment.now, step);
  const failures = state.failures + 1;
  const after = { ...state, outside, failures, silences: 0 };
  const counts = breachCounts(after, gate);
  // What is only shown never holds anything up.
  const verdict = counts || gate.onBreach === "report" ? gate.onBreach : "hold";
  const why = counts ? seen : `${seen} (${progress(gate, failures, lasted(outside))})`;
  return { state: saying(after, state, verdict, moment.now), verdict, why, settled: counts };
}

/** Whether it failed as often in a row, and for as long, as makes it a no; until then it may be chance. */
export function breachCounts(
  { failures, outside }: GateState,
  { attempts, sustainedSeconds = 0 }: CheckGate,
): boolean {
  return outside !== null && failures >= attempts && lasted(outside) >= sustainedSeconds;
}

function progress({ attempts, sustainedSeconds }: CheckGate, failures: number, seconds: number): string {
  const tried = `failure ${failures}, counts after ${attempts}`;
  return sustainedSeconds === undefined
    ? tried
    : `${tried} and ${sustainedSeconds} s, of which ${Math.round(seconds)} have passed`;
}
