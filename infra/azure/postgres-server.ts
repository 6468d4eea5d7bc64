import { AdministratorsMicrosoftEntra } from "@pulumi/azure-native/dbforpostgresql/administratorsMicrosoftEntra";
import { Configuration } from "@pulumi/azure-native/dbforpostgresql/configuration";
import { Database } from "@pulumi/azure-native/dbforpostgresql/database";
import { Server } from "@pulumi/azure-native/dbforpostgresql/server";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";
import { type PrivateAccess, PrivateEndpoint } from "./private-endpoint";

export interface EntraAdministrator {
  readonly objectId: string;
  /** Display name of a group or an application, user name of a person. */
  readonly principalName: string;
  readonly principalType: "User" | "Group" | "ServicePrincipal";
}

export interface PostgresServerArgs extends Placement {
  readonly serverName: string;
  /** Major version, such as `16`. */
  readonly version: string;
  /** Size, such as `Standard_D2ds_v5`; the tier follows from it. */
  readonly size: string;
  readonly storageGb: number;
  /** Days, 7 to 35. */
  readonly backupRetentionDays: number;
  /** Backups in the paired region too. Cannot be changed later. */
  readonly geoRedundantBackup: boolean;
  /** A standby in another zone; not for burstable sizes. */
  readonly highAvailability: boolean;
  readonly administratorLogin: string;
  /** A secret. */
  readonly administratorPassword: pulumi.Input<string>;
  readonly tenantId: string;
  readonly entraAdministrators: readonly EntraAdministrator[];
  readonly databases: readonly string[];
  /** Server parameters besides those on TLS, which are always set. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/** Encrypted connections only, by a TLS version that is not retired. */
const tlsParameters = { require_secure_transport: "on", ssl_min_protocol_version: "TLSv1.2" } as const;

/** A PostgreSQL flexible server with its databases, reached from within the network alone. */
export class PostgresServer extends pulumi.ComponentResource {
  readonly serverId: string;
  readonly server: Server;
  /** Known before the server exists. */
  readonly host: string;
  /** The last thing that is made: what connects waits for it. */
  readonly ready: pulumi.Resource;
  private readonly args: PostgresServerArgs;

  constructor(name: string, args: PostgresServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:PostgresServer", name, {}, options);
    this.args = args;
    this.serverId = armId(args, "Microsoft.DBforPostgreSQL/flexibleServers", args.serverName);
    this.host = `${args.serverName}.postgres.database.azure.com`;
    this.server = this.declareServer(name);
    this.ready = this.declareContents(name);
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "postgresql", targetId: this.serverId },
      { parent: this, dependsOn: [this.ready] },
    );
    lockAgainstDeletion(`${name}-lock`, this.serverId, args, this, this.server);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.serverId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "audit" }, { categoryGroup: "allLogs" }],
        metrics: ["AllMetrics"],
      },
      this,
      [this.server],
    );
    this.registerOutputs({ serverId: this.serverId });
  }

  /** Address of a database for a driver, with the administrator's password: a secret. */
  connectionString(database: string): pulumi.Output<string> {
    const { administratorLogin, administratorPassword } = this.args;
    return pulumi.secret(
      pulumi
        .output(administratorPassword)
        .apply(
          (password) =>
            `postgresql://${administratorLogin}:${encodeURIComponent(password)}@${this.host}:5432/${database}?sslmode=require`,
        ),
    );
  }

  private declareServer(name: string): Server {
    const { args } = this;
    return new Server(
      `${name}-server`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        serverName: args.serverName,
        version: args.version,
        createMode: "Default",
        sku: { name: args.size, tier: tierOf(args.size) },
        storage: { storageSizeGB: args.storageGb, autoGrow: "Enabled" },
        backup: {
          backupRetentionDays: args.backupRetentionDays,
          geoRedundantBackup: args.geoRedundantBackup ? "Enabled" : "Disabled",
        },
        highAvailability: { mode: args.highAvailability ? "ZoneRedundant" : "Disabled" },
        administratorLogin: args.administratorLogin,
        administratorLoginPassword: pulumi.secret(args.administratorPassword),
        authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled", tenantId: args.tenantId },
        network: { publicNetworkAccess: "Disabled" },
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
  }

  /** One after the other: the server refuses a change while it works on another. */
  private declareContents(name: string): pulumi.Resource {
    const { args } = this;
    const { resourceGroupName, serverName } = args;
    let before: pulumi.Resource = this.server;
    for (const [configurationName, value] of Object.entries({ ...args.parameters, ...tlsParameters })) {
      before = new Configuration(
        `${name}-${configurationName}`,
        { resourceGroupName, serverName, configurationName, value, source: "user-override" },
        childOf(this, [before]),
      );
    }
    for (const databaseName of args.databases) {
      before = new Database(
        `${name}-database-${databaseName}`,
        { resourceGroupName, serverName, databaseName, charset: "UTF8", collation: "en_US.utf8" },
        guardedChildOf(this, args, [before]),
      );
    }
    for (const administrator of args.entraAdministrators) {
      before = new AdministratorsMicrosoftEntra(
        `${name}-administrator-${administrator.principalName}`,
        { resourceGroupName, serverName, tenantId: args.tenantId, ...administrator },
        childOf(this, [before]),
      );
    }
    return before;
  }
}

/**
 * Tier of a size, as Azure writes it.
 * @throws Error for a size of no known family
 */
export function tierOf(size: string): "Burstable" | "GeneralPurpose" | "MemoryOptimized" {
  const tiers = { B: "Burstable", D: "GeneralPurpose", E: "MemoryOptimized" } as const;
  const family = /^Standard_([BDE])/.exec(size)?.[1] as keyof typeof tiers | undefined;
  if (family === undefined)
    throw new Error(`${size} is no size of a PostgreSQL server: Standard_B…, D… or E…`);
  return tiers[family];
}
