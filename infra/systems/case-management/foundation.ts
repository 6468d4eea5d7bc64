import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { AppStorage } from "../../azure/app-storage";
import { ManagedRedis } from "../../azure/managed-redis";
import { PostgresServer } from "../../azure/postgres-server";
import { SecretVault } from "../../azure/secret-vault";
import type { Placement } from "../../placement";
import type { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { CaseManagementNames } from "./names";

/** A PostgreSQL database and the login that owns it. */
export interface OwnedDatabase {
  readonly server: PostgresServer;
  readonly name: string;
  readonly login: string;
  /** A secret. */
  readonly password: pulumi.Output<string>;
}

/** What the app stands on in Azure. */
export interface Foundation {
  readonly vault: SecretVault;
  readonly database: OwnedDatabase;
  readonly restoreTest: OwnedDatabase;
  readonly cache: ManagedRedis;
  readonly uploads: AppStorage;
  readonly backups: AppStorage;
}

export interface FoundationArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: CaseManagementNames;
  readonly settings: SystemSettings<"case-management">;
  readonly platform: PlatformServices;
  readonly secrets: SecretSource;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

/** Size of the server of the restore test: it is used for minutes. The smallest that the service has. */
const restoreTestSize = "Standard_B1ms";
/** Fewest days of backups that the service has; what is restored there is thrown away. */
const fewestBackupDays = 7;

const login = "case_management";
const restoreTestLogin = "case_management_restore_test";

export function declareFoundation(args: FoundationArgs): Foundation {
  const { name, placement, names, settings, platform, parent, group } = args;
  const production = settings.stack.environment === "production";
  const { network, logWorkspaceId: workspaceId, ready } = platform;
  const { nodeSubnetId: subnetId } = network;
  const within = { parent, dependsOn: [group, ...ready.network, ...ready.monitoring] };
  const vault = new SecretVault(
    `${name}-vault`,
    {
      ...placement,
      vaultName: names.vault,
      tenantId: settings.azure.tenantId,
      subnetId,
      workspaceId,
      softDeleteRetentionDays: placement.guarded ? vaultReservationDays.guarded : vaultReservationDays.dev,
    },
    within,
  );
  const cache = new ManagedRedis(
    `${name}-cache`,
    {
      ...placement,
      cacheName: names.cache,
      size: settings.own.cacheSize,
      highAvailability: placement.guarded,
      // The runbook does not say what the cache holds: nothing is thrown away silently, nothing lost in a restart.
      evictionPolicy: "NoEviction",
      persistent: placement.guarded,
      accessKeys: true,
      workspaceId,
      endpointName: names.cacheEndpoint,
      access: endpoints(platform),
    },
    within,
  );
  const { files, retentionDays } = contract;
  const storage = {
    ...placement,
    subnetId,
    workspaceId,
    zoneRedundant: production,
    recoveryDays: retentionDays,
  };
  return {
    vault,
    cache,
    database: declareDatabase(args, within),
    restoreTest: declareRestoreTest(args, within),
    uploads: new AppStorage(
      `${name}-uploads`,
      { ...storage, accountName: names.uploads, containers: [files.uploads] },
      within,
    ),
    // An account of its own: what may write the uploads cannot touch the copies.
    backups: new AppStorage(
      `${name}-backups`,
      {
        ...storage,
        accountName: names.backups,
        geoRedundant: placement.guarded,
        containers: [files.databaseBackups],
        expiryDays: {
          [files.databaseBackups]: retentionDays,
          [`${files.datedBackupPrefix}*`]: retentionDays,
        },
      },
      within,
    ),
  };
}

function endpoints({ network }: PlatformServices) {
  return { subnetId: network.endpointSubnetId, privateZones: network.privateZones };
}

function declareDatabase(
  { name, placement, names, settings, platform, secrets }: FoundationArgs,
  within: pulumi.ComponentResourceOptions,
): OwnedDatabase {
  const { database } = contract;
  const password = secrets.random("database-password");
  const server = new PostgresServer(
    `${name}-database`,
    {
      ...placement,
      serverName: names.database,
      version: database.majorVersion,
      size: settings.own.databaseSize,
      storageGb: settings.own.databaseStorageGb,
      backupRetentionDays: database.backup.retentionDays,
      geoRedundantBackup: database.backup.geoRedundant,
      highAvailability: settings.stack.environment === "production",
      administratorLogin: login,
      administratorPassword: password,
      tenantId: settings.azure.tenantId,
      entraAdministrators: [],
      databases: [database.name],
      workspaceId: platform.logWorkspaceId,
      endpointName: names.databaseEndpoint,
      access: endpoints(platform),
    },
    within,
  );
  return { server, name: settings.own.restoredDatabase ?? database.name, login, password };
}

/** A server of its own: a restore with the wrong address meets one that does not know the login. */
function declareRestoreTest(
  { name, placement, names, settings, platform, secrets }: FoundationArgs,
  within: pulumi.ComponentResourceOptions,
): OwnedDatabase {
  const { database, restoreTest } = contract;
  const password = secrets.random("test-database-password");
  const server = new PostgresServer(
    `${name}-restore-test`,
    {
      ...placement,
      serverName: names.restoreTest,
      version: database.majorVersion,
      size: restoreTestSize,
      storageGb: settings.own.databaseStorageGb,
      backupRetentionDays: fewestBackupDays,
      geoRedundantBackup: false,
      highAvailability: false,
      administratorLogin: restoreTestLogin,
      administratorPassword: password,
      tenantId: settings.azure.tenantId,
      entraAdministrators: [],
      databases: [restoreTest.database],
      workspaceId: platform.logWorkspaceId,
      endpointName: names.restoreTestEndpoint,
      access: endpoints(platform),
    },
    within,
  );
  return { server, name: restoreTest.database, login: restoreTestLogin, password };
}
