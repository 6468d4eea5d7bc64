import type { MetricGate } from "../../runbooks/entry-basics";

/** How sure a gate must be able to be. */
export const confidence = 0.95;

/** Requests that a ramp needs at one weight so that one gate can say anything, and so that what it says means something. */
export interface Power {
  readonly percent: number;
  readonly windowSeconds: number;
  /** Requests in the window below which the gate never concludes anything. */
  readonly minimumRequests: number;
  /**
   * Requests in the window among which a candidate at the limit shows itself with 95 % probability; with fewer a pass says
   * little.
   */
  readonly telling: number;
  /** The limit as a share: of requests that fail, or of those slower than the percentile. */
  readonly limitShare: number;
  /** Of the whole system, per second, for the two of them. */
  readonly leastRequestsPerSecond: number;
  readonly tellingRequestsPerSecond: number;
}

/**
 * Whether a gate counts the candidate's own requests, not those of both sides: by the side's name, or by the role that a
 * slot logs as.
 */
export function seesCandidateAlone({ minimumSample }: MetricGate): boolean {
  if (minimumSample.of !== "events") return false;
  return minimumSample.query.includes("$candidate") || minimumSample.query.includes("AppRoleName endswith");
}

/**
 * How many requests a gate needs at a weight of the ramp.
 *
 * A candidate whose share of failures is exactly the limit shows none of them in n requests with the probability
 * (1 - limit)^n; `telling` is the n for which that is 5 %. Of a p95 it is the share above it that is counted.
 *
 * @returns undefined for a gate that counts no requests
 */
export function powerOf(gate: MetricGate, percent: number): Power | undefined {
  const { minimumSample, windowSeconds } = gate;
  if (minimumSample.of !== "events" || percent <= 0) return undefined;
  const limitShare = shareOf(gate);
  const telling = requestsToSee(limitShare);
  const seen = (seesCandidateAlone(gate) ? percent / 100 : 1) * windowSeconds;
  return {
    percent,
    windowSeconds,
    minimumRequests: minimumSample.atLeast,
    telling,
    limitShare,
    leastRequestsPerSecond: minimumSample.atLeast / seen,
    tellingRequestsPerSecond: Math.max(telling, minimumSample.atLeast) / seen,
  };
}

/** Requests among which something of this share is seen at least once with the wanted confidence. */
export function requestsToSee(share: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - share));
}

/** Half of a percentile's meaning is what lies above it: one of twenty. */
const aboveP95 = 0.05;

/** The limit that decides: where a rollback begins, else where a pass ends. */
function shareOf({ zones, unit, comparedWith }: MetricGate): number {
  const limit =
    zones.rollback.length > 0 ? Math.min(...zones.rollback.map((zone) => zone.limit)) : zones.pass.limit;
  const share = unit === "percent" ? limit / 100 : unit === "ratio" ? limit : aboveP95;
  return comparedWith === undefined && share > 0 && share < 0.5 ? share : aboveP95;
}
