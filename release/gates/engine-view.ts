import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Backup, BackupProof } from "../data/data-adapter";
import type { Position } from "../strategies/strategy";
import type { Verdict } from "./gate-provider";

/** What a gate of the provider `release` may expect of the release itself. */
export type ReleaseExpectation = Extract<CheckGate["check"], { provider: "release" }>["expects"];
/** What a metric gate of the provider `release` measures. */
export type ReleaseMeasure = Extract<MetricGate["measurement"], { provider: "release" }>["measure"];

/** A number that the release counts of itself. */
export interface Figure {
  readonly value: number;
  /** When the newest event in it was counted. */
  readonly at: Date;
  /** How many observations it is made of: requests sent, durations measured. */
  readonly count: number;
}

/** What the release counts while it runs. */
export interface ReleaseFigures {
  /**
   * @param windowSeconds length of real time, back from now, that `lostRequests` is counted over; durations ignore it
   * @returns undefined while there is nothing to count: no switch yet, no request sent
   */
  figure(measure: ReleaseMeasure, windowSeconds: number): Figure | undefined;
}

export interface TrackPosition {
  readonly track: string;
  readonly position: Position;
  /** Release key or version of both sides as they are deployed, where they carry one. */
  readonly candidateKey?: string;
  /** Release key that the manifest's block has; sites have none. */
  readonly wantedKey?: string;
  readonly liveKey?: string;
  /** Pods that the candidate's side is to have; sites have none. */
  readonly candidatePods?: number;
  /** Whether the side that was live is marked as kept for the way back. */
  readonly previousKept: boolean;
  /** Whether the release has not come to this track yet: a site in one piece is replaced when the others have moved. */
  readonly later?: boolean;
}

/** What is known of the stack that declares the system. */
export interface StackKnowledge {
  /** How the last update ended; absent when none was recorded. */
  readonly lastUpdate?: { readonly succeeded: boolean; readonly at: string };
  /** URNs that a preview would change. Absent when no preview was made for this release. */
  readonly wouldChange?: readonly string[];
  /** Digest of all that the same preview would change. */
  readonly changes?: string;
  /** Outputs that the release reads and that are not there. */
  readonly missingOutputs: readonly string[];
}

/** What was seen of the system's resources in the world: Azure and clusters were asked, not the recorded state. */
export interface LiveResources {
  /** How many are as they were declared. */
  readonly same: number;
  /** Those that are not, each with how: `x is gone`. */
  readonly differ: readonly string[];
  /** Those of which nobody could tell. */
  readonly undecided: readonly string[];
}

/**
 * What a release knows of itself, for gates that ask for it. The executor implements it; everything is read at the moment
 * it is asked. `undefined` means that nobody knows, from which a gate concludes nothing.
 *
 * @throws UserError when the world does not answer; the gate is then inconclusive
 */
export interface EngineView {
  readonly release: string;
  readonly figures: ReleaseFigures;
  /** Digest of the changes that the release was planned for; absent for one that deploys something. */
  readonly plannedChanges?: string;
  /** Every track, looked at now, in the contract's order. */
  positions(): Promise<readonly TrackPosition[]>;
  /** What a gate of the same contract said last in this release. */
  lastVerdict(gate: string): { readonly verdict: Verdict; readonly why: string } | undefined;
  /** Backups that this release made and what proved them; `required` names the stores that need one. */
  backups(): {
    readonly required: readonly string[];
    readonly made: readonly { readonly backup: Backup; readonly proof?: BackupProof }[];
  };
  /** Migrations of the manifest: which ran, and which were verified afterwards. */
  migrations(): {
    readonly wanted: readonly string[];
    readonly ran: readonly string[];
    readonly verified: readonly string[];
  };
  /** Who holds the system's lease now. */
  lease(): Promise<{ readonly release: string; readonly holder: string } | undefined>;
  /** Post-mortems and blocking follow-ups of earlier releases that are open, in words. */
  openPostMortems(): Promise<readonly string[] | undefined>;
  openFollowUps(): Promise<readonly string[] | undefined>;
  stack(): Promise<StackKnowledge | undefined>;
  liveResources(): Promise<LiveResources | undefined>;
  /** What the candidate changes against what is live, and whether that is as little as the emergency path allows. */
  change(): Promise<{ readonly minimal: boolean; readonly seen: string } | undefined>;
  /** Whether a window of the contract is open now. */
  window(): Promise<{ readonly open: boolean; readonly seen: string } | undefined>;
}
