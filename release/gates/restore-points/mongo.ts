import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { mapAt } from "../../targets/json";
import { resourceOf } from "./restore-point";

const apiVersion = "2024-07-01";

/** What Azure says of the backups of a cluster of its own: since when, and not until when. */
export async function mongoCluster(arm: Pick<ArmWork, "get">, facts: StoreFacts): Promise<string> {
  const { properties } = await resourceOf(arm, facts, apiVersion);
  const { earliestRestoreTime } = mapAt(properties, "backup");
  return typeof earliestRestoreTime === "string"
    ? `the service restores moments since ${earliestRestoreTime}`
    : "the service tells of no backup of its own";
}
