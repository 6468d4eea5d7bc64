import { Subnet } from "@pulumi/azure-native/network/subnet";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface AppNetworkArgs extends Placement {
  readonly virtualNetworkName: string;
  readonly subnetName: string;
  /** Range of the network and of its one subnet, CIDR. */
  readonly addressRange: string;
}

/** Services whose firewalls admit the subnet by its service endpoints. */
const serviceEndpoints = ["Microsoft.AzureCosmosDB", "Microsoft.KeyVault", "Microsoft.Storage"] as const;

/** A virtual network with the subnet through which an app reaches its data stores. */
export class AppNetwork extends pulumi.ComponentResource {
  readonly subnetId: string;
  readonly subnet: Subnet;

  constructor(name: string, args: AppNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:AppNetwork", name, {}, options);
    const { resourceGroupName, location, virtualNetworkName, subnetName, addressRange, tags } = args;
    this.subnetId = armId(args, "Microsoft.Network/virtualNetworks/subnets", virtualNetworkName, subnetName);
    const network = new VirtualNetwork(
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
        addressPrefix: addressRange,
        delegations: [{ name: "app-service", serviceName: "Microsoft.Web/serverFarms" }],
        serviceEndpoints: serviceEndpoints.map((service) => ({ service })),
      },
      childOf(this, [network]),
    );
    this.registerOutputs({ subnetId: this.subnetId });
  }
}
