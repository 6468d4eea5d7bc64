import * as pulumi from "@pulumi/pulumi";
import { armId } from "../../arm-id";
import { clusterServices, type PrivateZones, privateServices } from "../../azure/private-endpoint";
import { namesIn, type PlatformReference } from "../../config/platform-reference";
import { type Cluster, clusterOf } from "../../kubernetes/cluster";
import type { StackSettings } from "../../settings";
import { gatewayReference } from "./gateway-reference";
import type { PlatformServices } from "./services";

/** The services of a platform that another stack carries, and the provider for its cluster. */
export class ReferencedPlatform extends pulumi.ComponentResource {
  readonly services: PlatformServices;

  constructor(
    name: string,
    { stack, localCloud, kubeconfig }: StackSettings,
    reference: PlatformReference,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:ReferencedPlatform", name, {}, options);
    const cluster = namesIn(reference.clusterId);
    const kubernetes = clusterOf(
      `${name}-kubernetes`,
      {
        environment: stack.environment,
        localCloud,
        kubeconfigPath: kubeconfig,
        aks: { id: reference.clusterId, ...cluster },
      },
      this,
    );
    this.services = servicesOf(reference, kubernetes);
    this.registerOutputs({});
  }
}

function servicesOf(reference: PlatformReference, kubernetes: Cluster): PlatformServices {
  const cluster = namesIn(reference.clusterId);
  const edge = namesIn(reference.edgeProfileId);
  const network = namesIn(reference.endpointSubnetId);
  return {
    kubernetes,
    clusterId: reference.clusterId,
    clusterName: cluster.name,
    clusterResourceGroup: cluster.resourceGroupName,
    oidcIssuerUrl: reference.oidcIssuerUrl,
    registryHost: reference.registryHost,
    registryId: registryIn(cluster, reference.registryHost),
    prometheusWorkspaceId: reference.prometheusWorkspaceId,
    prometheusLocation: reference.prometheusLocation,
    logWorkspaceId: reference.logWorkspaceId,
    logWorkspaceCustomerId: reference.logWorkspaceCustomerId,
    prometheusUrl: reference.prometheusUrl,
    grafanaUrl: reference.grafanaUrl,
    network: {
      virtualNetworkId: reference.endpointSubnetId.replace(/\/subnets\/[^/]+$/, ""),
      nodeSubnetId: reference.nodeSubnetId,
      endpointSubnetId: reference.endpointSubnetId,
      privateZones: privateZonesIn(network),
    },
    edge: {
      subscriptionId: edge.subscriptionId,
      resourceGroupName: edge.resourceGroupName,
      profileName: edge.name,
      originLinkId: reference.originLinkId,
      originLinkLocation: reference.prometheusLocation,
      originHost: reference.originHost,
    },
    gateway: gatewayReference,
    ready: { cluster: [], registry: [], network: [], monitoring: [], edge: [] },
  };
}

interface Group {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
}

/** The platform keeps its registry beside its cluster. */
function registryIn(group: Group, host: string): string {
  return armId(group, "Microsoft.ContainerRegistry/registries", host.split(".")[0]!);
}

/** The platform keeps the zones beside its network. */
function privateZonesIn(group: Group): PrivateZones {
  return Object.fromEntries(
    clusterServices.map((service) => [
      service,
      armId(group, "Microsoft.Network/privateDnsZones", privateServices[service].zone),
    ]),
  );
}
