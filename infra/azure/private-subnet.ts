import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup";
import { Subnet } from "@pulumi/azure-native/network/subnet";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { inboundRules } from "./inbound-rules";
import { type PrivateAccess, type PrivateService, privateServices } from "./private-endpoint";

export interface PrivateSubnetArgs extends Placement {
  readonly virtualNetworkName: string;
  readonly subnetName: string;
  /** CIDR, within the network's range. */
  readonly addressRange: string;
  readonly securityGroupName: string;
  /** What is reached from the network by an endpoint in this subnet. */
  readonly services: readonly PrivateService[];
  /** The network, and what else must be done in it before. */
  readonly after: readonly pulumi.Resource[];
}

/** A subnet for private endpoints, and the DNS zones by which the network finds what they lead to. */
export class PrivateSubnet extends pulumi.ComponentResource {
  readonly access: PrivateAccess;
  /** The subnet, the zones and their links. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PrivateSubnetArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:PrivateSubnet", name, {}, options);
    const { resourceGroupName, virtualNetworkName, subnetName, securityGroupName } = args;
    const rules = new NetworkSecurityGroup(
      `${name}-rules`,
      {
        resourceGroupName,
        location: args.location,
        networkSecurityGroupName: securityGroupName,
        securityRules: inboundRules.map((rule) => ({ ...rule })),
        tags: args.tags,
      },
      childOf(this),
    );
    const subnet = new Subnet(
      `${name}-subnet`,
      {
        resourceGroupName,
        virtualNetworkName,
        subnetName,
        addressPrefix: args.addressRange,
        networkSecurityGroup: {
          id: armId(args, "Microsoft.Network/networkSecurityGroups", securityGroupName),
        },
        privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled",
      },
      childOf(this, [rules, ...args.after]),
    );
    const links = args.services.map((service) => this.declareZone(name, args, service));
    this.access = {
      subnetId: armId(args, "Microsoft.Network/virtualNetworks/subnets", virtualNetworkName, subnetName),
      privateZones: Object.fromEntries(
        args.services.map((service) => [
          service,
          armId(args, "Microsoft.Network/privateDnsZones", privateServices[service].zone),
        ]),
      ),
    };
    this.ready = [subnet, ...links];
    this.registerOutputs({ subnetId: this.access.subnetId });
  }

  private declareZone(name: string, args: PrivateSubnetArgs, service: PrivateService): VirtualNetworkLink {
    const { resourceGroupName, virtualNetworkName } = args;
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
        virtualNetworkLinkName: virtualNetworkName,
        virtualNetwork: { id: armId(args, "Microsoft.Network/virtualNetworks", virtualNetworkName) },
        registrationEnabled: false,
        tags: args.tags,
      },
      childOf(this, [zone, ...args.after]),
    );
  }
}
