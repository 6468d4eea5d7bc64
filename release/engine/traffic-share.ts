import type { ReleaseState } from "./state";

export interface TrafficShare {
  /** Percent that the candidate has at most. */
  readonly percent: number;
  /** In words: `25 %`; `0 to 100 %` where a step before broke off and nothing says how far it came. */
  readonly has: string;
  /** Percent that it is to have once the step that moves traffic is done; absent while none does. */
  readonly goingTo?: number;
  /** `, going to 0 %`, or nothing. */
  readonly going: string;
}

/** What share of the traffic the candidate has: what a step only set out to do is no fact yet. */
export function trafficShare({
  candidatePercent: goingTo,
  moving,
}: Pick<ReleaseState, "candidatePercent" | "moving">): TrafficShare {
  const { least, most } = moving ?? { least: goingTo, most: goingTo };
  const has = least === most ? `${most} %` : `${least} to ${most} %`;
  if (least === most && most === goingTo) return { percent: most, has, going: "" };
  return { percent: most, has, goingTo, going: `, going to ${goingTo} %` };
}
