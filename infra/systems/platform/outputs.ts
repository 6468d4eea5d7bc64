import type { SystemOutputs } from "..";
import type { Platform } from "./platform";

/** What the next human or tool needs; `reference` is what `switchyard:platform` takes in a stack without the platform. */
export function platformOutputs(platform: Platform): SystemOutputs {
  const { services, prometheus, vault } = platform;
  const { network, edge } = services;
  return {
    resourceGroupId: platform.resourceGroupId,
    registry: services.registryHost,
    grafana: prometheus.grafanaUrl,
    prometheusQueryEndpoint: prometheus.queryUrl,
    vaultId: vault.vaultId,
    reference: {
      clusterId: services.clusterId,
      oidcIssuerUrl: services.oidcIssuerUrl,
      registryHost: services.registryHost,
      prometheusWorkspaceId: services.prometheusWorkspaceId,
      prometheusLocation: services.prometheusLocation,
      prometheusUrl: services.prometheusUrl,
      grafanaUrl: services.grafanaUrl,
      logWorkspaceId: services.logWorkspaceId,
      logWorkspaceCustomerId: services.logWorkspaceCustomerId,
      nodeSubnetId: network.nodeSubnetId,
      endpointSubnetId: network.endpointSubnetId,
      edgeProfileId: platform.edge.profileId,
      originLinkId: edge.originLinkId,
      originHost: edge.originHost,
    },
  };
}
