import { Registry } from "@pulumi/azure-native/containerregistry/registry";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import { classified, type Placement } from "../placement";
import { Access } from "./access";
import { guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";
import { type PrivateAccess, PrivateEndpoint } from "./private-endpoint";

export interface ContainerRegistryArgs extends Placement {
  /** Lower-case letters and digits. */
  readonly registryName: string;
  readonly zoneRedundant: boolean;
  /** Days after which an image without a tag is removed: a version keeps its tag for as long as it may be needed. */
  readonly untaggedDays: number;
  /** Ranges from which images are pushed, CIDR. */
  readonly pushRanges: readonly string[];
  /** Object id of the identity with which nodes pull. */
  readonly pullerId: pulumi.Input<string>;
  readonly workspaceId: string;
  readonly endpointName: string;
  readonly access: PrivateAccess;
}

/** The registry of a cluster's images: no admin user, no anonymous pull, closed network. */
export class ContainerRegistry extends pulumi.ComponentResource {
  readonly registryId: string;
  readonly registry: Registry;
  /** Known before the registry exists. */
  readonly host: string;

  constructor(name: string, args: ContainerRegistryArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:ContainerRegistry", name, {}, options);
    this.registryId = armId(args, "Microsoft.ContainerRegistry/registries", args.registryName);
    this.host = `${args.registryName}.azurecr.io`;
    this.registry = new Registry(
      `${name}-registry`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        registryName: args.registryName,
        // Retention, private endpoints and network rules are of this size only.
        sku: { name: "Premium" },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        zoneRedundancy: args.zoneRedundant ? "Enabled" : "Disabled",
        publicNetworkAccess: "Enabled",
        networkRuleBypassOptions: "AzureServices",
        networkRuleSet: {
          defaultAction: "Deny",
          ipRules: args.pushRanges.map((iPAddressOrRange) => ({ action: "Allow", iPAddressOrRange })),
        },
        policies: { retentionPolicy: { status: "enabled", days: args.untaggedDays } },
        tags: classified(args.tags, "internal"),
      },
      guardedChildOf(this, args),
    );
    new Access(
      `${name}-pull`,
      {
        subscriptionId: args.subscriptionId,
        principalId: args.pullerId,
        grants: [{ role: "acrPull", scope: this.registryId, scopeResource: this.registry }],
      },
      { parent: this },
    );
    new PrivateEndpoint(
      `${name}-private`,
      { ...args, service: "registry", targetId: this.registryId },
      { parent: this, dependsOn: [this.registry] },
    );
    lockAgainstDeletion(`${name}-lock`, this.registryId, args, this, this.registry);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.registryId,
        workspaceId: args.workspaceId,
        logs: [
          { category: "ContainerRegistryLoginEvents" },
          { category: "ContainerRegistryRepositoryEvents" },
        ],
        metrics: ["AllMetrics"],
      },
      this,
      [this.registry],
    );
    this.registerOutputs({ registryId: this.registryId });
  }
}
