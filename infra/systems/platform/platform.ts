import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { longestRetentionDays } from "../../../runbooks/longest-retention";
import { resourceGroupId } from "../../arm-id";
import { ClusterNetwork } from "../../azure/cluster-network";
import { childOf } from "../../azure/component";
import { ContainerRegistry } from "../../azure/container-registry";
import { EdgeProfile } from "../../azure/edge-profile";
import { KubernetesCluster } from "../../azure/kubernetes-cluster";
import { ManagedPrometheus } from "../../azure/managed-prometheus";
import { Monitoring } from "../../azure/monitoring";
import { ownerValue, ownerWebhook } from "../../azure/owner-value";
import { SecretVault } from "../../azure/secret-vault";
import { SubscriptionSecurity } from "../../azure/subscription-security";
import { WorkloadIdentity } from "../../azure/workload-identity";
import { type Cluster, clusterOf } from "../../kubernetes/cluster";
import { nameScopeOf } from "../../naming";
import { type Placement, placementOf } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { SystemContext, SystemOutputs } from "..";
import { addressPlan, clusterRanges } from "./address-plan";
import { type AlertSecrets, declareAlerting } from "./alerting";
import { certificateManager, Gateway } from "./gateway";
import { type PlatformNames, platformNames } from "./names";
import { Observability } from "./observability";
import { platformOutputs } from "./outputs";
import { ownServices } from "./own-services";
import type { PlatformServices } from "./services";

type Settings = SystemSettings<"platform">;

/** Days after which an image without a tag is removed. */
const untaggedDays = 30;
/** Days that a deleted vault's name stays reserved: the longest outside dev, the shortest in it. */
const vaultReservationDays = { guarded: 90, dev: 7 } as const;

/** What the systems on the cluster share: cluster, registry, edge, metrics, network. Declared before them. */
export class Platform extends pulumi.ComponentResource {
  readonly services: PlatformServices;
  readonly monitoring: Monitoring;
  readonly network: ClusterNetwork;
  readonly cluster: KubernetesCluster;
  readonly registry: ContainerRegistry;
  readonly prometheus: ManagedPrometheus;
  readonly edge: EdgeProfile;
  readonly vault: SecretVault;
  private readonly names: PlatformNames;
  private readonly placement: Placement;
  private readonly group: ResourceGroup;
  private readonly prefix: string;

