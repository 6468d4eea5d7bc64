import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Environment } from "../../runbooks/model";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Clock } from "../engine/clock";
import type { Manifest } from "../plan/manifest";

/**
 * What a provider saw. A number or an answer only when the data say it: NaN, an empty vector, a series that stopped, data
 * that are older than delay and window allow, a provider that does not answer are `nothing`, from which no gate concludes
 * anything.
 */
export type Sample =
  | {
      readonly kind: "value";
      readonly value: number;
      /** Time of the newest datum in it. */
      readonly at: Date;
      /** What the minimum sample is held against: events counted, or data points in the window. */
      readonly count: number;
      /** The question as it was asked, with sides filled in. */
      readonly question: string;
      /** What was seen and is not counted in the value, in words. */
      readonly beside?: string;
    }
  | { readonly kind: "answer"; readonly holds: boolean; readonly seen: string; readonly question: string }
  | { readonly kind: "nothing"; readonly why: string; readonly question: string };

/** What a gate says. Three answers that are not each other: `hold` is seen to be bad, `inconclusive` is not seen. */
export type Verdict = "pass" | "hold" | "rollback" | "refuse" | "report" | "inconclusive";

/** What a look may know and use. Secrets are read when they are needed and never kept. */
export interface GateContext {
  readonly environment: Environment;
  readonly facts: ReleaseFacts;
  readonly manifest: Manifest;
  /** Side by track, as the release has fixed them: what is new, and what was live when it began. */
  readonly candidate: Readonly<Record<string, string>>;
  readonly live: Readonly<Record<string, string>>;
  /** Version that was live when the release began, where it proved one. */
  readonly liveVersion?: string;
  /** The release goes back to what was live when it began: a task that is asked is of that side. @default false */
  readonly goesBack?: boolean;
  readonly clock: Clock;
  /** Start of the phase and of the release. */
  readonly phaseBegan: Date;
  readonly releaseBegan: Date;
  /** Since when users have met what the phase's numbers are about; absent where there is no such moment (ADR 0150). */
  readonly measuredSince?: Date;
  /** What `prepare` recorded before anything moved, by name of the gate. */
  readonly baselines: Readonly<Record<string, number>>;
  /** Answers of other gates in this release, for `tokenFrom` and `beforeMigration`. */
  readonly remembered: Map<string, unknown>;
  readonly signal: AbortSignal;
}

/** Looks once. Never throws for what the world does: that is a `nothing` with the reason. */
export interface GateProvider<Gate extends MetricGate | CheckGate> {
  look(gate: Gate, context: GateContext): Promise<Sample>;
}
