import { dummyGuid } from "../../../infra/config/common-settings";
import type { PlatformReference } from "../../../infra/config/platform-reference";

const group = `/subscriptions/${dummyGuid}/resourceGroups/platform/providers`;

/** A platform that another stack carries: of the right form, and nobody's. */
export const dummyPlatform: PlatformReference = {
  clusterId: `${group}/Microsoft.ContainerService/managedClusters/cluster`,
  oidcIssuerUrl: "https://issuer.invalid/",
  registryHost: "registry.azurecr.io",
  prometheusWorkspaceId: `${group}/Microsoft.Monitor/accounts/prometheus`,
  prometheusLocation: "westus2",
  prometheusUrl: "https://prometheus.invalid/",
  grafanaUrl: "https://grafana.invalid/",
  logWorkspaceCustomerId: dummyGuid,
  logWorkspaceId: `${group}/Microsoft.OperationalInsights/workspaces/logs`,
  nodeSubnetId: `${group}/Microsoft.Network/virtualNetworks/network/subnets/nodes`,
  endpointSubnetId: `${group}/Microsoft.Network/virtualNetworks/network/subnets/endpoints`,
  edgeProfileId: `${group}/Microsoft.Cdn/profiles/edge`,
  originLinkId: `${group}/Microsoft.Network/privateLinkServices/gateway`,
  originHost: "gateway.platform.invalid",
};
