import { MongoCluster as Cluster } from "@pulumi/azure-native/mongocluster/mongoCluster";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../../arm-id";
import { guardedChildOf } from "../../azure/component";
import { sendDiagnostics } from "../../azure/diagnostics";
import { lockAgainstDeletion } from "../../azure/lock";
import type { MongoCluster } from "../../azure/mongo-cluster";
import { type PrivateAccess, PrivateEndpoint } from "../../azure/private-endpoint";
import { classified, type Placement } from "../../placement";

export interface DatabaseReplicaArgs extends Placement {
  readonly clusterName: string;
  /** Region of the replica; `location` is the source's, where the private endpoint is too. */
  readonly replicaLocation: string;
  readonly source: MongoCluster;
  readonly administratorLogin: string;
  /** The source's; a secret. */
  readonly administratorPassword: pulumi.Input<string>;
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/**
 * A copy of the database in another region that follows it and is only read (STO-090, STO-093). It is promoted by a
 * person when the region is lost; login and databases are the source's.
 */
export class DatabaseReplica extends pulumi.ComponentResource {
  /** Known before the replica exists. */
  readonly host: string;
  readonly cluster: Cluster;
  private readonly args: DatabaseReplicaArgs;

  constructor(name: string, args: DatabaseReplicaArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:kirana-store:DatabaseReplica", name, {}, options);
    this.args = args;
    const { resourceGroupName, clusterName, source } = args;
    const clusterId = armId(args, "Microsoft.DocumentDB/mongoClusters", clusterName);
    // Not `.global.`, which leads to whichever cluster takes writes.
    this.host = `${clusterName}.mongocluster.cosmos.azure.com`;
    this.cluster = new Cluster(
      `${name}-cluster`,
      {
        resourceGroupName,
        location: args.replicaLocation,
        mongoClusterName: clusterName,
        properties: {
          createMode: "GeoReplica",
          replicaParameters: { sourceLocation: args.location, sourceResourceId: source.clusterId },
          publicNetworkAccess: "Disabled",
        },
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args, [source.cluster]),
    );
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "mongo", targetId: clusterId },
      { parent: this, dependsOn: [this.cluster] },
    );
    lockAgainstDeletion(`${name}-lock`, clusterId, args, this, this.cluster);
    // Whoever reads here reads the same data as at the source.
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: clusterId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "allLogs" }],
        metrics: ["AllMetrics"],
      },
      this,
      [this.cluster],
    );
    this.registerOutputs({});
  }

  /** Address of a database for a driver that reads: a secret. */
  connectionString(database: string): pulumi.Output<string> {
    const { administratorLogin, administratorPassword } = this.args;
    const options =
      "tls=true&authMechanism=SCRAM-SHA-256&retrywrites=false&readPreference=secondaryPreferred";
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
