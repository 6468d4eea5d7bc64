import type { Target } from "../../runbooks/target";
import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import { systemClock } from "../engine/system-clock";
import { ClusterStrategy } from "./kubernetes/cluster-strategy";
import { type Patience, type StrategyParts, usualPatience } from "./options";
import { SlotsStrategy } from "./slots/slots-strategy";
import { StaticSiteStrategy } from "./static-site/static-site-strategy";
import type { SidesOfRelease, Strategy, WriteGuard } from "./strategy";
import type { VersionProof } from "./version-proof";

export interface StrategyOptions {
  /** @default the machine's */
  readonly clock?: Clock;
  /** How the track's version is proven: `versionProofOf` of the contract's entries. */
  readonly proof?: VersionProof;
  /** Of the lease. @default 0, which marks nothing */
  readonly epoch?: number;
  readonly patience?: Partial<Patience>;
}

/**
 * How a track is released.
 *
 * @param sides of this track: its components only
 * @param guard asked before every write
 */
export function strategyOf(
  target: Target,
  sides: SidesOfRelease,
  surroundings: Surroundings,
  guard: WriteGuard,
  { clock = systemClock(), proof, epoch = 0, patience }: StrategyOptions = {},
): Strategy {
  const parts: StrategyParts = {
    sides,
    surroundings,
    guard,
    clock,
    proof,
    epoch,
    patience: { ...usualPatience, ...patience },
  };
  switch (target.kind) {
    case "selector":
    case "gateway":
      return new ClusterStrategy(target, parts);
    case "slots":
      return new SlotsStrategy(target, parts);
    case "staticSite":
      return new StaticSiteStrategy(target, parts);
  }
}
