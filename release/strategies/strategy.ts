import type { ManifestComponent } from "../plan/manifest";
import type { Sighting } from "../targets/sighting";

/** What a release knows of the two sides of one track from its start on, whatever happens meanwhile. */
export interface SidesOfRelease {
  readonly release: string;
  readonly system: string;
  /** Side that gets the new version. */
  readonly candidate: string;
  /** Side that had the traffic when the release began, and gets it back in a rollback. */
  readonly live: string;
  readonly version: string;
  /**
   * Version that was live when the release began. Where the new one no longer says what it is, it is by this one on the
   * other side that a site is known to have been swapped.
   */
  readonly liveVersion?: string;
  /** When the release began: a swap or a deployment before that is none of its own. */
  readonly startedAt?: Date;
  /** Whether its traffic had gone back when this process took it up, as its journal says. @default false */
  readonly wentBack?: boolean;
  /** Release key that the side must still have which gets the traffic back, where nothing has kept it meanwhile. */
  readonly liveKey?: string;
  /** By component name; those of this track. */
  readonly components: Readonly<Record<string, ManifestComponent>>;
  /** Kept artefacts of the version before, by component: what `revert` of a static site deploys again, and a slot gets for those held there. */
  readonly previous: Readonly<Record<string, ManifestComponent>>;
}

/**
 * Asked immediately before every write to traffic, after the object was read and before it is written.
 * @throws LeaseLost when the release is no longer this process's: then nothing may be written
 */
export type WriteGuard = () => Promise<void>;

/** Where a track stands. */
export interface Position {
  readonly sighting: Sighting;
  /** Percent of the traffic on the candidate's side. */
  readonly candidatePercent: number;
  /** Whether the candidate's side could take traffic now: ready, and proven to be the candidate's version. */
  readonly candidateReady: boolean;
  /** The same of the side that was live, for the way back. */
  readonly liveReady: boolean;
  /** What that side lacks of all its pods, in words: half of them are enough to be ready. Sites have none. */
  readonly liveLacks?: readonly string[];
  /** Version that the candidate's side proves, where it can be asked. */
  readonly candidateVersion?: string;
  readonly why: readonly string[];
}

/** What the platform itself took, apart from what the release did around it. */
export interface Timing {
  readonly ownMilliseconds: number;
  readonly platformMilliseconds: number;
}

export interface ScaleOptions {
  /** Nothing may write while data are restored: the side goes down although people are sent to it. @default false */
  readonly stopsServing?: boolean;
  /** The side is to have traffic back: then it is ready as soon as it is for that. @default false */
  readonly goesBack?: boolean;
}

/**
 * How one kind of target is released. Every method looks first, does only what is missing, and reads back: repeated, it
 * changes nothing. All pass one conformance suite (tests/release/strategies).
 *
 * @throws UserError with `retriable` for what may succeed when it is tried again (429, 500, conflict, network), and
 *   without for what will not
 */
export interface Strategy {
  observe(): Promise<Position>;
  /**
   * Marks what carries the traffic, and what is scaled, with the epoch of the lease, at a release's start and at each
   * take-over: a write that an older holder has begun then conflicts. Sites cannot be marked.
   */
  claim?(): Promise<void>;
  /**
   * The candidate on the side without traffic: deployed or scaled up, ready, its version proven.
   * @param progress lines for people, such as `7 of 10 pods ready`
   */
  deployIdle(progress: (line: string) => void, signal: AbortSignal): Promise<Timing>;
  /**
   * @param percent of the traffic for the candidate; the rest stays
   * @throws UserError when a side that would get traffic is not ready
   */
  setTraffic(percent: number): Promise<Timing>;
  /** The candidate becomes what everybody gets: the selector, weight 100, the swap. */
  promote(progress: (line: string) => void): Promise<Timing>;
  /** All traffic to the side that was live, whatever stands in between; scales it up first where it was scaled down. */
  revert(progress: (line: string) => void): Promise<Timing>;
  /**
   * The version before on the side of the candidate as well, which has no traffic any more: for clients whom the platform
   * holds there by a cookie. Only where it does so.
   *
   * @returns why it cannot be done; undefined when it is there
   */
  deployPrevious?(progress: (line: string) => void): Promise<string | undefined>;
  /** Requests that the idle side answers before it gets traffic; each must prove the candidate's version. */
  warmUp(requests: { path: string; times: number; secondsApart: number; status: number }): Promise<Timing>;
  /**
   * Pods of components on a side; `declared` is the autoscaler's minimum, and of a side with fewer what the other has grown
   * to: nothing is taken from a side that has more. Sites have none.
   *
   * @throws UserError for none on a side that has traffic, unless that is what is wanted
   */
  scale(
    side: string,
    components: readonly string[],
    to: number | "declared",
    options?: ScaleOptions,
  ): Promise<Timing>;
  /** Nobody is served (`false`), or the live side serves again: around a restore. */
  serve(on: boolean): Promise<Timing>;
  /** Takes the mark of the kept side away: the release is over. */
  finish(): Promise<void>;
  /** The same for one try: once its limit is aborted it waits for nothing more, and begins no write. */
  until?(limit: AbortSignal): Strategy;
}

export function forOneTry(strategy: Strategy, limit: AbortSignal): Strategy {
  return strategy.until?.(limit) ?? strategy;
}
