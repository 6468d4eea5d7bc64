import type { SystemOutputs } from "..";
import type { Platform } from "./platform";

/** What the next human or tool needs; `reference` is what `switchyard:platform` takes in a stack without the platform. */
export function platformOutputs(platform: Platform): SystemOutputs {
  const { services, prometheus, vault } = platform;
  const { network, edge } = services;
  return {
    resourceGroupId: platform.resourceGroupId,
    registry: services.registryHost,
    grafana: prometheus.grafana.properties.endpoint,
    prometheusQueryEndpoint: prometheus.workspace.metrics.prometheusQueryEndpoint,
    vaultId: vault.vaultId,
    reference: {
      clusterId: services.clusterId,
      oidcIssuerUrl: services.oidcIssuerUrl,
      registryHost: services.registryHost,
      prometheusWorkspaceId: services.prometheusWorkspaceId,
      prometheusLocation: services.prometheusLocation,
      logWorkspaceId: services.logWorkspaceId,
      nodeSubnetId: network.nodeSubnetId,
      endpointSubnetId: network.endpointSubnetId,
      edgeProfileId: platform.edge.profileId,
      originLinkId: edge.originLinkId,
      originHost: edge.originHost,
    },
  };
}
