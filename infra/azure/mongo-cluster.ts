import { MongoCluster as Cluster } from "@pulumi/azure-native/mongocluster/mongoCluster";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";
import { type PrivateAccess, PrivateEndpoint } from "./private-endpoint";

export interface MongoClusterArgs extends Placement {
  readonly clusterName: string;
  /** `8.0`. */
  readonly serverVersion: string;
  /** `M10`, `M30`, … */
  readonly tier: string;
  readonly storageGb: number;
  /** Cannot be lowered later. */
  readonly shardCount: number;
  /** A standby of each shard in another zone; from M30 on. */
  readonly highAvailability: boolean;
  readonly administratorLogin: string;
  /** A secret. */
  readonly administratorPassword: pulumi.Input<string>;
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/**
 * MongoDB as a service (Azure DocumentDB, formerly Cosmos DB for MongoDB vCore), reached from within the network alone.
 * It is backed up by itself, to any point of the last 35 days (7 for M10 and M20), and that is not configurable.
 */
export class MongoCluster extends pulumi.ComponentResource {
  readonly clusterId: string;
  readonly cluster: Cluster;
  /** Known before the cluster exists. */
  readonly host: string;
  private readonly args: MongoClusterArgs;

  constructor(name: string, args: MongoClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:MongoCluster", name, {}, options);
    this.args = args;
    this.clusterId = armId(args, "Microsoft.DocumentDB/mongoClusters", args.clusterName);
    this.host = `${args.clusterName}.global.mongocluster.cosmos.azure.com`;
    this.cluster = new Cluster(
      `${name}-cluster`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        mongoClusterName: args.clusterName,
        properties: {
          createMode: "Default",
          administrator: {
            userName: args.administratorLogin,
            password: pulumi.secret(args.administratorPassword),
          },
          serverVersion: args.serverVersion,
          compute: { tier: args.tier },
          storage: { sizeGb: args.storageGb },
          sharding: { shardCount: args.shardCount },
          highAvailability: { targetMode: args.highAvailability ? "ZoneRedundantPreferred" : "Disabled" },
          publicNetworkAccess: "Disabled",
        },
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "mongo", targetId: this.clusterId },
      { parent: this, dependsOn: [this.cluster] },
    );
    lockAgainstDeletion(`${name}-lock`, this.clusterId, args, this, this.cluster);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.clusterId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "allLogs" }],
        metrics: ["AllMetrics"],
      },
      this,
      [this.cluster],
    );
    this.registerOutputs({ clusterId: this.clusterId });
  }

  /** Address of a database for a driver, with the administrator's password: a secret. TLS is the service's only way. */
  connectionString(database: string): pulumi.Output<string> {
    const { administratorLogin, administratorPassword } = this.args;
    const options = "tls=true&authMechanism=SCRAM-SHA-256&retrywrites=false&maxIdleTimeMS=120000";
    return pulumi.secret(
      pulumi
        .output(administratorPassword)
        .apply(
          (password) =>
            `mongodb+srv://${administratorLogin}:${encodeURIComponent(password)}@${this.host}/${database}?${options}`,
        ),
    );
  }
}
