import type * as pulumi from "@pulumi/pulumi";
import { armId } from "../../arm-id";
import type { Cluster } from "../../kubernetes/cluster";
import type { Placement } from "../../placement";
import { gatewayReference } from "./gateway-reference";
import type { PlatformNames } from "./names";
import type { Platform } from "./platform";
import type { PlatformServices } from "./services";

/** The services of the platform that this stack carries. */
export function ownServices(
  { network, cluster, registry, prometheus, monitoring, edge }: Omit<Platform, "services">,
  names: PlatformNames,
  placement: Placement,
  gatewayHost: string,
  kubernetes: Cluster,
  gateway: pulumi.Resource,
): PlatformServices {
  const nodes = { ...placement, resourceGroupName: names.nodeResourceGroup };
  return {
    kubernetes,
    clusterId: cluster.clusterId,
    clusterName: names.cluster,
    clusterResourceGroup: names.resourceGroup,
    oidcIssuerUrl: cluster.oidcIssuerUrl,
    registryHost: registry.host,
    registryId: registry.registryId,
    prometheusWorkspaceId: prometheus.workspaceId,
    prometheusLocation: placement.location,
    logWorkspaceId: monitoring.workspaceId,
    logWorkspaceCustomerId: monitoring.workspace.customerId,
    prometheusUrl: prometheus.queryUrl,
    grafanaUrl: prometheus.grafanaUrl,
    network: {
      virtualNetworkId: network.virtualNetworkId,
      nodeSubnetId: network.subnetIds.nodes,
      endpointSubnetId: network.subnetIds.endpoints,
      privateZones: network.privateZones,
    },
    edge: {
      subscriptionId: placement.subscriptionId,
      resourceGroupName: names.resourceGroup,
      profileName: names.edgeProfile,
      // Made by the cluster for the gateway's load balancer, beside its nodes.
      originLinkId: armId(nodes, "Microsoft.Network/privateLinkServices", names.originLink),
      originLinkLocation: placement.location,
      originHost: gatewayHost,
    },
    gateway: gatewayReference,
    ready: {
      cluster: cluster.ready,
      registry: [registry.registry],
      network: [network.subnets.nodes, network.subnets.endpoints, ...network.zoneLinks],
      monitoring: [prometheus.workspace, monitoring.workspace],
      edge: [edge.profile, gateway],
    },
  };
}
