import type { Environment, SystemName } from "../../runbooks/model";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Entry, Phase } from "../../runbooks/vocabulary";
import type { NamedDays } from "../calendar/calendar";
import type { Manifest } from "./manifest";
import type { StackChanges } from "./stack-changes";
import type { SwapPreflight } from "./swap-preflight";

/** What a release is: any of these words of `releases` in a contract's entries. */
export type ReleaseType = "infrastructure" | "application" | "migration" | "normal" | "emergency";

/** One thing that the release does, asks, demands or tells, at its place. */
export interface PlanStep {
  /** Unique in the plan; `PHASE/ENTRY`, for the weights of a ramp `PHASE/ENTRY/PERCENT`. */
  readonly id: string;
  readonly phase: Phase;
  /** Name of the contract's entry. */
  readonly entry: string;
  readonly statements: readonly string[];
  readonly title: string;
  /** What happens, in words: `30 % of the traffic to green, held 10 min`. */
  readonly action: string;
  readonly does: StepWork;
  /** Ids of the steps that must have passed before; their verdicts are looked at again just before this one. */
  readonly precondition: readonly string[];
  /** What is read back afterwards, in words. */
  readonly observation: string;
  readonly timeoutSeconds: number;
  /** How long it is planned to take. */
  readonly plannedSeconds: number;
  /** How it is undone, in words; `nothing` when it cannot be. */
  readonly undo: string;
  /** Who is needed, by role. */
  readonly people: readonly string[];
  /** Messages that go out with it, by the names of their entries. */
  readonly tells: readonly string[];
}

export type StepWork =
  | { readonly as: "action" }
  /** One weight of a ramp. */
  | { readonly as: "weight"; readonly percent: number; readonly holdSeconds: number }
  /** A gate that is looked at here, before what follows. */
  | { readonly as: "gate" }
  | { readonly as: "evidence" }
  | { readonly as: "approval" }
  /** Asked so long after the phase began; the next question does not wait for the answer to this one. @default 0 */
  | { readonly as: "question"; readonly afterSeconds?: number }
  | { readonly as: "message"; readonly afterSeconds?: number }
  | { readonly as: "record" }
  /** Until so many seconds after a moment, ISO 8601: for which the release was scheduled, and people were told what follows. */
  | { readonly as: "wait"; readonly since: string; readonly seconds: number }
  /**
   * The time during which the gates of the phase are looked at again and again; last in its phase. It is counted from the
   * phase's beginning, from when traffic moved last, or from when the steps before it were done. @default phase
   */
  | { readonly as: "watch"; readonly seconds: number; readonly since?: "phase" | "traffic" | "steps" };

/** A gate that is looked at all through some phases. */
export interface WatchedGate {
  readonly entry: string;
  readonly phases: readonly Phase[];
  /** Weight of the ramp from which on it is asked: below it the candidate has no request that it could judge. @default 0 */
  readonly fromPercent?: number;
  /** The one weight of the ramp at which it is asked; absent where it is at all of them. */
  readonly atPercent?: number;
}

export interface Plan {
  /** Of contract, manifest, from-version, changes of the stack and steps; what is observed is not in it. */
  readonly digest: string;
  readonly system: SystemName;
  readonly environment: Environment;
  readonly types: readonly ReleaseType[];
  /**
   * Of a release of infrastructure alone what its update of the stack changes. Such a release has no candidate: nothing is
   * deployed, no traffic moves, and both `from` and `to` are what is live. Absent for every other release.
   */
  readonly stack?: StackChanges;
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  readonly contractDigest: string;
  readonly from: PlanSide;
  readonly to: PlanSide;
  /**
   * Release key of the live side of each track: by it a side that was kept is known again after the release's end. Sites
   * have none, and older plans name none. Not in the digest.
   */
  readonly fromKeys?: Readonly<Record<string, string>>;
  readonly facts: ReleaseFacts;
  /** Forwards, from the first phase to `finish`. */
  readonly steps: readonly PlanStep[];
  /** The way back, for when it is needed: `rollback`, `rollback-watch`, `rolled-back`. */
  readonly rollback: readonly PlanStep[];
  /** Restoring data, which a named person decides: `restore`. */
  readonly restore: readonly PlanStep[];
  /** What is done when it ends before it moved anything: `aborted`. */
  readonly aborted: readonly PlanStep[];
  readonly watched: readonly WatchedGate[];
  /**
   * Every entry that the steps and the watched gates name, so that a plan is whole in itself; and the targets, windows,
   * escalations and follow-ups that hold for it, and the messages of a hold.
   */
  readonly entries: Readonly<Record<string, Entry>>;
  /** By track, what a swap of its slot would do to the settings when the plan was made. Not in the digest. */
  readonly swaps?: Readonly<Record<string, SwapPreflight>>;
  /** Why it takes the emergency path; absent for a normal release. */
  readonly reason?: string;
  /** When it begins, ISO 8601, as its windows were looked at. Not in the digest. */
  readonly startsAt: string;
  /** What was announced of it before it began; absent for a release that nobody scheduled. Not in the digest. */
  readonly scheduled?: Announced;
  /** Days that only the owner knows, by which its windows were looked at. Not in the digest. */
  readonly days: NamedDays;
  /** What whoever starts it should know; not in the digest. */
  readonly warnings: readonly string[];
}

/** A schedule of the release, and who was told of it. */
export interface Announced {
  /** Id of the schedule. */
  readonly schedule: string;
  /** When it was announced to begin, ISO 8601. */
  readonly startsAt: string;
  /** By the name of a message: when it was delivered last, and by which of its channels, counted from 0. */
  readonly told: Readonly<Record<string, { readonly at: string; readonly channels: readonly number[] }>>;
}

/** A side of the release as people name it. */
export interface PlanSide {
  /** Readable version; absent when nothing is deployed or nobody can tell. */
  readonly version?: string;
  /** Side by track: `blue`, `staging`. */
  readonly sides: Readonly<Record<string, string>>;
}
