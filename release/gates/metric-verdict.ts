import type { MetricGate } from "../../runbooks/entry-basics";
import type { Sample } from "./gate-provider";
import {
  type Breach,
  elapsedSeconds,
  type GateState,
  lasted,
  notSeen,
  type Step,
  saying,
  seenAgain,
} from "./gate-state";
import type { Judgement, Moment } from "./judgement";

type Operator = MetricGate["zones"]["pass"]["operator"];
type Value = Extract<Sample, { kind: "value" }>;

const comparisons: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

const opposites: Readonly<Record<Operator, Operator>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

/** A sample that says something, as the zones read it; or why it says nothing. */
type Reading =
  | { readonly value: number; readonly at: Date; readonly said: string }
  | { readonly why: string };

export function nextOfMetric(state: GateState, gate: MetricGate, sample: Sample, moment: Moment): Judgement {
  const elapsed = elapsedSeconds(state, moment, gate.intervalSeconds);
  const step: Step = { now: moment.now, speed: moment.speed, elapsed };
  const reading = read(gate, sample, moment);
  return "why" in reading
    ? judgeBlind(state, gate, reading.why, step)
    : judgeSeen(state, gate, reading, step);
}

/** What a baseline may be made of: a sample that a gate could be judged by. */
export function baselineOf(
  gate: MetricGate,
  sample: Sample,
  moment: Pick<Moment, "now" | "speed">,
): { readonly value: number; readonly count: number } | { readonly why: string } {
  const why = unusable(gate, sample, moment);
  if (why !== undefined) return { why };
  const { value, count } = sample as Value;
  return value === 0 ? { why: "it is 0, and no factor of it says anything" } : { value, count };
}

/** Whether a sample is within the zone `pass` and beyond no limit of the others. */
export function isHealthy(gate: MetricGate, sample: Sample, moment: Moment): boolean {
  if (gate.comparedWith === "baseline" || unusable(gate, sample, moment) !== undefined) return false;
  const { value } = sample as Value;
  const { pass, rollback } = gate.zones;
  return (
    comparisons[pass.operator](value, pass.limit) &&
    !rollback.some(({ operator, limit }) => comparisons[operator](value, limit))
  );
}

function read(gate: MetricGate, sample: Sample, moment: Moment): Reading {
  const why = unusable(gate, sample, moment);
  if (why !== undefined) return { why };
  const { value, at, beside } = sample as Value;
  if (gate.comparedWith !== "baseline") {
    const said = withUnit(value, gate);
    return { value, at, said: beside === undefined ? said : `${said} (beside it ${beside})` };
  }
  const { baseline } = moment;
  if (baseline === undefined) return { why: "no baseline was recorded before the release" };
  if (!Number.isFinite(baseline) || baseline === 0) return { why: `the baseline is ${baseline}` };
  return {
    value: value / baseline,
    at,
    said: `${plain(value / baseline)} times the baseline (${plain(value)} against ${plain(baseline)})`,
  };
}

/** Why nothing may be concluded from a sample; undefined when it may. */
export function unusable(
  gate: MetricGate,
  sample: Sample,
  { now, speed }: Pick<Moment, "now" | "speed">,
): string | undefined {
  if (sample.kind === "nothing") return sample.why;
  if (sample.kind === "answer") return `a number was asked for, and the answer is: ${sample.seen}`;
  const { value, at, count } = sample;
  if (!Number.isFinite(value)) return `the answer is ${value}, which is no number`;
  const { of, atLeast } = gate.minimumSample;
  const counted = of === "events" ? "events" : "data points";
  if (!(count >= atLeast)) {
    const rounded = Math.floor(count * 10) / 10;
    return `${rounded} ${counted} in ${gate.windowSeconds} s, and at least ${atLeast} are needed`;
  }
  const age = ((now.getTime() - at.getTime()) / 1000) * speed;
  const allowed = gate.windowSeconds + gate.telemetryDelaySeconds;
  if (!(age <= allowed))
    return `the newest datum is ${Math.round(age)} s old, and at most ${allowed} s are allowed`;
  return undefined;
}

