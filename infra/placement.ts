import type { ArmScope } from "./arm-id";
import { isSubnetId } from "./config/address-range";
import type { StackSettings } from "./settings";

/** Who a resource belongs to and how it may be treated. Azure compares tag names without regard to case. */
export type Tags = Readonly<Record<string, string>>;

/** How the data behind a resource is to be treated. */
export type DataClassification = "none" | "internal" | "confidential";

/** Where a component's resources go, and what they all carry. */
export interface Placement extends ArmScope {
  readonly location: string;
  readonly tags: Tags;
  /** Outside dev: refuse deletion in preview (`protect`), and in Azure (locks). */
  readonly guarded: boolean;
  /** Container of the journals of releases, for tracks. @default - dev: the folder of the local state */
  readonly journal?: string;
  /** Subnets (ARM ids) and public ranges from which releases run. @default - dev: none */
  readonly runnerNetworks?: readonly string[];
}

/** Where a system's resources go in a stack. Its own tags win over the stack's extra ones. */
export function placementOf(
  system: string,
  { stack, azure, owner, costCenter, tags, journal, runnerNetworks }: StackSettings,
  resourceGroupName: string,
): Placement {
  return {
    subscriptionId: azure.subscriptionId,
    resourceGroupName,
    location: azure.location,
    guarded: stack.environment !== "dev",
    journal,
    runnerNetworks,
    tags: {
      ...tags,
      system,
      environment: stack.environment,
      stack: stack.name,
      owner,
      costCenter,
      managedBy: "pulumi",
      dataClassification: "none",
    },
  };
}

/** What the firewall of a vault or a storage account lets in: the subnets that are named, and where releases run. */
export function admittedNetworks(
  { runnerNetworks = [] }: Placement,
  subnetIds: readonly string[],
): { readonly subnetIds: readonly string[]; readonly ranges: readonly string[] } {
  return {
    subnetIds: [...subnetIds, ...runnerNetworks.filter(isSubnetId)],
    ranges: runnerNetworks.filter((network) => !isSubnetId(network)),
  };
}

/** The same tags for a resource that holds data. */
export function classified(tags: Tags, dataClassification: DataClassification): Tags {
  return { ...tags, dataClassification };
}
