import type { Workload } from "../targets/sighting";
import type { SwapPreflight } from "./swap-preflight";

/** What of a track is seen when a plan is made. */
export interface ObservedTrack {
  readonly exists: boolean;
  /** Why nothing exists or nothing is known, in words. */
  readonly reason?: string;
  /** Side with the most traffic. */
  readonly live?: string;
  /** Side that may be changed: without traffic and not kept for a rollback. A static site has none. */
  readonly idle?: string;
  /** Percent by side. */
  readonly traffic: Readonly<Record<string, number>>;
  /** Release key deployed, by side; sites have none. */
  readonly keys: Readonly<Record<string, string>>;
  /** Readable version by side, where somebody can tell. */
  readonly versions: Readonly<Record<string, string>>;
  /** Release that keeps the other side for its rollback. */
  readonly retainedBy?: string;
  /** Deployments of the idle side that have pods, if any; sites have none. */
  readonly podsOnIdle?: readonly Workload[];
  /** What a swap of a slot would do to the settings now, or why that could not be seen. */
  readonly swap?: SwapPreflight | { readonly unseen: string };
}

/** By name of the track. */
export type Observed = Readonly<Record<string, ObservedTrack>>;