  constructor(name: string, settings: Settings, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:systems:Platform", name, {}, options);
    this.prefix = name;
    this.names = platformNames(nameScopeOf(settings), settings.own.vaultName);
    this.placement = placementOf("platform", settings, this.names.resourceGroup);
    const { placement, names } = this;
    this.group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, location: placement.location, tags: placement.tags },
      childOf(this),
    );
    const within = { parent: this, dependsOn: [this.group] };
    this.monitoring = new Monitoring(
      `${name}-monitoring`,
      {
        ...placement,
        workspaceName: names.workspace,
        componentName: names.applicationInsights,
        // Logs of containers, the edge and the control plane (conflicts 18).
        retentionDays: longestRetentionDays,
      },
      within,
    );
    this.network = new ClusterNetwork(
      `${name}-network`,
      {
        ...placement,
        virtualNetworkName: names.virtualNetwork,
        addressRange: settings.own.networkRange,
        subnetNames: names.subnets,
        subnetRanges: addressPlan(settings.own.networkRange),
        securityGroupName: names.securityGroup,
      },
      within,
    );
    this.cluster = this.declareCluster(settings);
    this.registry = this.declareRegistry(settings);
    this.prometheus = this.declarePrometheus(settings);
    this.edge = new EdgeProfile(
      `${name}-edge`,
      { ...placement, profileName: names.edgeProfile, workspaceId: this.monitoring.workspaceId },
      { parent: this, dependsOn: [this.group, this.monitoring.workspace] },
    );
    const pagerDutyIntegrationKey = ownerValue(
      `${name}-generated-pager-duty`,
      settings.own.pagerDutyIntegrationKey,
      this,
    );
    const slackWebhook = ownerWebhook(`${name}-generated-slack`, settings.own.slackWebhook, this);
    this.vault = this.declareVault(settings, { pagerDutyIntegrationKey, slackWebhook });
    this.declareAlerts(settings, { pagerDutyIntegrationKey, slackWebhook });
    new SubscriptionSecurity(
      `${name}-security`,
      { ...placement, workspaceId: this.monitoring.workspaceId },
      { parent: this, dependsOn: [this.group, this.monitoring.workspace] },
    );
    const kubernetes = this.kubernetesOf(settings);
    const gateway = this.declareGateway(settings, kubernetes);
    new Observability(
      `${name}-observability`,
      {
        ...placement,
        environment: settings.stack.environment,
        kubernetes,
        oidcIssuerUrl: this.cluster.oidcIssuerUrl,
        identityName: names.dashboardIdentity,
        prometheus: this.prometheus,
        publisherImage: settings.own.azureCliImage,
      },
      { parent: this, dependsOn: [this.group, ...this.cluster.ready] },
    );
    this.services = ownServices(
      this,
      names,
      placement,
      settings.own.gatewayHost,
      kubernetes,
      gateway.gateway,
    );
    this.registerOutputs({});
  }

  private declareCluster({ stack, azure, own }: Settings): KubernetesCluster {
    const { placement, names, network, monitoring } = this;
    return new KubernetesCluster(
      `${this.prefix}-cluster`,
      {
        ...placement,
        clusterName: names.cluster,
        nodeResourceGroup: names.nodeResourceGroup,
        kubernetesVersion: own.kubernetesVersion,
        tenantId: azure.tenantId,
        administratorGroupIds: own.administratorGroupIds ?? [],
        deployerId: own.deployerId,
        authorizedRanges: own.authorizedIpRanges ?? [],
        nodeSubnet: { id: network.subnetIds.nodes, resource: network.subnets.nodes },
        edgeSubnet: { id: network.subnetIds.edge, resource: network.subnets.edge },
        ranges: clusterRanges,
        pools: [
          { name: "system", mode: "System", ...own.systemPool },
          { name: "work", mode: "User", ...own.workPool },
        ],
        zoneRedundant: stack.environment !== "dev",
        meshRevision: own.meshRevision,
        clusterIdentityName: names.clusterIdentity,
        kubeletIdentityName: names.kubeletIdentity,
        workspaceId: monitoring.workspaceId,
      },
      { parent: this, dependsOn: [this.group, monitoring.workspace] },
    );
  }

  private declareRegistry({ stack, own }: Settings): ContainerRegistry {
    const { placement, names, network, monitoring, cluster } = this;
    return new ContainerRegistry(
      `${this.prefix}-registry`,
      {
        ...placement,
        registryName: names.registry,
        zoneRedundant: stack.environment === "production",
        untaggedDays,
        pushRanges: own.authorizedIpRanges ?? [],
        pullerId: cluster.kubeletPrincipalId,
        workspaceId: monitoring.workspaceId,
        endpointName: names.privateEndpoint("registry"),
        access: { subnetId: network.subnetIds.endpoints, privateZones: network.privateZones },
      },
      {
        parent: this,
        dependsOn: [this.group, monitoring.workspace, network.subnets.endpoints, ...network.zoneLinks],
      },
    );
  }

  private declarePrometheus({ stack, own }: Settings): ManagedPrometheus {
    const prometheus = new ManagedPrometheus(
      `${this.prefix}-prometheus`,
      {
        ...this.placement,
        workspaceName: this.names.prometheus,
        grafanaName: this.names.grafana,
        collectionName: this.names.collection,
        zoneRedundant: stack.environment === "production",
        editorGroupIds: own.administratorGroupIds ?? [],
        viewerGroupIds: own.dashboardViewerGroupIds,
      },
      { parent: this, dependsOn: [this.group, this.monitoring.workspace] },
    );
    const { clusterId, cluster } = this.cluster;
    prometheus.collectFrom({ id: clusterId, resource: cluster }, this.monitoring.workspaceId);
    return prometheus;
  }

  /** Secrets of the cluster as a whole; each system has a vault of its own. */
  private declareVault({ azure }: Settings, secrets: AlertSecrets): SecretVault {
    const { placement, network, monitoring } = this;
    const vault = new SecretVault(
      `${this.prefix}-vault`,
      {
        ...placement,
        vaultName: this.names.vault,
        tenantId: azure.tenantId,
        subnetId: network.subnetIds.nodes,
        workspaceId: monitoring.workspaceId,
        softDeleteRetentionDays: placement.guarded ? vaultReservationDays.guarded : vaultReservationDays.dev,
      },
      { parent: this, dependsOn: [network.subnets.nodes, monitoring.workspace] },
    );
    vault.write(
      "pager-duty-integration-key",
      secrets.pagerDutyIntegrationKey,
      "Pages whoever is on call for the cluster",
    );
    vault.write("slack-webhook", secrets.slackWebhook, "Posts alerts of the cluster");
    return vault;
  }

  private declareAlerts(settings: Settings, secrets: AlertSecrets): void {
    const { placement, names, monitoring, cluster, edge } = this;
    declareAlerting(
      this.prefix,
      {
        ...placement,
        ...secrets,
        names,
        mailAddresses: settings.own.alertEmails,
        monthlyBudgetUsd: settings.own.monthlyBudgetUsd,
        budgetStartDate: settings.own.budgetStartDate,
        workspaceId: monitoring.workspaceId,
        targets: {
          cluster: { id: cluster.clusterId, resource: cluster.cluster },
          edge: { id: edge.profileId, resource: edge.profile },
        },
      },
      this,
      [this.group, monitoring.workspace],
    );
  }

  private kubernetesOf(settings: Settings): Cluster {
    return clusterOf(
      `${this.prefix}-kubernetes`,
      {
        environment: settings.stack.environment,
        localCloud: settings.localCloud,
        kubeconfigPath: settings.kubeconfig,
        aks: {
          id: this.cluster.clusterId,
          resourceGroupName: this.names.resourceGroup,
          name: this.names.cluster,
          dependsOn: this.cluster.cluster,
        },
      },
      this,
    );
  }

  private declareGateway({ stack, own }: Settings, kubernetes: Cluster): Gateway {
    const { prefix, placement, names, cluster } = this;
    const { certificateEmail, gatewayDnsZoneId, certificateManagerImages: images } = own;
    const issued = certificateEmail !== undefined && gatewayDnsZoneId !== undefined && images !== undefined;
    const identity = issued
      ? new WorkloadIdentity(
          `${prefix}-certificates`,
          {
            ...placement,
            identityName: names.certificateIdentity,
            oidcIssuerUrl: cluster.oidcIssuerUrl,
            serviceAccounts: [certificateManager],
            grants: [{ role: "dnsZoneContributor", scope: gatewayDnsZoneId, scopeResource: this.group }],
          },
          { parent: this, dependsOn: [this.group] },
        )
      : undefined;
    return new Gateway(
      `${prefix}-gateway`,
      {
        environment: stack.environment,
        cluster: kubernetes,
        host: own.gatewayHost,
        edgeSubnetName: names.subnets.edge,
        originLinkName: names.originLink,
        certificate:
          issued && identity
            ? { email: certificateEmail, dnsZoneId: gatewayDnsZoneId, clientId: identity.clientId, images }
            : undefined,
      },
      { parent: this, dependsOn: [...cluster.ready] },
    );
  }

  /** ARM id of the resource group. */
  get resourceGroupId(): string {
    return resourceGroupId(this.placement);
  }
}

/** Declares the platform and hands its services to the systems that follow. */
export function declarePlatform(settings: Settings, context: SystemContext): SystemOutputs {
  const platform = new Platform("platform", settings);
  context.platform = platform.services;
  return platformOutputs(platform);
}
