import { AccessPolicyAssignment } from "@pulumi/azure-native/redisenterprise/accessPolicyAssignment";
import { Database } from "@pulumi/azure-native/redisenterprise/database";
import { listDatabaseKeysOutput } from "@pulumi/azure-native/redisenterprise/listDatabaseKeys";
import { RedisEnterprise } from "@pulumi/azure-native/redisenterprise/redisEnterprise";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { stableHex } from "../hash";
import { classified, type Placement } from "../placement";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { type PrivateAccess, PrivateEndpoint } from "./private-endpoint";

export interface ManagedRedisArgs extends Placement {
  readonly cacheName: string;
  /** Size, such as `Balanced_B1`. */
  readonly size: string;
  readonly highAvailability: boolean;
  readonly evictionPolicy: "NoEviction" | "AllKeysLRU" | "VolatileLRU" | "VolatileTTL";
  /** What is written every second to disk survives a restart of the cache. */
  readonly persistent: boolean;
  /**
   * Whether clients sign in by an access key. Without it only the identities that are granted access may.
   * @default false
   */
  readonly accessKeys?: boolean;
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/** The port of the one database; Azure's default. */
const port = 10_000;
const databaseName = "default";

/** Azure Managed Redis with its one database, TLS only, reached from within the network alone. */
export class ManagedRedis extends pulumi.ComponentResource {
  readonly cacheId: string;
  readonly cache: RedisEnterprise;
  readonly database: Database;
  /** Known before the cache exists. */
  readonly host: string;
  readonly port = port;
  private readonly args: ManagedRedisArgs;
  private readonly prefix: string;

  constructor(name: string, args: ManagedRedisArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:ManagedRedis", name, {}, options);
    this.args = args;
    this.prefix = name;
    const { resourceGroupName, location, cacheName } = args;
    this.cacheId = armId(args, "Microsoft.Cache/redisEnterprise", cacheName);
    this.host = `${cacheName}.${location}.redis.azure.net`;
    this.cache = new RedisEnterprise(
      `${name}-cache`,
      {
        resourceGroupName,
        location,
        clusterName: cacheName,
        sku: { name: args.size },
        highAvailability: args.highAvailability ? "Enabled" : "Disabled",
        minimumTlsVersion: "1.2",
        publicNetworkAccess: "Disabled",
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
    this.database = new Database(
      `${name}-database`,
      {
        resourceGroupName,
        clusterName: cacheName,
        databaseName,
        clientProtocol: "Encrypted",
        // Clients that know nothing of Redis clusters work with it.
        clusteringPolicy: "EnterpriseCluster",
        evictionPolicy: args.evictionPolicy,
        port,
        accessKeysAuthentication: args.accessKeys ? "Enabled" : "Disabled",
        persistence: args.persistent
          ? { aofEnabled: true, aofFrequency: "1s", rdbEnabled: false }
          : { aofEnabled: false, rdbEnabled: false },
      },
      guardedChildOf(this, args, [this.cache]),
    );
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "redis", targetId: this.cacheId },
      { parent: this, dependsOn: [this.database] },
    );
    sendDiagnostics(
      `${name}-diagnostics`,
      { resourceUri: this.cacheId, workspaceId: args.workspaceId, logs: [], metrics: ["AllMetrics"] },
      this,
      [this.cache],
    );
    this.registerOutputs({ cacheId: this.cacheId });
  }

  /** Address for a driver with an access key: a secret. Only with `accessKeys`. */
  connectionString(): pulumi.Output<string> {
    if (!this.args.accessKeys) throw new Error(`${this.args.cacheName} takes no access keys`);
    const { resourceGroupName, cacheName } = this.args;
    const { primaryKey } = listDatabaseKeysOutput(
      { resourceGroupName, clusterName: cacheName, databaseName },
      { parent: this, dependsOn: [this.database] },
    );
    return pulumi.secret(
      primaryKey.apply((key) => `rediss://:${encodeURIComponent(key)}@${this.host}:${port}`),
    );
  }

  /**
   * Lets an identity read and write.
   *
   * @param holder Short name of the identity, part of the assignment's name.
   */
  grantData(holder: string, principalId: pulumi.Input<string>): void {
    const { resourceGroupName, cacheName } = this.args;
    new AccessPolicyAssignment(
      `${this.prefix}-data-${holder}`,
      {
        resourceGroupName,
        clusterName: cacheName,
        databaseName,
        // Letters and digits only.
        accessPolicyAssignmentName: stableHex(24, this.cacheId, holder),
        accessPolicyName: "default",
        user: { objectId: principalId },
      },
      childOf(this, [this.database]),
    );
  }
}
