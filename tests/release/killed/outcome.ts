import type { RunResult } from "../../../release/engine/run";
import type { JournalRecord } from "../../../release/journal/entry";

/** How a release went whose processes were struck, or were not. */
export interface FarRelease {
  readonly result: RunResult;
  readonly processes: number;
  /** How many of the blows struck. */
  readonly struck: number;
  readonly records: readonly JournalRecord[];
  /** Virtual seconds of the records. */
  readonly times: readonly number[];
  readonly changes: readonly Change[];
  /** What the processes said to whoever sat in front of them. */
  readonly said: readonly string[];
  /** What did not hold; none, or something is broken. */
  readonly violations: readonly string[];
}

/** A change of the world, named after what was changed and where the traffic stood then. */
export interface Change {
  readonly name: string;
  /** Number of the newest record. */
  readonly afterRecord: number;
}
