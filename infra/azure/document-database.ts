import { DatabaseAccount } from "@pulumi/azure-native/cosmosdb/databaseAccount";
import { SqlResourceSqlContainer } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlContainer";
import { SqlResourceSqlDatabase } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlDatabase";
import { SqlResourceSqlRoleAssignment } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlRoleAssignment";
import { SqlResourceSqlRoleDefinition } from "@pulumi/azure-native/cosmosdb/sqlResourceSqlRoleDefinition";
import * as pulumi from "@pulumi/pulumi";
import { armId, type NamedResource } from "../arm-id";
import { stableGuid } from "../hash";
import { classified, type Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";

export interface ContainerArgs {
  readonly name: string;
  /** Cannot be changed later. */
  readonly partitionKey: string;
  readonly indexing?: {
    readonly mode: "consistent" | "none";
    readonly includedPaths: readonly string[];
    readonly excludedPaths: readonly string[];
  };
}

export interface DocumentDatabaseArgs extends Placement {
  readonly accountName: string;
  readonly databaseName: string;
  readonly containers: readonly ContainerArgs[];
  /** Upper bound of autoscale for the database, shared by its containers. */
  readonly autoscaleMaxRequestUnitsPerSecond: number;
  readonly backupTier: "Continuous7Days" | "Continuous30Days";
  readonly subnetId: string;
  readonly workspaceId: string;
  readonly zoneRedundant: boolean;
  /** Addresses besides the subnet that may connect, CIDR. */
  readonly admittedIpRanges: readonly string[];
}

/**
 * What the app does with items. It neither makes nor changes containers: those are declared here
 * (Microsoft Learn, "Data plane security reference", Azure Cosmos DB for NoSQL).
 */
const itemActions = [
  "Microsoft.DocumentDB/databaseAccounts/readMetadata",
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery",
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/readChangeFeed",
] as const;

/** A Cosmos DB account with one database: continuous backup, no keys for data access, one subnet. */
export class DocumentDatabase extends pulumi.ComponentResource {
  readonly accountId: string;
  readonly account: DatabaseAccount;
  private readonly args: DocumentDatabaseArgs;
  private readonly prefix: string;
  private readonly roleDefinitionGuid: string;
  private readonly itemRole: SqlResourceSqlRoleDefinition;

  constructor(name: string, args: DocumentDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:DocumentDatabase", name, {}, options);
    this.args = args;
    this.prefix = name;
    this.accountId = this.inUse().id;
    this.account = this.declareAccount();
    this.declareContents();
    this.roleDefinitionGuid = stableGuid(this.accountId, "items");
    this.itemRole = new SqlResourceSqlRoleDefinition(
      `${name}-role-items`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: args.accountName,
        roleDefinitionId: this.roleDefinitionGuid,
        roleName: `${args.databaseName} items`,
        type: "CustomRole",
        assignableScopes: [this.accountId],
        permissions: [{ dataActions: [...itemActions] }],
      },
      childOf(this, [this.account]),
    );
    lockAgainstDeletion(`${name}-lock`, this.accountId, args, this, this.account);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.accountId,
        workspaceId: args.workspaceId,
        logs: [
          { category: "DataPlaneRequests" },
          { category: "QueryRuntimeStatistics" },
          { category: "PartitionKeyRUConsumption" },
          { category: "ControlPlaneRequests" },
        ],
        metrics: ["Requests"],
        dedicatedTables: true,
      },
      this,
      [this.account],
    );
    this.registerOutputs({ accountId: this.accountId });
  }

  /** The account that is used. @param restored name of one that a restore has made beside this one */
  inUse(restored = this.args.accountName): NamedResource {
    return { name: restored, id: armId(this.args, "Microsoft.DocumentDB/databaseAccounts", restored) };
  }

  private declareAccount(): DatabaseAccount {
    const { args } = this;
    return new DatabaseAccount(
      `${this.prefix}-account`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        accountName: args.accountName,
        kind: "GlobalDocumentDB",
        databaseAccountOfferType: "Standard",
        locations: [
          { locationName: args.location, failoverPriority: 0, isZoneRedundant: args.zoneRedundant },
        ],
        consistencyPolicy: { defaultConsistencyLevel: "Session" },
        backupPolicy: { type: "Continuous", continuousModeProperties: { tier: args.backupTier } },
        disableLocalAuth: true,
        disableKeyBasedMetadataWriteAccess: true,
        minimalTlsVersion: "Tls12",
        publicNetworkAccess: "Enabled",
        isVirtualNetworkFilterEnabled: true,
        virtualNetworkRules: [{ id: args.subnetId, ignoreMissingVNetServiceEndpoint: false }],
        ipRules: args.admittedIpRanges.map((ipAddressOrRange) => ({ ipAddressOrRange })),
        networkAclBypass: "None",
        enableAutomaticFailover: false,
        enableMultipleWriteLocations: false,
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
  }

  private declareContents(): void {
    const { resourceGroupName, accountName, databaseName, autoscaleMaxRequestUnitsPerSecond } = this.args;
    const database = new SqlResourceSqlDatabase(
      `${this.prefix}-database`,
      {
        resourceGroupName,
        accountName,
        databaseName,
        resource: { id: databaseName },
        options: { autoscaleSettings: { maxThroughput: autoscaleMaxRequestUnitsPerSecond } },
        tags: this.args.tags,
      },
      guardedChildOf(this, this.args, [this.account]),
    );
    for (const { name, partitionKey, indexing } of this.args.containers) {
      new SqlResourceSqlContainer(
        `${this.prefix}-container-${name}`,
        {
          resourceGroupName,
          accountName,
          databaseName,
          containerName: name,
          resource: {
            id: name,
            partitionKey: { kind: "Hash", paths: [partitionKey], version: 2 },
            indexingPolicy: indexing && {
              automatic: true,
              indexingMode: indexing.mode,
              includedPaths: indexing.includedPaths.map((path) => ({ path })),
              excludedPaths: indexing.excludedPaths.map((path) => ({ path })),
            },
          },
          tags: this.args.tags,
        },
        guardedChildOf(this, this.args, [database]),
      );
    }
  }

  /**
   * Lets an identity read and write the items of the database.
   *
   * @param holder Short name of the identity, part of the assignment's name and of its GUID.
   */
  grantItems(holder: string, principalId: pulumi.Input<string>): void {
    const { resourceGroupName, accountName, databaseName } = this.args;
    new SqlResourceSqlRoleAssignment(
      `${this.prefix}-items-${holder}`,
      {
        resourceGroupName,
        accountName,
        roleAssignmentId: stableGuid(this.accountId, "items", holder),
        roleDefinitionId: `${this.accountId}/sqlRoleDefinitions/${this.roleDefinitionGuid}`,
        principalId,
        scope: `${this.accountId}/dbs/${databaseName}`,
      },
      childOf(this, [this.itemRole]),
    );
  }
}
