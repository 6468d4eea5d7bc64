import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool";
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { Access } from "./access";
import { clusterProperties, poolArgs } from "./cluster-properties";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";

/** Nodes of one size. */
export interface NodePool {
  /** 1 to 12 lower-case letters and digits. */
  readonly name: string;
  /** `System` pools carry what the cluster itself runs, `User` pools the systems. */
  readonly mode: "System" | "User";
  readonly size: string;
  readonly minimumNodes: number;
  readonly maximumNodes: number;
}

export interface ClusterSubnet {
  readonly id: string;
  readonly resource: pulumi.Resource;
}

export interface KubernetesClusterArgs extends Placement {
  readonly clusterName: string;
  readonly nodeResourceGroup: string;
  /** Minor version, such as `1.33`; patches come by themselves. */
  readonly kubernetesVersion: string;
  readonly tenantId: string;
  /** Entra groups whose members may do everything in the cluster. */
  readonly administratorGroupIds: readonly string[];
  /** Object id of the identity that deploys. */
  readonly deployerId: string | undefined;
  /** Ranges from which the API server is reached, CIDR; none leaves it open to whoever can sign in. */
  readonly authorizedRanges: readonly string[];
  readonly nodeSubnet: ClusterSubnet;
  /** Where the gateway's load balancer and its Private Link service get their addresses. */
  readonly edgeSubnet: ClusterSubnet;
  readonly ranges: { readonly pods: string; readonly services: string; readonly nameServer: string };
  /** The cluster is made with the first, of mode `System`; the others are resources of their own. */
  readonly pools: readonly [NodePool, ...NodePool[]];
  /** Nodes in three zones and a control plane with an SLA. */
  readonly zoneRedundant: boolean;
  /** Revision of the Istio add-on, such as `asm-1-27`. */
  readonly meshRevision: string;
  readonly clusterIdentityName: string;
  readonly kubeletIdentityName: string;
  readonly workspaceId: string;
}

/** What the control plane writes down: who changed what, and who was let in. */
const auditLogs = [
  "kube-audit-admin",
  "guard",
  "kube-apiserver",
  "kube-controller-manager",
  "cluster-autoscaler",
];

/** Days on which no release is made (conflicts 6): versions and node images change then. Hours of UTC-8. */
const maintenanceWindows = {
  aksManagedAutoUpgradeSchedule: { dayOfWeek: "Saturday", startTime: "20:00" },
  aksManagedNodeOSUpgradeSchedule: { dayOfWeek: "Sunday", startTime: "20:00" },
} as const;

/** An AKS cluster without local accounts: people and deployments sign in by Entra, pods by workload identity. */
export class KubernetesCluster extends pulumi.ComponentResource {
  readonly clusterId: string;
  readonly cluster: ManagedCluster;
  /** Cluster and all its node pools. */
  readonly ready: readonly pulumi.Resource[];
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** Object id of the identity with which nodes pull images. */
  readonly kubeletPrincipalId: pulumi.Output<string>;

  constructor(name: string, args: KubernetesClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:KubernetesCluster", name, {}, options);
    const { resourceGroupName, clusterName, location } = args;
    this.clusterId = armId(args, "Microsoft.ContainerService/managedClusters", clusterName);
    const identityOf = (holder: string, resourceName: string) =>
      new UserAssignedIdentity(
        `${name}-${holder}-identity`,
        { resourceGroupName, location, resourceName, tags: args.tags },
        childOf(this),
      );
    const controlPlane = identityOf("cluster", args.clusterIdentityName);
    const kubelet = identityOf("kubelet", args.kubeletIdentityName);
    this.kubeletPrincipalId = kubelet.principalId;
    const identityId = (identity: string) =>
      armId(args, "Microsoft.ManagedIdentity/userAssignedIdentities", identity);
    const access = new Access(
      `${name}-cluster-access`,
      {
        subscriptionId: args.subscriptionId,
        principalId: controlPlane.principalId,
        grants: [
          { role: "networkContributor", scope: args.nodeSubnet.id, scopeResource: args.nodeSubnet.resource },
          { role: "networkContributor", scope: args.edgeSubnet.id, scopeResource: args.edgeSubnet.resource },
          {
            role: "managedIdentityOperator",
            scope: identityId(args.kubeletIdentityName),
            scopeResource: kubelet,
          },
        ],
      },
      { parent: this },
    );
    this.cluster = new ManagedCluster(
      `${name}-cluster`,
      {
        resourceGroupName,
        location,
        resourceName: clusterName,
        ...clusterProperties(args),
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId(args.clusterIdentityName)] },
        identityProfile: {
          kubeletidentity: {
            resourceId: identityId(args.kubeletIdentityName),
            clientId: kubelet.clientId,
            objectId: kubelet.principalId,
          },
        },
        tags: args.tags,
      },
      // What a new pool would need is declared by its own resource; the list only makes the first one.
      { ...guardedChildOf(this, args, [access]), ignoreChanges: ["agentPoolProfiles"] },
    );
    this.oidcIssuerUrl = this.cluster.oidcIssuerProfile.apply((profile) => {
      if (profile?.issuerURL === undefined)
        throw new Error(`Azure gave the cluster ${clusterName} no OIDC issuer`);
      return profile.issuerURL;
    });
    this.ready = [this.cluster, ...this.declarePools(name, args)];
    this.declareMaintenance(name, args);
    this.grantPeople(name, args);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.clusterId,
        workspaceId: args.workspaceId,
        logs: auditLogs.map((category) => ({ category })),
        metrics: ["AllMetrics"],
        dedicatedTables: true,
      },
      this,
      [this.cluster],
    );
    this.registerOutputs({ clusterId: this.clusterId });
  }

  private declarePools(name: string, args: KubernetesClusterArgs): readonly AgentPool[] {
    const [, ...others] = args.pools;
    return others.map(
      (pool) =>
        new AgentPool(
          `${name}-pool-${pool.name}`,
          {
            resourceGroupName: args.resourceGroupName,
            resourceName: args.clusterName,
            agentPoolName: pool.name,
            ...poolArgs(pool, args),
          },
          // The autoscaler decides how many there are between the two bounds.
          { ...childOf(this, [this.cluster]), ignoreChanges: ["count"] },
        ),
    );
  }

  private declareMaintenance(name: string, args: KubernetesClusterArgs): void {
    for (const [configName, { dayOfWeek, startTime }] of Object.entries(maintenanceWindows)) {
      new MaintenanceConfiguration(
        `${name}-${configName}`,
        {
          resourceGroupName: args.resourceGroupName,
          resourceName: args.clusterName,
          configName,
          maintenanceWindow: {
            schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } },
            startTime,
            utcOffset: "-08:00",
            durationHours: 6,
          },
        },
        childOf(this, [this.cluster]),
      );
    }
  }

  /** Who may fetch the address of the API server, and what they may do there. */
  private grantPeople(name: string, args: KubernetesClusterArgs): void {
    const onCluster = { scope: this.clusterId, scopeResource: this.cluster };
    const grants = [
      { role: "aksClusterUser", ...onCluster },
      { role: "aksRbacClusterAdmin", ...onCluster },
    ] as const;
    const { subscriptionId } = args;
    for (const [index, principalId] of args.administratorGroupIds.entries()) {
      new Access(
        `${name}-administrators-${index + 1}`,
        { subscriptionId, principalId, principalType: "Group", grants },
        { parent: this },
      );
    }
    if (args.deployerId !== undefined) {
      new Access(
        `${name}-deployer`,
        { subscriptionId, principalId: args.deployerId, grants },
        { parent: this },
      );
    }
  }
}
