import type { Verdict } from "./gate-provider";

/** A breach that is going on. Durations are in runbook seconds. */
export interface Breach {
  /** When it was first seen; ISO 8601. */
  readonly since: string;
  /** Time of the newest datum that showed it; ISO 8601. */
  readonly datum: string;
  /** How far the data have gone on meanwhile. */
  readonly dataSeconds: number;
  /** How long it was watched: looks that came too late do not count in full. */
  readonly watchedSeconds: number;
  /** How long nothing could be concluded since it was last seen; above 0 while that is so. */
  readonly blindSeconds: number;
}

/** A number that was outside its zone `pass` so that a person has to weigh it: `isToBeWeighed`. */
export interface ToWeigh {
  /** When it was first seen outside, of the breach that came to that; ISO 8601. */
  readonly since: string;
  /** When it last was so; ISO 8601. */
  readonly last: string;
  /** What was seen, and why that is more than a moment's. */
  readonly why: string;
}

/** What a gate remembers between two looks. Plain JSON, so that it can stand in a journal. */
export interface GateState {
  readonly verdict?: Verdict;
  /** When it began to say `verdict`; ISO 8601. */
  readonly since?: string;
  /** Time of the last look; ISO 8601. */
  readonly lookedAt?: string;
  /** First time in this phase that it passed; ISO 8601. */
  readonly passedAt?: string;
  /** Its minutes are over, and it passed when they were: from then on only what leads to a rollback holds anything up. */
  readonly kept?: true;
  /** Kept when it passes again: whether that was right is a person's to say. Only of numbers. */
  readonly toWeigh?: ToWeigh;
  /** By rollback limit, in the contract's order; null where the value is not beyond it. */
  readonly beyond: readonly (Breach | null)[];
  /** Being outside the zone `pass`. For a check: failing. */
  readonly outside: Breach | null;
  /** Looks in a row that failed, and that said nothing. */
  readonly failures: number;
  readonly silences: number;
}

/** Nothing was looked at yet. */
export const unseen: GateState = { beyond: [], outside: null, failures: 0, silences: 0 };

/**
 * A look that comes later than so many intervals after the last one has not watched in between: a process was killed, a
 * machine slept, a clock was set forward.
 */
const lateIntervals = 3;

/**
 * Runbook seconds since the last look, never negative when a clock went back, and no more than some intervals.
 */
export function elapsedSeconds(
  state: GateState,
  { now, speed }: { readonly now: Date; readonly speed: number },
  intervalSeconds: number,
): number {
  if (state.lookedAt === undefined) return 0;
  const elapsed = ((now.getTime() - Date.parse(state.lookedAt)) / 1000) * speed;
  return Math.min(Math.max(elapsed, 0), lateIntervals * intervalSeconds);
}

/** What a look adds to a breach. */
export interface Step {
  readonly now: Date;
  readonly speed: number;
  /** Runbook seconds since the look before. */
  readonly elapsed: number;
}

/**
 * The breach goes on, or begins.
 * @param at time of the newest datum
 */
export function seenAgain(breach: Breach | null, at: Date, { now, speed, elapsed }: Step): Breach {
  const datum = at.toISOString();
  if (breach === null) {
    return { since: now.toISOString(), datum, dataSeconds: 0, watchedSeconds: 0, blindSeconds: 0 };
  }
  // The time in which nothing was seen is no time of the breach.
  if (breach.blindSeconds > 0) return { ...breach, datum, blindSeconds: 0 };
  const newer = ((at.getTime() - Date.parse(breach.datum)) / 1000) * speed;
  return {
    since: breach.since,
    datum,
    dataSeconds: breach.dataSeconds + Math.max(newer, 0),
    watchedSeconds: breach.watchedSeconds + elapsed,
    blindSeconds: 0,
  };
}

/** Nothing was seen: the breach waits, and is forgotten after `longestSeconds`. */
export function notSeen(breach: Breach | null, { elapsed }: Step, longestSeconds: number): Breach | null {
  if (breach === null) return null;
  const blindSeconds = Math.max(breach.blindSeconds + elapsed, Number.MIN_VALUE);
  return blindSeconds > longestSeconds ? null : { ...breach, blindSeconds };
}

/**
 * How long a breach has lasted. Both by the looks and by the data: a bad value that is answered again and again, because
 * no new data come, is not sustained.
 */
export function lasted({ dataSeconds, watchedSeconds }: Breach): number {
  return Math.min(dataSeconds, watchedSeconds);
}

/** The verdict with the time since when it says so. */
export function saying(state: GateState, before: GateState, verdict: Verdict, now: Date): GateState {
  const lookedAt = isoOf(now);
  const since = before.verdict === verdict ? (before.since ?? lookedAt) : lookedAt;
  const passedAt = before.passedAt ?? (verdict === "pass" ? lookedAt : undefined);
  return {
    ...state,
    verdict,
    since,
    lookedAt,
    ...(passedAt !== undefined && { passedAt }),
  };
}

let lastMoment = Number.NaN;
let lastIso = "";

/** The gates of a phase are looked at in the same moment: its text, which takes longest of all in a look, is made once. */
function isoOf(date: Date): string {
  const moment = date.getTime();
  if (moment !== lastMoment) {
    lastMoment = moment;
    lastIso = date.toISOString();
  }
  return lastIso;
}
