import type * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import type { NamedResource } from "../../arm-id";
import { AppStorage } from "../../azure/app-storage";
import { Monitoring } from "../../azure/monitoring";
import { generatedPassword } from "../../azure/owner-value";
import { SecretVault } from "../../azure/secret-vault";
import { SqlDatabase } from "../../azure/sql-database";
import { SqlServer } from "../../azure/sql-server";
import type { TaskEnvironment } from "../../azure/task-environment";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { TesoroNames } from "./names";
import { declareNetwork, declareTaskEnvironment, type TesoroNetwork } from "./network";

/** What the app stands on: telemetry, network, vault, storage of backups, database. */
export interface Foundation {
  readonly monitoring: Monitoring;
  readonly network: TesoroNetwork;
  readonly environment: TaskEnvironment;
  readonly vault: SecretVault;
  readonly storage: AppStorage;
  readonly server: SqlServer;
  readonly database: SqlDatabase;
  /** Of the login sqladmin. */
  readonly password: pulumi.Output<string>;
  /** The database that the app is sent to: after a restore the one that was made. */
  readonly live: NamedResource;
}

/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

export function declareFoundation(
  name: string,
  placement: Placement,
  names: TesoroNames,
  settings: SystemSettings<"tesoro-xp">,
  parent: pulumi.Resource,
  group: pulumi.Resource,
): Foundation {
  const { stack, azure, own } = settings;
  const zoneRedundant = stack.environment === "production";
  const monitoring = new Monitoring(
    `${name}-monitoring`,
    {
      ...placement,
      workspaceName: names.workspace,
      componentName: names.applicationInsights,
      retentionDays: contract.retentionDays,
    },
    { parent, dependsOn: [group] },
  );
  const network = declareNetwork(name, placement, names, own.networkRange, parent, group);
  const { workspaceId } = monitoring;
  const { subnetId } = network.apps;
  const environment = declareTaskEnvironment(
    name,
    placement,
    names,
    network,
    { workspaceId, zoneRedundant },
    { parent, dependsOn: [monitoring.workspace] },
  );
  const furtherSubnetIds = [environment.subnetId];
  const onNetwork = {
    parent,
    dependsOn: [network.apps.subnet, environment.subnet, monitoring.workspace],
  };
  const vault = new SecretVault(
    `${name}-vault`,
    {
      ...placement,
      vaultName: names.vault,
      tenantId: azure.tenantId,
      subnetId,
      furtherSubnetIds,
      workspaceId,
      softDeleteRetentionDays: placement.guarded ? vaultReservationDays.guarded : vaultReservationDays.dev,
    },
    onNetwork,
  );
  const storage = new AppStorage(
    `${name}-storage`,
    {
      ...placement,
      accountName: names.storageAccount,
      subnetId,
      furtherSubnetIds,
      workspaceId,
      zoneRedundant,
      geoRedundant: placement.guarded,
      recoveryDays: contract.retentionDays,
      containers: [contract.backups.container],
    },
    onNetwork,
  );
  const sql = declareSql(name, placement, names, settings, { network, workspaceId }, parent, [
    ...network.endpoints.ready,
    monitoring.workspace,
  ]);
  return { monitoring, network, environment, vault, storage, ...sql };
}

function declareSql(
  name: string,
  placement: Placement,
  names: TesoroNames,
  { stack, azure, own }: SystemSettings<"tesoro-xp">,
  { network, workspaceId }: { readonly network: TesoroNetwork; readonly workspaceId: string },
  parent: pulumi.Resource,
  after: pulumi.Resource[],
): Pick<Foundation, "server" | "database" | "live" | "password"> {
  const password = generatedPassword(`${name}-generated-sql-administrator`, parent);
  const { administratorLogin, minimumTlsVersion, pointInTimeDays, differentialHours, longTerm } =
    contract.database;
  const server = new SqlServer(
    `${name}-sql`,
    {
      ...placement,
      serverName: names.sqlServer,
      tenantId: azure.tenantId,
      administratorLogin,
      administratorPassword: password,
      administratorGroup: own.sqlAdministratorGroup,
      entraOnly: !own.sqlPasswordSignIn,
      minimumTlsVersion,
      workspaceId,
      endpointName: names.sqlEndpoint,
      access: network.endpoints.access,
    },
    { parent, dependsOn: after },
  );
  const database = new SqlDatabase(
    `${name}-sql-database`,
    {
      ...placement,
      serverName: names.sqlServer,
      databaseName: names.sqlDatabase,
      vCores: own.databaseVCores,
      storageGb: own.databaseStorageGb,
      zoneRedundant: stack.environment === "production",
      geoRedundantBackup: placement.guarded,
      pointInTimeDays,
      differentialHours,
      longTerm,
      workspaceId,
    },
    { parent, dependsOn: [server.ready] },
  );
  return { server, database, live: database.inUse(own.restoredDatabase), password };
}
