import type { ReleaseState } from "./state";

/**
 * Since when users have met what the numbers of the phase are about; undefined where these are of any time. What was measured
 * before that says nothing about the candidate: in a ramp it is what tests asked of its side, in a watch what the other
 * version answered.
 *
 * @returns ISO 8601
 */
export function measuredSince({
  phase,
  phaseBegan,
  movedAt,
}: Pick<ReleaseState, "phase" | "phaseBegan" | "movedAt">): string | undefined {
  switch (phase) {
    case "ramp":
      return phaseBegan;
    case "watch":
    case "rollback-watch":
      return movedAt;
    default:
      return undefined;
  }
}
