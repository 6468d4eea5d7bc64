import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { listAt, mapAt } from "../../targets/json";
import { continuousSince, type RestorePoint, resourceOf } from "./restore-point";

const apiVersion = "2025-08-01";
/** The log is archived so that at most five minutes are lost (Microsoft Learn, "Backup and restore", flexible server). */
const minutesBehind = 5;

/** A log restores nothing without a backup that it begins at. */
export async function latestPostgresPoint(
  arm: Pick<ArmWork, "get">,
  facts: StoreFacts,
  now: Date,
): Promise<RestorePoint> {
  const { id, properties } = await resourceOf(arm, facts, apiVersion);
  const { state } = properties;
  if (state !== "Ready")
    return {
      why: `the server is ${String(state ?? "in a state that it does not tell")}, and its log may stand still`,
    };
  const backups = listAt(await arm.get(`${id}/backups`, apiVersion), "value").map((one) =>
    mapAt(one, "properties"),
  );
  if (backups.length === 0) return { at: undefined, seen: "the server has no backup" };
  const { earliestRestoreDate } = mapAt(properties, "backup");
  return continuousSince(earliestRestoreDate, now, minutesBehind);
}
