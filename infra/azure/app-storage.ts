import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { admittedNetworks, classified, type Placement } from "../placement";
import type { BuiltInRole, Grant } from "./access";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";

export interface AppStorageArgs extends Placement {
  readonly accountName: string;
  readonly subnetId: string;
  /** Further subnets that may connect. @default - none */
  readonly furtherSubnetIds?: readonly string[];
  readonly workspaceId: string;
  /** Copies in several zones; else in one. */
  readonly zoneRedundant: boolean;
  /**
   * Copies in the paired region too.
   * @default false
   */
  readonly geoRedundant?: boolean;
  /** Days that deleted and overwritten blobs can be recovered. */
  readonly recoveryDays: number;
  readonly containers: readonly string[];
  /**
   * Days after which a container's blobs are removed, such as backups beyond their retention. A name that ends in `*` is
   * that of every container that begins so, also of one that is made later.
   * @default - no blob is removed by age
   */
  readonly expiryDays?: Readonly<Record<string, number>>;
}

/** The storage account of an app: reached by identity from one subnet, with recovery of what was deleted. */
export class AppStorage extends pulumi.ComponentResource {
  readonly accountId: string;
  readonly account: StorageAccount;
  private readonly containers = new Map<string, BlobContainer>();

  constructor(name: string, args: AppStorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:AppStorage", name, {}, options);
    const { resourceGroupName, accountName, recoveryDays } = args;
    this.accountId = armId(args, "Microsoft.Storage/storageAccounts", accountName);
    const admitted = admittedNetworks(args, [args.subnetId, ...(args.furtherSubnetIds ?? [])]);
    this.account = new StorageAccount(
      `${name}-account`,
      {
        resourceGroupName,
        location: args.location,
        accountName,
        kind: "StorageV2",
        sku: { name: skuOf(args) },
        accessTier: "Hot",
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
        publicNetworkAccess: "Enabled",
        networkRuleSet: {
          bypass: "AzureServices",
          defaultAction: "Deny",
          virtualNetworkRules: admitted.subnetIds.map((id) => ({
            virtualNetworkResourceId: id,
            action: "Allow" as const,
          })),
          ipRules: admitted.ranges.map((range) => ({ iPAddressOrRange: range, action: "Allow" as const })),
        },
        tags: classified(args.tags, "internal"),
      },
      guardedChildOf(this, args),
    );
    const blobService = this.blobRecovery(name, args, recoveryDays);
    for (const containerName of args.containers) {
      const container = new BlobContainer(
        `${name}-container-${containerName}`,
        { resourceGroupName, accountName, containerName, publicAccess: "None" },
        guardedChildOf(this, args, [blobService]),
      );
      this.containers.set(containerName, container);
    }
    lockAgainstDeletion(`${name}-lock`, this.accountId, args, this, this.account);
    sendDiagnostics(
      `${name}-diagnostics`,
      { resourceUri: this.accountId, workspaceId: args.workspaceId, logs: [], metrics: ["Transaction"] },
      this,
      [this.account],
    );
    sendDiagnostics(
      `${name}-blob-diagnostics`,
      {
        resourceUri: `${this.accountId}/blobServices/default`,
        workspaceId: args.workspaceId,
        logs: [{ category: "StorageRead" }, { category: "StorageWrite" }, { category: "StorageDelete" }],
        metrics: ["Transaction"],
      },
      this,
      [blobService],
    );
    this.registerOutputs({ accountId: this.accountId });
  }

  /** The same on one container of the account. */
  grantOn(containerName: string, role: Extract<BuiltInRole, `storageBlob${string}`>): Grant {
    const container = this.containers.get(containerName);
    if (container === undefined) throw new Error(`the account declares no container ${containerName}`);
    return {
      role,
      scope: `${this.accountId}/blobServices/default/containers/${containerName}`,
      scopeResource: container,
    };
  }

  grant(role: Extract<BuiltInRole, `storage${string}`>): Grant {
    return { role, scope: this.accountId, scopeResource: this.account };
  }

  private blobRecovery(name: string, args: AppStorageArgs, recoveryDays: number): BlobServiceProperties {
    const { resourceGroupName, accountName } = args;
    const retention = { enabled: true, days: recoveryDays };
    const blobService = new BlobServiceProperties(
      `${name}-blobs`,
      {
        resourceGroupName,
        accountName,
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: retention,
        containerDeleteRetentionPolicy: retention,
      },
      childOf(this, [this.account]),
    );
    // Versions that nobody can recover any more would be paid for ever.
    new ManagementPolicy(
      `${name}-lifecycle`,
      {
        resourceGroupName,
        accountName,
        managementPolicyName: "default",
        policy: {
          rules: [
            {
              name: "remove-old-versions",
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["blockBlob"] },
                actions: { version: { delete: { daysAfterCreationGreaterThan: recoveryDays } } },
              },
            },
            ...Object.entries(args.expiryDays ?? {}).map(([container, days]) => ({
              name: `expire-${container.replace(/-?\*$/, "")}`,
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["blockBlob"], prefixMatch: [expiringPrefix(container)] },
                actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
              },
            })),
          ],
        },
      },
      childOf(this, [blobService]),
    );
    return blobService;
  }
}

/** Without the slash Azure takes it for the beginning of containers' names (Microsoft Learn, "lifecycle policies"). */
function expiringPrefix(container: string): string {
  return container.endsWith("*") ? container.slice(0, -1) : `${container}/`;
}

function skuOf({ zoneRedundant, geoRedundant = false }: AppStorageArgs): string {
  if (geoRedundant) return zoneRedundant ? "Standard_GZRS" : "Standard_GRS";
  return zoneRedundant ? "Standard_ZRS" : "Standard_LRS";
}