function judgeBlind(state: GateState, gate: MetricGate, why: string, step: Step): Judgement {
  const longest = gate.windowSeconds + gate.telemetryDelaySeconds;
  const blind = (breach: Breach | null) => notSeen(breach, step, longest);
  const after: GateState = {
    ...state,
    beyond: state.beyond.map(blind),
    outside: blind(state.outside),
    silences: state.silences + 1,
  };
  return judged(after, state, "inconclusive", why, step);
}

function judgeSeen(
  state: GateState,
  gate: MetricGate,
  { value, at, said }: Exclude<Reading, { why: string }>,
  step: Step,
): Judgement {
  const { pass, rollback, holdAtMostSeconds } = gate.zones;
  const passes = comparisons[pass.operator](value, pass.limit);
  const beyond = rollback.map(({ operator, limit }, index) =>
    comparisons[operator](value, limit) ? seenAgain(state.beyond[index] ?? null, at, step) : null,
  );
  const outside = passes ? null : seenAgain(state.outside, at, step);
  const after: GateState = {
    ...state,
    beyond,
    outside,
    failures: passes ? 0 : state.failures + 1,
    silences: 0,
  };

  const reached = rollback.findIndex(({ sustainedSeconds }, index) => {
    const breach = beyond[index] ?? null;
    return breach !== null && lasted(breach) >= sustainedSeconds;
  });
  if (reached >= 0) {
    const { operator, limit, sustainedSeconds } = rollback[reached]!;
    const time = sustainedSeconds === 0 ? "" : ` for ${sustainedSeconds} s`;
    return judged(after, state, "rollback", `${said}, ${operator} ${limit}${time}`, step);
  }
  if (passes) return judged(after, state, "pass", `${said}, ${pass.operator} ${pass.limit}`, step);
  const held = outside === null ? 0 : lasted(outside);
  const outsideWords = `${said}, ${opposites[pass.operator]} ${pass.limit}`;
  if (holdAtMostSeconds !== undefined && held > holdAtMostSeconds) {
    const why = `${outsideWords}, held for ${Math.round(held)} s and at most ${holdAtMostSeconds} s are allowed`;
    return judged(after, state, "rollback", why, step);
  }
  return judged(after, state, "hold", `${outsideWords}${untilRollback(gate, beyond)}`, step);
}

/** What is still missing to a rollback, for whoever watches. */
function untilRollback({ zones }: MetricGate, beyond: readonly (Breach | null)[]): string {
  const [first] = zones.rollback
    .flatMap(({ operator, limit, sustainedSeconds }, index) => {
      const breach = beyond[index] ?? null;
      return breach === null ? [] : [{ operator, limit, sustainedSeconds, soFar: lasted(breach) }];
    })
    .sort((a, b) => a.sustainedSeconds - a.soFar - (b.sustainedSeconds - b.soFar));
  if (first === undefined) return "";
  const { operator, limit, sustainedSeconds, soFar } = first;
  return `; ${operator} ${limit} for ${Math.round(soFar)} of ${sustainedSeconds} s`;
}

function judged(
  after: GateState,
  before: GateState,
  verdict: Judgement["verdict"],
  why: string,
  { now }: Step,
): Judgement {
  // A number moves by itself: only what ends the release is final.
  const settled = verdict === "pass" || verdict === "rollback";
  return { state: saying(after, before, verdict, now), verdict, why, settled };
}

const unitWords: Readonly<Record<MetricGate["unit"], string>> = {
  percent: " %",
  ratio: "",
  milliseconds: " ms",
  seconds: " s",
  count: "",
  countPerSecond: " per second",
  countPerMinute: " per minute",
  days: " days",
  bytes: " bytes",
  usd: " USD",
  inr: " INR",
  requestUnitsPerSecond: " RU/s",
};

function withUnit(value: number, { unit }: MetricGate): string {
  return plain(value) + unitWords[unit];
}

/** Four digits that count; whole numbers whole. */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
