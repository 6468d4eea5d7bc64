import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { continuousSince, type RestorePoint, resourceOf } from "./restore-point";

const apiVersion = "2023-08-01";
/** Azure SQL writes its log away about every 10 minutes (Microsoft Learn, "Automated backups in Azure SQL Database"). */
const minutesBehind = 10;

export async function latestSqlPoint(
  arm: Pick<ArmWork, "get">,
  facts: StoreFacts,
  now: Date,
): Promise<RestorePoint> {
  const { properties } = await resourceOf(arm, facts, apiVersion);
  const { status, earliestRestoreDate } = properties;
  if (status !== "Online")
    return {
      why: `the database is ${String(status ?? "in a state that it does not tell")}, and its log may stand still`,
    };
  return continuousSince(earliestRestoreDate, now, minutesBehind);
}
