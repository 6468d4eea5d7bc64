import type { Verdict } from "./gate-provider";
import type { GateState } from "./gate-state";

/** When a sample was taken, and what it is held against. */
export interface Moment {
  readonly now: Date;
  /** Runbook seconds in a real second: `Clock.speed`. */
  readonly speed: number;
  /** Start of the phase; `minutes` of a gate are counted from it. */
  readonly phaseBegan: Date;
  /** When a person last had the gates of a hold looked at again: the minutes they had last from then too. */
  readonly again?: Date;
  /** What `prepare` recorded for this gate; read by gates that are compared with a baseline. */
  readonly baseline?: number;
}

export interface Judgement {
  readonly state: GateState;
  readonly verdict: Verdict;
  /** What was seen and what that means, in one line for people. */
  readonly why: string;
  /**
   * Whether looking again could change it by itself: a gate of a precondition is looked at again, up to its `attempts`,
   * until this is true.
   */
  readonly settled: boolean;
}
