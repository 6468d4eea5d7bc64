import { Subnet } from "@pulumi/azure-native/network/subnet";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface AppNetworkArgs extends Placement {
  readonly virtualNetworkName: string;
  readonly subnetName: string;
  /** Range of the network, CIDR. */
  readonly addressRange: string;
  /**
   * Range of the apps' subnet, CIDR.
   * @default - the whole network
   */
  readonly subnetRange?: string;
  /** Services whose firewalls admit the subnet by its service endpoints. */
  readonly serviceEndpoints: readonly (
    | "Microsoft.AzureCosmosDB"
    | "Microsoft.KeyVault"
    | "Microsoft.Storage"
  )[];
}

/** A virtual network with the subnet through which an app reaches its data stores. */
export class AppNetwork extends pulumi.ComponentResource {
  readonly virtualNetworkId: string;
  readonly subnetId: string;
  readonly network: VirtualNetwork;
  readonly subnet: Subnet;

  constructor(name: string, args: AppNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:AppNetwork", name, {}, options);
    const { resourceGroupName, location, virtualNetworkName, subnetName, addressRange, tags } = args;
    this.virtualNetworkId = armId(args, "Microsoft.Network/virtualNetworks", virtualNetworkName);
    this.subnetId = armId(args, "Microsoft.Network/virtualNetworks/subnets", virtualNetworkName, subnetName);
    this.network = new VirtualNetwork(
      `${name}-network`,
      {
        resourceGroupName,
        location,
        virtualNetworkName,
        addressSpace: { addressPrefixes: [addressRange] },
        tags,
      },
      childOf(this),
    );
    this.subnet = new Subnet(
      `${name}-subnet`,
      {
        resourceGroupName,
        virtualNetworkName,
        subnetName,
        addressPrefix: args.subnetRange ?? addressRange,
        delegations: [{ name: "app-service", serviceName: "Microsoft.Web/serverFarms" }],
        serviceEndpoints: args.serviceEndpoints.map((service) => ({ service })),
      },
      childOf(this, [this.network]),
    );
    this.registerOutputs({ subnetId: this.subnetId });
  }
}
