import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { AppStorage } from "../../azure/app-storage";
import { ManagedRedis } from "../../azure/managed-redis";
import { MongoCluster } from "../../azure/mongo-cluster";
import { SecretVault } from "../../azure/secret-vault";
import type { KiranaStoreSettings } from "../../config/kirana-store-settings";
import type { Placement } from "../../placement";
import type { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { KiranaStoreNames } from "./names";
import { DatabaseReplica } from "./replica";

/** What the store stands on, shared by both colours: vault, database with its replica, cache, storage. */
export interface Foundation {
  readonly vault: SecretVault;
  readonly database: MongoCluster;
  readonly replica: DatabaseReplica;
  readonly cache: ManagedRedis;
  readonly storage: AppStorage;
}

export interface FoundationArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaStoreNames;
  readonly settings: SystemSettings<"kirana-store">;
  readonly platform: PlatformServices;
  readonly secrets: SecretSource;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

/** The database that the app is sent to: after a restore the one that was made. */
export function liveDatabase({ restoredDatabase }: KiranaStoreSettings): string {
  return restoredDatabase ?? contract.database.name;
}

/** Tiers on shared cores, which have no standby. */
const withoutStandby: readonly string[] = ["M10", "M20"];

export function declareFoundation(args: FoundationArgs): Foundation {
  const { name, placement, names, settings, platform, parent } = args;
  const { own, azure, stack } = settings;
  const { network, logWorkspaceId: workspaceId } = platform;
  const within = {
    parent,
    dependsOn: [args.group, ...platform.ready.network, ...platform.ready.monitoring],
  };
  const subnetId = network.nodeSubnetId;
  const access = { subnetId: network.endpointSubnetId, privateZones: network.privateZones };
  const production = stack.environment === "production";
  const vault = new SecretVault(
    `${name}-vault`,
    {
      ...placement,
      vaultName: names.vault,
      tenantId: azure.tenantId,
      subnetId,
      workspaceId,
      softDeleteRetentionDays: placement.guarded ? vaultReservationDays.guarded : vaultReservationDays.dev,
    },
    within,
  );
  const login = {
    administratorLogin: contract.database.administratorLogin,
    administratorPassword: args.secrets.random("database-administrator"),
  };
  const database = new MongoCluster(
    `${name}-database`,
    {
      ...placement,
      clusterName: names.database,
      serverVersion: contract.database.serverVersion,
      tier: own.databaseTier,
      storageGb: own.databaseStorageGb,
      shardCount: 1,
      highAvailability: !withoutStandby.includes(own.databaseTier),
      ...login,
      workspaceId,
      endpointName: names.databaseEndpoint,
      access,
    },
    within,
  );
  const replica = new DatabaseReplica(
    `${name}-replica`,
    {
      ...placement,
      clusterName: names.replica,
      replicaLocation: own.replicaLocation,
      source: database,
      ...login,
      workspaceId,
      endpointName: names.replicaEndpoint,
      access,
    },
    within,
  );
  const cache = new ManagedRedis(
    `${name}-cache`,
    {
      ...placement,
      cacheName: names.cache,
      size: own.cacheSize,
      highAvailability: production,
      // What was not asked for longest makes room; everything in it can be read from the database again.
      evictionPolicy: "AllKeysLRU",
      persistent: false,
      accessKeys: true,
      workspaceId,
      endpointName: names.cacheEndpoint,
      access,
    },
    within,
  );
  const storage = new AppStorage(
    `${name}-storage`,
    {
      ...placement,
      accountName: names.storageAccount,
      subnetId,
      workspaceId,
      zoneRedundant: production,
      geoRedundant: production,
      recoveryDays: contract.retentionDays,
      containers: [contract.dumps.container],
      expiryDays: { [contract.dumps.container]: contract.dumps.retentionDays },
    },
    within,
  );
  return { vault, database, replica, cache, storage };
}
