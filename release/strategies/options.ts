import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import type { SidesOfRelease, WriteGuard } from "./strategy";
import type { VersionProof } from "./version-proof";

/** What all strategies are made with. */
export interface StrategyParts {
  readonly sides: SidesOfRelease;
  readonly surroundings: Surroundings;
  readonly guard: WriteGuard;
  readonly clock: Clock;
  readonly proof: VersionProof | undefined;
  /** Of the lease; an object that a later holder has marked is not written. @default 0 */
  readonly epoch: number;
  readonly patience: Patience;
  /** Of one try. @default none */
  readonly limit?: AbortSignal;
}

/** The parts of one try. Waits end with its limit, and the guard refuses what the try would still write. */
export function partsUntil(limit: AbortSignal, parts: StrategyParts): StrategyParts {
  const { clock, guard } = parts;
  return {
    ...parts,
    limit,
    async guard() {
      await guard();
      limit.throwIfAborted();
    },
    clock: {
      speed: clock.speed,
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (milliseconds, signal) =>
        clock.sleep(milliseconds, signal === undefined ? limit : AbortSignal.any([signal, limit])),
    },
  };
}

/** How long the platform is waited for, in seconds of a runbook. */
export interface Patience {
  /** Pods of a side until they are ready. */
  readonly readySeconds: number;
  readonly swapSeconds: number;
  /** Controllers of a cluster until they have taken up where traffic is to go. */
  readonly servedSeconds: number;
  /** A package until its deployment has ended, and then until the site answers with its version. */
  readonly deploySeconds: number;
  /** Real milliseconds between looks. */
  readonly lookMilliseconds: number;
}

export const usualPatience: Patience = {
  readySeconds: 600,
  swapSeconds: 600,
  servedSeconds: 60,
  deploySeconds: 600,
  lookMilliseconds: 250,
};
