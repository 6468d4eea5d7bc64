import * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { AppStorage } from "../../azure/app-storage";
import { ManagedRedis } from "../../azure/managed-redis";
import { MongoCluster } from "../../azure/mongo-cluster";
import { PostgresServer } from "../../azure/postgres-server";
import { SecretVault } from "../../azure/secret-vault";
import type { Placement } from "../../placement";
import type { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { RetailNames } from "./names";

/** What the app stands on in Azure. */
export interface Foundation {
  readonly vault: SecretVault;
  readonly documents: MongoCluster;
  readonly cache: ManagedRedis;
  readonly relational: PostgresServer;
  readonly relationalPassword: pulumi.Output<string>;
  /** Dumps and snapshots. */
  readonly backups: AppStorage;
}

export interface FoundationArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: RetailNames;
  readonly settings: SystemSettings<"retail-agentic">;
  readonly platform: PlatformServices;
  readonly secrets: SecretSource;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

/** Login of both databases. */
export const login = "retail";

export function declareFoundation(args: FoundationArgs): Foundation {
  const { name, placement, names, settings, platform, secrets, parent, group } = args;
  const { own, stack, azure } = settings;
  const { network, logWorkspaceId: workspaceId, ready } = platform;
  const within = { parent, dependsOn: [group, ...ready.network, ...ready.monitoring] };
  const production = stack.environment === "production";
  const shared = {
    ...placement,
    workspaceId,
    access: { subnetId: network.endpointSubnetId, privateZones: network.privateZones },
  };
  const vault = new SecretVault(
    `${name}-vault`,
    {
      ...placement,
      vaultName: names.vault,
      tenantId: azure.tenantId,
      subnetId: network.nodeSubnetId,
      workspaceId,
      softDeleteRetentionDays: placement.guarded ? vaultReservationDays.guarded : vaultReservationDays.dev,
    },
    within,
  );
  const documents = new MongoCluster(
    `${name}-documents`,
    {
      ...shared,
      clusterName: names.documents,
      serverVersion: contract.documents.serverVersion,
      tier: own.documentTier,
      storageGb: own.documentStorageGb,
      shardCount: 1,
      highAvailability: production,
      administratorLogin: login,
      administratorPassword: secrets.random("documents-password"),
      endpointName: names.documentsEndpoint,
    },
    within,
  );
  const cache = new ManagedRedis(
    `${name}-cache`,
    {
      ...shared,
      cacheName: names.cache,
      size: own.cacheSize,
      highAvailability: placement.guarded,
      // RET-033 calls it a cache: what is not asked for makes room, and a restart begins empty.
      evictionPolicy: "AllKeysLRU",
      persistent: false,
      accessKeys: true,
      endpointName: names.cacheEndpoint,
    },
    within,
  );
  const relationalPassword = secrets.random("relational-password");
  const { relational: database } = contract;
  const relational = new PostgresServer(
    `${name}-relational`,
    {
      ...shared,
      serverName: names.relational,
      version: database.majorVersion,
      size: own.relationalSize,
      storageGb: own.relationalStorageGb,
      backupRetentionDays: database.backup.retentionDays,
      geoRedundantBackup: database.backup.geoRedundant,
      highAvailability: production,
      administratorLogin: login,
      administratorPassword: relationalPassword,
      tenantId: azure.tenantId,
      entraAdministrators: [],
      databases: [database.database],
      endpointName: names.relationalEndpoint,
    },
    within,
  );
  const { backups: containers, search, retentionDays } = contract;
  const backups = new AppStorage(
    `${name}-backups`,
    {
      ...placement,
      accountName: names.backups,
      subnetId: network.nodeSubnetId,
      workspaceId,
      zoneRedundant: production,
      geoRedundant: placement.guarded,
      recoveryDays: retentionDays,
      containers: [containers.mongo, containers.postgres, search.snapshots.container],
      // Snapshots are kept and removed by Elasticsearch: they share files.
      expiryDays: { [containers.mongo]: retentionDays, [containers.postgres]: retentionDays },
    },
    within,
  );
  return { vault, documents, cache, relational, relationalPassword, backups };
}

/** JDBC address of the PostgreSQL database with login, over TLS: a secret (RET-018). */
export function jdbcUrl({ relational, relationalPassword }: Foundation): pulumi.Output<string> {
  const { database, port } = contract.relational;
  return pulumi.secret(
    relationalPassword.apply(
      (password) =>
        `jdbc:postgresql://${relational.host}:${port}/${database}?user=${login}&password=${encodeURIComponent(password)}&sslmode=verify-full`,
    ),
  );
}
