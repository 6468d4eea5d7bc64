import type * as pulumi from "@pulumi/pulumi";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { NamedResource } from "../../arm-id";
import { AppNetwork } from "../../azure/app-network";
import { AppStorage } from "../../azure/app-storage";
import { type ContainerArgs, DocumentDatabase } from "../../azure/document-database";
import { Monitoring } from "../../azure/monitoring";
import { SecretVault } from "../../azure/secret-vault";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { KiranaNames } from "./names";

/** What the app stands on: telemetry, network, vault, database, storage. */
export interface Foundation {
  readonly monitoring: Monitoring;
  readonly network: AppNetwork;
  readonly vault: SecretVault;
  readonly database: DocumentDatabase;
  /** The account that the app is sent to: after a restore the one that was made. */
  readonly live: NamedResource;
  readonly storage: AppStorage;
}

/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

/** Frontend artefacts of past releases, from which a rollback is deployed (KIR-110, conflicts 33). */
const artefactContainer = "releases";

export function declareFoundation(
  name: string,
  placement: Placement,
  names: KiranaNames,
  { stack, azure, own: settings }: SystemSettings<"kirana-inventory">,
  parent: pulumi.Resource,
  group: pulumi.Resource,
): Foundation {
  const options: pulumi.ComponentResourceOptions = { parent };
  const within = { ...options, dependsOn: [group] };
  const zoneRedundant = stack.environment === "production";
  const monitoring = new Monitoring(
    `${name}-monitoring`,
    {
      ...placement,
      workspaceName: names.workspace,
      componentName: names.applicationInsights,
      retentionDays: contract.retentionDays,
    },
    within,
  );
  const network = new AppNetwork(
    `${name}-network`,
    {
      ...placement,
      virtualNetworkName: names.virtualNetwork,
      subnetName: names.subnet,
      addressRange: settings.networkRange,
      serviceEndpoints: ["Microsoft.AzureCosmosDB", "Microsoft.KeyVault", "Microsoft.Storage"],
    },
    within,
  );
  const { workspaceId } = monitoring;
  const { subnetId } = network;
  const onNetwork = { ...options, dependsOn: [network.subnet, monitoring.workspace] };
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
    onNetwork,
  );
  const database = new DocumentDatabase(
    `${name}-database`,
    {
      ...placement,
      accountName: names.cosmosAccount,
      databaseName: contract.cosmos.database,
      containers: contract.cosmos.containers.map(withIndexing),
      autoscaleMaxRequestUnitsPerSecond: contract.cosmos.autoscaleMaxRequestUnitsPerSecond,
      backupTier: contract.cosmos.backup.tier,
      subnetId,
      workspaceId,
      zoneRedundant,
      admittedIpRanges: settings.developerIpRanges,
    },
    onNetwork,
  );
  const storage = new AppStorage(
    `${name}-storage`,
    {
      ...placement,
      accountName: names.storageAccount,
      subnetId,
      workspaceId,
      zoneRedundant,
      recoveryDays: contract.retentionDays,
      containers: [artefactContainer],
    },
    onNetwork,
  );
  const live = database.inUse(settings.restoredCosmosAccount);
  return { monitoring, network, vault, database, live, storage };
}

function withIndexing(container: (typeof contract.cosmos.containers)[number]): ContainerArgs {
  const { container: indexed, ...indexing } = contract.cosmos.itemsIndexing;
  return container.name === indexed ? { ...container, indexing } : container;
}
