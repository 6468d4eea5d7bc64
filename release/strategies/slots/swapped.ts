import type { SlotsTarget } from "../../../runbooks/target";
import { describeTarget, productionSide } from "../../targets/sides";
import { UserError } from "../../user-error";
import type { SideHosts } from "./site";

/** What ARM itself knows of a site and its slot, in milliseconds since 1970. */
export interface SwapKnowledge {
  /** Start of the release. */
  readonly startedAt?: number | undefined;
  /** Whether the release has gone back, as it has seen: what lies on the slot since then was not swapped again. */
  readonly wentBack?: boolean | undefined;
  /** End of the site's last swap; undefined while it never had one. */
  readonly swappedAt?: number | undefined;
  /** End of the newest deployment of what lies on production. */
  readonly production?: number | undefined;
  /** The same of the slot. */
  readonly slot?: number | undefined;
}

/**
 * Whether the package of the release is in production, where no side says its version. A deployment's record lies beside the
 * package and moves with it, and the release deploys last: the newest deployment is its package. Where a swap lies after it
 * and it is on the slot, there were two swaps, or the records do not move: that is left open, as nobody has seen it on Azure.
 *
 * @returns undefined when that does not tell
 */
export function swappedByArm({
  startedAt,
  wentBack,
  swappedAt,
  production,
  slot,
}: SwapKnowledge): boolean | undefined {
  if (swappedAt !== undefined && startedAt !== undefined && swappedAt < startedAt) return false;
  if (production !== undefined && production > (slot ?? Number.NEGATIVE_INFINITY)) {
    const isOlder = startedAt !== undefined && production < startedAt;
    if (swappedAt === undefined) return isOlder ? false : undefined;
    return isOlder || swappedAt < production ? undefined : true;
  }
  if (wentBack === true && slot !== undefined) return false;
  return swappedAt === undefined || (slot !== undefined && swappedAt < slot) ? false : undefined;
}

/**
 * A swap with preview that nobody has completed or cancelled: the slot runs with production's settings, its triggers and
 * database among them, and the swap of a release would complete or be refused what somebody else began.
 *
 * @throws UserError with how to be rid of it
 */
export function refuseHalfSwapped(
  target: SlotsTarget,
  hosts: Readonly<Record<"production" | "slot", SideHosts>>,
): void {
  const { slot, siteId } = target;
  for (const [side, { swapsInto }] of Object.entries(hosts)) {
    if (swapsInto === undefined) continue;
    const name = side === productionSide ? productionSide : slot;
    throw new UserError(
      `nothing is deployed to ${slot} of ${describeTarget(target)}: a swap of ${name} into ${swapsInto} was begun and is not completed`,
      {
        mend: `wait for its end, or cancel its preview: az webapp deployment slot swap --ids ${siteId} --slot ${slot} --action reset`,
      },
    );
  }
}
