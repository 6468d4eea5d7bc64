import { connectionSecrets } from "../../runbooks/connection-secrets";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ArmWork } from "./arm-work";
import type { Backup, BackupProof, DataAdapter, DataContext, Restored } from "./data-adapter";
import { ownFromBefore, releaseTag } from "./made-by-release";
import { labelValueOf, shortHash } from "./names";
import { switchSecret } from "./vault-switch";
import { type DataWorld, requireConfirmation, resourceIdOf } from "./world";

const apiVersion = "2025-10-15";
/** Longest name of an account (Microsoft Learn, "Naming rules and restrictions for Azure resources"). */
const longestName = 44;

/** What Azure does not restore with an account (Microsoft Learn, "Continuous backup: what isn't restored"). */
const notRestored = [
  "publicNetworkAccess",
  "networkAclBypass",
  "networkAclBypassResourceIds",
  "isVirtualNetworkFilterEnabled",
  "virtualNetworkRules",
  "ipRules",
  "disableLocalAuth",
  "disableKeyBasedMetadataWriteAccess",
  "minimalTlsVersion",
] as const;

/** Cosmos DB with continuous backup: every moment of its days can be restored, into a new account. */
export class CosmosStore implements DataAdapter {
  constructor(private readonly world: DataWorld) {}

  /** The service backs up by itself; what is recorded is the moment. */
  async backup(_: { readonly recordedAs: string }, context: DataContext): Promise<Backup> {
    const at = context.clock.now().toISOString();
    await this.restorable(context);
    return { store: "cosmos", recordedAs: at, at };
  }

  async prove(backup: Backup, by: BackupProof["by"], context: DataContext): Promise<BackupProof> {
    if (by !== "pointInTime")
      throw new UserError(`Cosmos DB backs up continuously: its backup is a point in time, and not ${by}`);
    const began = context.clock.monotonic();
    requireWithin(await this.restorable(context), new Date(backup.at), context);
    return { by, seconds: (context.clock.monotonic() - began) / 1000 };
  }

  migrate(): Promise<never> {
    return Promise.reject(
      new UserError("no contract migrates Cosmos DB: its documents have no schema there"),
    );
  }

  async restore(
    from: Parameters<DataAdapter["restore"]>[0],
    confirmation: Parameters<DataAdapter["restore"]>[1],
    context: DataContext,
  ): Promise<Restored> {
    requireConfirmation(confirmation);
    const began = context.clock.monotonic();
    const arm = this.world.arm(context);
    const moment = "backup" in from ? new Date(from.backup.at) : from.pointInTime;
    const sourceId = resourceIdOf(context.facts, "cosmos");
    const source = await this.source(context);
    const restorable = await this.restorable(context);
    requireWithin(restorable, moment, context);
    const end = `-r${shortHash(`${context.release} ${moment.toISOString()}`)}`;
    const target = `${nameOf(sourceId).slice(0, longestName - end.length)}${end}`;
    const targetId = `${sourceId.slice(0, sourceId.lastIndexOf("/"))}/${target}`;
    const before = await ownFromBefore(arm, targetId, apiVersion, context.release);
    context.progress(`restores ${nameOf(sourceId)} of ${moment.toISOString()} to the new account ${target}`);
    if (before === undefined)
      await arm.put(targetId, restoreBody(source, String(restorable.id), moment, context), apiVersion);
    else requireRestored(before, target);
    await arm.patch(targetId, { properties: kept(mapAt(source, "properties")) }, apiVersion);
    await copyRoles(arm, sourceId, targetId);
    const secrets = await this.switchSecrets(arm, target, targetId, context);
    return {
      target,
      switchedSecret: secrets.join(", "),
      seconds: (context.clock.monotonic() - began) / 1000,
    };
  }

  private async switchSecrets(
    arm: ArmWork,
    target: string,
    targetId: string,
    context: DataContext,
  ): Promise<readonly string[]> {
    const secrets = connectionSecrets[context.facts.system]?.cosmos ?? [];
    if (secrets.length === 0) throw new UserError(`no secret of ${context.facts.system} names the account`);
    for (const { secret, holds } of secrets) {
      const value =
        holds === "endpoint"
          ? `https://${target}.documents.azure.com:443/`
          : await connectionStringOf(arm, targetId);
      await switchSecret(this.world.vault(context), secret, () => value);
      context.progress(`secret ${secret} names ${target}`);
    }
    return secrets.map(({ secret }) => secret);
  }

  private async source(context: DataContext): Promise<Json> {
    const id = resourceIdOf(context.facts, "cosmos");
    const account = await this.world.arm(context).get(id, apiVersion);
    if (account !== undefined) return account;
    throw new UserError(`the account ${id} does not exist`, { mend: "switchyard up" });
  }

