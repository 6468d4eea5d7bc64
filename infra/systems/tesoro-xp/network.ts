import type * as pulumi from "@pulumi/pulumi";
import { AppNetwork } from "../../azure/app-network";
import { PrivateSubnet } from "../../azure/private-subnet";
import { TaskEnvironment } from "../../azure/task-environment";
import type { Placement } from "../../placement";
import type { TesoroNames } from "./names";

export interface TesoroNetwork {
  readonly apps: AppNetwork;
  readonly endpoints: PrivateSubnet;
  /** CIDR of the subnet in which tasks run. */
  readonly taskRange: string;
}

/** The app's way to vault and storage, and to the database's private endpoint: half for the app, a quarter for endpoints, a quarter for tasks. */
export function declareNetwork(
  name: string,
  placement: Placement,
  names: TesoroNames,
  range: string,
  parent: pulumi.Resource,
  group: pulumi.Resource,
): TesoroNetwork {
  const [appRange, rest] = halves(range);
  const [endpointRange, taskRange] = halves(rest);
  const apps = new AppNetwork(
    `${name}-network`,
    {
      ...placement,
      virtualNetworkName: names.virtualNetwork,
      subnetName: names.subnets.apps,
      addressRange: range,
      subnetRange: appRange,
      serviceEndpoints: ["Microsoft.KeyVault", "Microsoft.Storage"],
    },
    { parent, dependsOn: [group] },
  );
  const endpoints = new PrivateSubnet(
    `${name}-endpoints`,
    {
      ...placement,
      virtualNetworkName: names.virtualNetwork,
      subnetName: names.subnets.endpoints,
      addressRange: endpointRange,
      securityGroupName: names.securityGroup,
      services: ["sql"],
      // One subnet after the other: a network refuses a second change while it works on the first.
      after: [apps.subnet],
    },
    { parent, dependsOn: [group] },
  );
  return { apps, endpoints, taskRange };
}

/** Where tasks on the database run. */
export function declareTaskEnvironment(
  name: string,
  placement: Placement,
  names: TesoroNames,
  { apps, endpoints, taskRange }: TesoroNetwork,
  { workspaceId, zoneRedundant }: { readonly workspaceId: string; readonly zoneRedundant: boolean },
  options: pulumi.ComponentResourceOptions,
): TaskEnvironment {
  return new TaskEnvironment(
    `${name}-tasks`,
    {
      ...placement,
      environmentName: names.taskEnvironment,
      virtualNetworkName: names.virtualNetwork,
      subnetName: names.subnets.tasks,
      addressRange: taskRange,
      workspaceId,
      zoneRedundant,
      after: [apps.subnet, ...endpoints.ready],
    },
    options,
  );
}

/**
 * Both halves of a range.
 *
 * @param range CIDR from its first address on.
 */
export function halves(range: string): readonly [string, string] {
  const [address = "", prefix = ""] = range.split("/");
  const bits = Number(prefix) + 1;
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const second = first + 2 ** (32 - bits);
  const dotted = [24, 16, 8, 0].map((shift) => Math.floor(second / 2 ** shift) % 256).join(".");
  return [`${address}/${bits}`, `${dotted}/${bits}`];
}
