import { ManagedEnvironment } from "@pulumi/azure-native/app/managedEnvironment";
import { Subnet } from "@pulumi/azure-native/network/subnet";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { sendDiagnostics } from "./diagnostics";

export interface TaskEnvironmentArgs extends Placement {
  readonly environmentName: string;
  readonly virtualNetworkName: string;
  readonly subnetName: string;
  /** CIDR of /27 or larger, within the network's range. */
  readonly addressRange: string;
  readonly workspaceId: string;
  readonly zoneRedundant: boolean;
  /** The network, and what else must be done in it before. */
  readonly after: readonly pulumi.Resource[];
}

/** Of Azure's own: containers pay while they run, and run on no machine of ours. */
const consumption = "Consumption";

/** Where jobs of Azure Container Apps run: in a subnet of their own, reached from nowhere, with logs to the workspace. */
export class TaskEnvironment extends pulumi.ComponentResource {
  readonly environmentId: string;
  readonly subnetId: string;
  readonly subnet: Subnet;
  readonly environment: ManagedEnvironment;
  readonly workloadProfile = consumption;

  constructor(name: string, args: TaskEnvironmentArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:TaskEnvironment", name, {}, options);
    const { resourceGroupName, environmentName, virtualNetworkName, subnetName } = args;
    this.environmentId = armId(args, "Microsoft.App/managedEnvironments", environmentName);
    this.subnetId = armId(args, "Microsoft.Network/virtualNetworks/subnets", virtualNetworkName, subnetName);
    this.subnet = new Subnet(
      `${name}-subnet`,
      {
        resourceGroupName,
        virtualNetworkName,
        subnetName,
        addressPrefix: args.addressRange,
        delegations: [{ name: "container-apps", serviceName: "Microsoft.App/environments" }],
        serviceEndpoints: [{ service: "Microsoft.KeyVault" }, { service: "Microsoft.Storage" }],
      },
      childOf(this, args.after),
    );
    this.environment = new ManagedEnvironment(
      `${name}-environment`,
      {
        resourceGroupName,
        location: args.location,
        environmentName,
        vnetConfiguration: { infrastructureSubnetId: this.subnetId, internal: true },
        publicNetworkAccess: "Disabled",
        workloadProfiles: [{ name: consumption, workloadProfileType: consumption }],
        zoneRedundant: args.zoneRedundant,
        // By diagnostic setting: the workspace takes no key.
        appLogsConfiguration: { destination: "azure-monitor" },
        tags: args.tags,
      },
      childOf(this, [this.subnet]),
    );
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.environmentId,
        workspaceId: args.workspaceId,
        logs: [{ category: "ContainerAppConsoleLogs" }, { category: "ContainerAppSystemLogs" }],
        dedicatedTables: true,
      },
      this,
      [this.environment],
    );
    this.registerOutputs({ environmentId: this.environmentId });
  }
}
