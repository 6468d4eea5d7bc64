import type { Target } from "../../runbooks/target";
import { UserError } from "../user-error";
import { describeTarget, otherSide } from "./sides";
import { deployed, type Sighting } from "./sighting";

/**
 * Refuses to make the object that carries the traffic so that it points to a side without ready pods, while the other
 * has some: the object was lost, and the other side was live.
 *
 * @throws UserError naming the side that has pods
 */
export function refuseDeadPosition(
  system: string,
  target: Target,
  initial: string,
  sighting: Sighting,
): void {
  const other = otherSide(target, initial);
  if (other === undefined || ready(sighting, initial) > 0 || ready(sighting, other) === 0) return;
  throw new UserError(
    `${describeTarget(target)} is gone, and ${initial}, where it would first point, has no ready pod; ${other} has ${ready(sighting, other)}`,
    {
      mend: `the traffic was ${other}'s: set ${system}'s initial side to ${other} for this update, or scale ${initial} up first`,
    },
  );
}

function ready(sighting: Sighting, side: string): number {
  return deployed(sighting, side).reduce((sum, { readyReplicas }) => sum + readyReplicas, 0);
}
