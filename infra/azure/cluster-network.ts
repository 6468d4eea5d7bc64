import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup";
import { Subnet } from "@pulumi/azure-native/network/subnet";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { inboundRules } from "./inbound-rules";
import { type ClusterService, clusterServices, type PrivateZones, privateServices } from "./private-endpoint";

export type SubnetName = "nodes" | "endpoints" | "edge";

export interface ClusterNetworkArgs extends Placement {
  readonly virtualNetworkName: string;
  readonly addressRange: string;
  readonly subnetNames: Readonly<Record<SubnetName, string>>;
  /** CIDR of each. */
  readonly subnetRanges: Readonly<Record<SubnetName, string>>;
  readonly securityGroupName: (subnet: string) => string;
}

/** The network of a cluster: nodes, private endpoints with their DNS, and the way in from the edge. */
export class ClusterNetwork extends pulumi.ComponentResource {
  readonly virtualNetworkId: string;
  readonly subnetIds: Readonly<Record<SubnetName, string>>;
  readonly subnets: Readonly<Record<SubnetName, Subnet>>;
  readonly privateZones: PrivateZones;
  /** The zones and their links. */
  readonly zoneLinks: readonly pulumi.Resource[];

  constructor(name: string, args: ClusterNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:ClusterNetwork", name, {}, options);
    const { resourceGroupName, virtualNetworkName } = args;
    this.virtualNetworkId = armId(args, "Microsoft.Network/virtualNetworks", virtualNetworkName);
    const network = new VirtualNetwork(
      `${name}-network`,
      {
        resourceGroupName,
        location: args.location,
        virtualNetworkName,
        addressSpace: { addressPrefixes: [args.addressRange] },
        tags: args.tags,
      },
      childOf(this),
    );
    const nodes = this.declareSubnet(name, args, "nodes", [network], {
      serviceEndpoints: ["Microsoft.KeyVault", "Microsoft.Storage"].map((service) => ({ service })),
    });
    // One after the other: a network refuses a second change while it works on the first.
    const endpoints = this.declareSubnet(name, args, "endpoints", [nodes], {
      privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
    });
    const edge = this.declareSubnet(name, args, "edge", [endpoints], {
      // A Private Link service takes its addresses from a subnet only without them.
      privateLinkServiceNetworkPolicies: "Disabled",
    });
    this.subnets = { nodes, endpoints, edge };
    this.subnetIds = {
      nodes: subnetId(args, "nodes"),
      endpoints: subnetId(args, "endpoints"),
      edge: subnetId(args, "edge"),
    };
    this.privateZones = Object.fromEntries(
      clusterServices.map((service) => [
        service,
        armId(args, "Microsoft.Network/privateDnsZones", privateServices[service].zone),
      ]),
    ) as PrivateZones;
    this.zoneLinks = clusterServices.map((service) => this.declareZone(name, args, service, network));
    this.registerOutputs({ virtualNetworkId: this.virtualNetworkId });
  }

  private declareSubnet(
    name: string,
    args: ClusterNetworkArgs,
    subnet: SubnetName,
    dependsOn: readonly pulumi.Resource[],
    properties: Record<string, unknown>,
  ): Subnet {
    const { resourceGroupName, virtualNetworkName } = args;
    const networkSecurityGroupName = args.securityGroupName(subnet);
    const group = new NetworkSecurityGroup(
      `${name}-rules-${subnet}`,
      {
        resourceGroupName,
        location: args.location,
        networkSecurityGroupName,
        securityRules: inboundRules.map((rule) => ({ ...rule })),
        tags: args.tags,
      },
      childOf(this),
    );
    return new Subnet(
      `${name}-subnet-${subnet}`,
      {
        resourceGroupName,
        virtualNetworkName,
        subnetName: args.subnetNames[subnet],
        addressPrefix: args.subnetRanges[subnet],
        networkSecurityGroup: {
          id: armId(args, "Microsoft.Network/networkSecurityGroups", networkSecurityGroupName),
        },
        ...properties,
      },
      childOf(this, [group, ...dependsOn]),
    );
  }

  private declareZone(
    name: string,
    args: ClusterNetworkArgs,
    service: ClusterService,
    network: VirtualNetwork,
  ): VirtualNetworkLink {
    const { resourceGroupName } = args;
    const privateZoneName = privateServices[service].zone;
    const zone = new PrivateZone(
      `${name}-zone-${service}`,
      { resourceGroupName, location: "global", privateZoneName, tags: args.tags },
      childOf(this),
    );
    return new VirtualNetworkLink(
      `${name}-link-${service}`,
      {
        resourceGroupName,
        location: "global",
        privateZoneName,
        virtualNetworkLinkName: args.virtualNetworkName,
        virtualNetwork: { id: this.virtualNetworkId },
        registrationEnabled: false,
        tags: args.tags,
      },
      childOf(this, [zone, network]),
    );
  }
}

function subnetId(args: ClusterNetworkArgs, subnet: SubnetName): string {
  return armId(
    args,
    "Microsoft.Network/virtualNetworks/subnets",
    args.virtualNetworkName,
    args.subnetNames[subnet],
  );
}
