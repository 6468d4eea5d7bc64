import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import { roleDefinitionId } from "../arm-id";
import { stableGuid } from "../hash";
import { childOf } from "./component";

/** Roles of Azure's own by their GUIDs (Microsoft Learn, "Azure built-in roles"). */
export const builtInRoles = {
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  aksClusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  aksRbacClusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  aksRbacReader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
  dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
  grafanaAdmin: "22926164-76b3-42b3-bc55-97df8dab3e41",
  grafanaEditor: "a79a5197-3a5c-4973-a920-486035ffd60f",
  grafanaViewer: "60921a7e-fef1-4a43-9b16-a26c52ad4769",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  monitoringDataReader: "b0d8363b-8ddd-447d-831f-62ca05bff136",
  monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
  storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
} as const;

export type BuiltInRole = keyof typeof builtInRoles;

export interface Grant {
  readonly role: BuiltInRole;
  /** ARM id of what the role is given on: the one resource, never its group. */
  readonly scope: string;
  readonly scopeResource: pulumi.Resource;
}

export interface AccessArgs {
  readonly subscriptionId: string;
  /** Object id of the identity or the group. */
  readonly principalId: pulumi.Input<string>;
  /** @default "ServicePrincipal" */
  readonly principalType?: "ServicePrincipal" | "Group";
  readonly grants: readonly Grant[];
}

/** Roles of one identity or group. */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, args: AccessArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:Access", name, {}, options);
    for (const [index, { role, scope, scopeResource }] of args.grants.entries()) {
      // The same role on a second resource is told apart by its number.
      const before = args.grants.slice(0, index).filter((grant) => grant.role === role).length;
      new RoleAssignment(
        before === 0 ? `${name}-${role}` : `${name}-${role}-${before + 1}`,
        {
          roleAssignmentName: stableGuid(scope, name, role),
          roleDefinitionId: roleDefinitionId(args.subscriptionId, builtInRoles[role]),
          principalId: args.principalId,
          // Without it Azure looks the identity up and fails while a new one is not yet known everywhere.
          principalType: args.principalType ?? "ServicePrincipal",
          scope,
        },
        childOf(this, [scopeResource]),
      );
    }
    this.registerOutputs();
  }
}
