import type { StoreFacts } from "../../../runbooks/release-facts";
import type { ArmWork } from "../../data/arm-work";
import { listAt, mapAt } from "../../targets/json";
import { UserError } from "../../user-error";
import { type RestorePoint, resourceOf } from "./restore-point";

const apiVersion = "2025-10-15";

/**
 * The oldest of what Cosmos DB says of each container: to that moment all of them can be restored together (Cosmos DB
 * Resource Provider, "Retrieve Continuous Backup Information").
 */
export async function latestCosmosPoint(
  arm: Pick<ArmWork, "get" | "post">,
  facts: StoreFacts,
): Promise<RestorePoint> {
  const { id, resource, properties } = await resourceOf(arm, facts, apiVersion);
  const { type } = mapAt(properties, "backupPolicy");
  if (type !== "Continuous")
    return {
      at: undefined,
      seen: `the account backs up ${String(type ?? "in a way that it does not tell")}, and not continuously`,
    };
  const { database } = facts;
  if (database === undefined)
    return { why: "the stack's output release names no database; npx switchyard up" };
  const databaseId = `${id}/sqlDatabases/${database}`;
  const containers = listAt(await arm.get(`${databaseId}/containers`, apiVersion), "value").map((one) =>
    String(mapAt(one).name),
  );
  if (containers.length === 0) return { at: undefined, seen: `the database ${database} has no containers` };
  const region = mapAt(listAt(properties, "locations")[0]).locationName ?? resource.location;
  const points = await Promise.all(
    containers.map(async (container) => {
      const path = `${databaseId}/containers/${container}/retrieveContinuousBackupInformation`;
      const said = await arm.post(path, { location: region }, apiVersion);
      const { latestRestorableTimestamp } = mapAt(said, "continuousBackupInformation");
      if (typeof latestRestorableTimestamp === "string")
        return { container, at: utc(latestRestorableTimestamp) };
      throw new UserError(`Cosmos DB does not say to which moment ${container} can be restored`, {
        retriable: true,
      });
    }),
  );
  const unread = points.find(({ at }) => Number.isNaN(at.getTime()));
  if (unread !== undefined) return { why: `the restore point of ${unread.container} cannot be read` };
  const oldest = points.sort((a, b) => a.at.getTime() - b.at.getTime())[0]!;
  return { at: oldest.at, seen: `${oldest.container} of ${containers.length} containers` };
}

/** ISO 8601, or as the service's own samples write it: `10/26/2021 5:27:45 PM`, without a zone and in UTC. */
function utc(text: string): Date {
  const isZoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  return new Date(isZoned ? text : `${text} UTC`);
}