  /**
   * The account as Azure keeps it for restores: since when, and under which id. One of its name that was deleted is listed
   * as well, for as long as its backups are kept: its data are not those of the account that is there.
   */
  private async restorable(context: DataContext): Promise<Json> {
    const id = resourceIdOf(context.facts, "cosmos");
    const source = await this.source(context);
    const location = String(source.location).replace(/\s/g, "").toLowerCase();
    const [, subscription] = /^(\/subscriptions\/[^/]+)/.exec(id) ?? [];
    const page = await this.world
      .arm(context)
      .get(
        `${subscription}/providers/Microsoft.DocumentDB/locations/${location}/restorableDatabaseAccounts`,
        apiVersion,
      );
    const name = nameOf(id).toLowerCase();
    const found = listAt(page, "value")
      .map((item) => mapAt(item))
      .find(({ properties }) => {
        const { accountName, deletionTime } = mapAt(properties);
        const isDeleted = typeof deletionTime === "string" && deletionTime !== "";
        return String(accountName).toLowerCase() === name && !isDeleted;
      });
    if (found !== undefined) return found;
    throw new UserError(`Azure can restore no account ${nameOf(id)} in ${location}`, {
      mend: "continuous backup must be on, and the account some minutes old",
    });
  }
}

/** @throws UserError for a moment before the account's oldest, or after now */
function requireWithin(restorable: Json, moment: Date, { clock }: DataContext): void {
  const { oldestRestorableTime, creationTime } = mapAt(restorable, "properties");
  const oldest = oldestRestorableTime ?? creationTime;
  if (typeof oldest === "string" && Date.parse(oldest) > moment.getTime())
    throw new UserError(`${moment.toISOString()} cannot be restored: the oldest moment is ${oldest}`);
  if (moment > clock.now())
    throw new UserError(`${moment.toISOString()} cannot be restored: it is after now`);
}

/** @throws UserError, retriable, while Azure still restores an account that was begun before a crash */
function requireRestored(account: Json, target: string): void {
  const { provisioningState: state } = mapAt(account, "properties");
  if (state === undefined || state === "Succeeded") return;
  const isOver = state === "Failed" || state === "Canceled";
  throw new UserError(
    `the account ${target}, to which this release restores since before, ${isOver ? "ended as" : "is"} ${String(state)}`,
    isOver ? { mend: "look why, delete it, and go on: switchyard release resume" } : { retriable: true },
  );
}

function restoreBody(source: Json, restoreSource: string, moment: Date, { release }: DataContext): Json {
  const { location, kind, tags, identity } = source;
  const { locations, consistencyPolicy, capabilities, backupPolicy } = mapAt(source, "properties");
  const { locationName, isZoneRedundant } = mapAt(listAt(source, "properties", "locations")[0]);
  return {
    location,
    kind,
    ...(identity !== undefined && { identity: { type: mapAt(identity).type } }),
    tags: { ...mapAt(tags), [releaseTag]: labelValueOf(release) },
    properties: {
      createMode: "Restore",
      databaseAccountOfferType: "Standard",
      locations: [
        {
          locationName: locationName ?? location,
          failoverPriority: 0,
          // Zones are chosen when an account is made, and never after.
          ...(isZoneRedundant !== undefined && { isZoneRedundant }),
        },
      ],
      ...(locations !== undefined && consistencyPolicy !== undefined && { consistencyPolicy }),
      ...(capabilities !== undefined && { capabilities }),
      ...(backupPolicy !== undefined && { backupPolicy }),
      // Closed until its rules are those of the account before.
      publicNetworkAccess: "Disabled",
      restoreParameters: {
        restoreMode: "PointInTime",
        restoreSource,
        restoreTimestampInUtc: moment.toISOString(),
      },
    },
  };
}

function kept(properties: Json): Json {
  return Object.fromEntries(
    notRestored.flatMap((key) => (properties[key] === undefined ? [] : [[key, properties[key]]])),
  );
}

/** Rights on the data are part of an account, and no restore brings them. */
async function copyRoles(arm: ArmWork, sourceId: string, targetId: string): Promise<void> {
  const source = new RegExp(`${sourceId.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?=["/])`, "gi");
  for (const kind of ["sqlRoleDefinitions", "sqlRoleAssignments"]) {
    const page = await arm.get(`${sourceId}/${kind}`, apiVersion);
    for (const role of listAt(page, "value").map((item) => mapAt(item))) {
      const { type } = mapAt(role, "properties");
      if (kind === "sqlRoleDefinitions" && (type === "BuiltInRole" || type === 0)) continue;
      // Azure does not keep how an id was written: `resourceGroups` may come back as `resourcegroups`.
      const text = JSON.stringify(role.properties).replace(source, targetId);
      await arm.put(`${targetId}/${kind}/${String(role.name)}`, { properties: JSON.parse(text) }, apiVersion);
    }
  }
}

async function connectionStringOf(arm: ArmWork, accountId: string): Promise<string> {
  const answer = await arm.post(`${accountId}/listConnectionStrings`, {}, apiVersion);
  const { connectionString } = mapAt(listAt(answer, "connectionStrings")[0]);
  if (typeof connectionString === "string") return connectionString;
  throw new UserError(`${accountId} gave no connection string`, { retriable: true });
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
