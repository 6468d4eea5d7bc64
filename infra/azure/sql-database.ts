import { BackupShortTermRetentionPolicy } from "@pulumi/azure-native/sql/backupShortTermRetentionPolicy";
import { Database } from "@pulumi/azure-native/sql/database";
import { LongTermRetentionPolicy } from "@pulumi/azure-native/sql/longTermRetentionPolicy";
import { TransparentDataEncryption } from "@pulumi/azure-native/sql/transparentDataEncryption";
import * as pulumi from "@pulumi/pulumi";
import { armId, type NamedResource } from "../arm-id";
import { classified, type Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";

export interface SqlDatabaseArgs extends Placement {
  readonly serverName: string;
  readonly databaseName: string;
  readonly vCores: number;
  readonly storageGb: number;
  /** Copies in several zones. */
  readonly zoneRedundant: boolean;
  /** Backups in the paired region too. */
  readonly geoRedundantBackup: boolean;
  /** Any moment of these days can be restored, 1 to 35. */
  readonly pointInTimeDays: number;
  /** Hours between differential backups. */
  readonly differentialHours: 12 | 24;
  /** ISO 8601 durations of backups beyond those days; `PT0S` keeps none. */
  readonly longTerm: {
    readonly weekly: string;
    readonly monthly: string;
    readonly yearly: string;
    readonly weekOfYear: number;
  };
  readonly workspaceId: string;
}

const bytesPerGb = 1024 ** 3;

/** A database of an Azure SQL server: general purpose, encrypted, kept for as long as its contract says. */
export class SqlDatabase extends pulumi.ComponentResource {
  readonly databaseId: string;
  readonly database: Database;
  private readonly args: SqlDatabaseArgs;

  constructor(name: string, args: SqlDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SqlDatabase", name, {}, options);
    const { resourceGroupName, serverName, databaseName } = args;
    this.args = args;
    this.databaseId = this.inUse().id;
    this.database = new Database(
      `${name}-database`,
      {
        resourceGroupName,
        location: args.location,
        serverName,
        databaseName,
        sku: { name: "GP_Gen5", tier: "GeneralPurpose", family: "Gen5", capacity: args.vCores },
        maxSizeBytes: args.storageGb * bytesPerGb,
        zoneRedundant: args.zoneRedundant,
        requestedBackupStorageRedundancy: backupRedundancy(args),
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
    const inDatabase = { resourceGroupName, serverName, databaseName };
    new TransparentDataEncryption(
      `${name}-encryption`,
      { ...inDatabase, tdeName: "current", state: "Enabled" },
      childOf(this, [this.database]),
    );
    const shortTerm = new BackupShortTermRetentionPolicy(
      `${name}-point-in-time`,
      {
        ...inDatabase,
        policyName: "default",
        retentionDays: args.pointInTimeDays,
        diffBackupIntervalInHours: args.differentialHours,
      },
      childOf(this, [this.database]),
    );
    // One after the other: the service refuses a second change of a database's backups while it works on the first.
    new LongTermRetentionPolicy(
      `${name}-long-term`,
      {
        ...inDatabase,
        policyName: "default",
        weeklyRetention: args.longTerm.weekly,
        monthlyRetention: args.longTerm.monthly,
        yearlyRetention: args.longTerm.yearly,
        weekOfYear: args.longTerm.weekOfYear,
      },
      childOf(this, [shortTerm]),
    );
    // Not on the server: a release takes away copies that it has made beside this database (docs/adr/0154).
    lockAgainstDeletion(`${name}-lock`, this.databaseId, args, this, this.database);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.databaseId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "allLogs" }],
        metrics: ["Basic", "InstanceAndAppAdvanced"],
      },
      this,
      [this.database],
    );
    this.registerOutputs({ databaseId: this.databaseId });
  }

  /** The database that is used. @param restored name of one that a restore has made beside this one */
  inUse(restored = this.args.databaseName): NamedResource {
    const id = armId(this.args, "Microsoft.Sql/servers/databases", this.args.serverName, restored);
    return { name: restored, id };
  }
}

/** Where backups are kept. A database in several zones may have its backups there and in the paired region. */
function backupRedundancy({ zoneRedundant, geoRedundantBackup }: SqlDatabaseArgs): string {
  if (geoRedundantBackup) return zoneRedundant ? "GeoZone" : "Geo";
  return zoneRedundant ? "Zone" : "Local";
}
