import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { mapAt } from "../../targets/json";
import { type RestorePoint, resourceOf } from "./restore-point";

const apiVersion = "2024-07-01";

/** What Azure says of the backups of a cluster of its own: since when (`at`), and not until when. */
export async function mongoServicePoint(
  arm: Pick<ArmWork, "get">,
  facts: StoreFacts,
  now: Date,
): Promise<RestorePoint> {
  const { properties } = await resourceOf(arm, facts, apiVersion);
  const { earliestRestoreTime } = mapAt(properties, "backup");
  if (typeof earliestRestoreTime !== "string" || earliestRestoreTime === "")
    return { at: undefined, seen: "the service tells of no backup of its own" };
  const since = Date.parse(earliestRestoreTime);
  if (Number.isNaN(since))
    return { why: `since when the service can restore cannot be read: ${earliestRestoreTime}` };
  return since > now.getTime()
    ? { at: undefined, seen: `the service can restore nothing before ${earliestRestoreTime}` }
    : { at: new Date(since), seen: `the service restores moments since ${earliestRestoreTime}` };
}
