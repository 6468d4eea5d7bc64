import { idKey, isJson, type Json, nameOf } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import type { StoredResource } from "./store";
import { notFound } from "./write";

/** What the data services say of the backups that they make by themselves, in Azure's own shapes. */

const ACCOUNT = "/providers/Microsoft\\.DocumentDB/databaseAccounts/[^/]+";
const BACKUP_INFORMATION = new RegExp(
  `^((/subscriptions/.+${ACCOUNT})/sqlDatabases/[^/]+/containers/[^/]+)/retrieveContinuousBackupInformation$`,
  "i",
);
const RESTORABLE =
  /^\/subscriptions\/[^/]+\/providers\/Microsoft\.DocumentDB\/locations\/([^/]+)\/restorableDatabaseAccounts$/i;
const SERVER_BACKUPS =
  /^(\/subscriptions\/.+\/providers\/Microsoft\.DBforPostgreSQL\/flexibleServers\/[^/]+)\/backups$/i;
const RESTORE_POINTS =
  /^(\/subscriptions\/.+\/providers\/Microsoft\.Sql\/servers\/[^/]+\/databases\/[^/]+)\/restorePoints$/i;

/** How far the newest restorable moment of a container lies behind: its log is kept every 100 s. */
const BEHIND_MILLISECONDS = 100_000;

/**
 * POST `retrieveContinuousBackupInformation` of a container (Cosmos DB Resource Provider, "Sql Resources"): 202, and at
 * `Location` the answer.
 *
 * @returns undefined for another path
 * @throws ArmError for an account that backs up periodically, or not in that region
 */
export async function retrieveBackupInformation(
  cloud: Cloud,
  path: string,
  request: Json,
  stuck: boolean,
  base: string,
): Promise<ArmResponse | undefined> {
  const [, id, accountId] = BACKUP_INFORMATION.exec(path) ?? [];
  if (id === undefined || accountId === undefined) return undefined;
  const container = cloud.store.get(id);
  if (container === undefined) throw notFound(id);
  const account = existing(cloud, accountId);
  if (!isContinuous(account)) {
    throw badRequest("Continuous backup is not enabled for the account.");
  }
  const { location } = request;
  if (typeof location !== "string" || !regionsOf(account).includes(regionOf(location))) {
    throw badRequest(
      `The account has no region '${String(location ?? "")}'; 'location' must be one of its own.`,
    );
  }
  const newest = Math.max(Date.now() - BEHIND_MILLISECONDS, Date.parse(container.createdAt));
  const result = {
    continuousBackupInformation: { latestRestorableTimestamp: usTime(new Date(newest)) },
  };
  const operation = await cloud.operations.begin({
    kind: "read",
    resourceId: container.id,
    result,
    stuck: stuck || undefined,
  });
  cloud.operations.run(operation);
  return { status: 202, headers: cloud.operations.headers(operation, base) };
}

/**
 * Lists of what can be restored: accounts of Cosmos DB, backups of a PostgreSQL server, restore points of a SQL database.
 *
 * @returns undefined for another path
 */
export function backupRequest(cloud: Cloud, method: string, path: string): ArmResponse | undefined {
  if (method !== "GET") return undefined;
  const region = RESTORABLE.exec(path)?.[1];
  if (region !== undefined) return list(restorableAccounts(cloud, regionOf(region), path));
  const server = SERVER_BACKUPS.exec(path)?.[1];
  if (server !== undefined) return list(serverBackups(existing(cloud, server)));
  const database = RESTORE_POINTS.exec(path)?.[1];
  return database === undefined ? undefined : list(restorePoints(existing(cloud, database)));
}

const list = (value: readonly Json[]): ArmResponse => ({ status: 200, body: { value } });

function restorableAccounts(cloud: Cloud, region: string, path: string): readonly Json[] {
  return cloud.store
    .all()
    .filter(
      (resource) =>
        resource.token === "azure-native:cosmosdb:DatabaseAccount" &&
        isContinuous(resource) &&
        regionsOf(resource).includes(region),
    )
    .map((account) => {
      const instance = String(propertiesOf(account).instanceId);
      return {
        id: `${path}/${instance}`,
        name: instance,
        type: "Microsoft.DocumentDB/locations/restorableDatabaseAccounts",
        location: region,
        properties: {
          accountName: nameOf(account.id),
          apiType: "Sql",
          creationTime: account.createdAt,
          oldestRestorableTime: account.createdAt,
          restorableLocations: regionsOf(account).map((locationName) => ({
            locationName,
            regionalDatabaseAccountInstanceId: instance,
            creationTime: account.createdAt,
          })),
        },
      };
    });
}

/** The first full backup is made with the server; no day passes here. */
function serverBackups(server: StoredResource): readonly Json[] {
  const name = `backup_${Date.parse(server.createdAt)}`;
  return [
    {
      id: `${server.id}/backups/${name}`,
      name,
      type: "Microsoft.DBforPostgreSQL/flexibleServers/backups",
      properties: { backupType: "Full", completedTime: server.createdAt, source: "Automatic" },
    },
  ];
}

function restorePoints(database: StoredResource): readonly Json[] {
  return [
    {
      id: `${database.id}/restorePoints/ContinuousRestorePoint`,
      name: "ContinuousRestorePoint",
      type: "Microsoft.Sql/servers/databases/restorePoints",
      location: database.body.location,
      properties: {
        restorePointType: "CONTINUOUS",
        earliestRestoreDate: propertiesOf(database).earliestRestoreDate,
      },
    },
  ];
}

/** @throws ArmError 404 */
function existing(cloud: Cloud, id: string): StoredResource {
  const found = cloud.store.get(id);
  if (found !== undefined && idKey(found.id) === idKey(id)) return found;
  throw notFound(id);
}

function propertiesOf({ body }: StoredResource): Json {
  return isJson(body.properties) ? body.properties : {};
}

function isContinuous(account: StoredResource): boolean {
  const { backupPolicy } = propertiesOf(account);
  return isJson(backupPolicy) && backupPolicy.type === "Continuous";
}

function regionsOf(account: StoredResource): readonly string[] {
  const { locations } = propertiesOf(account);
  return (Array.isArray(locations) ? locations : []).flatMap((location) =>
    isJson(location) ? [regionOf(String(location.locationName))] : [],
  );
}

function regionOf(name: string): string {
  return name.toLowerCase().replaceAll(" ", "");
}

/** As Cosmos DB writes this one: `10/26/2021 5:27:45 PM`, UTC (Microsoft Learn, "Get the latest restorable timestamp"). */
function usTime(at: Date): string {
  const hours = at.getUTCHours();
  const two = (part: number) => String(part).padStart(2, "0");
  const time = `${hours % 12 === 0 ? 12 : hours % 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${time} ${hours < 12 ? "AM" : "PM"}`;
}

function badRequest(message: string): ArmError {
  return new ArmError(400, "BadRequest", message);
}
