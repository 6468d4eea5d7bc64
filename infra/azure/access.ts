import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import { roleDefinitionId } from "../arm-id";
import { stableGuid } from "../hash";
import { childOf } from "./component";

/** Roles of Azure's own by their GUIDs (Microsoft Learn, "Azure built-in roles"). */
export const builtInRoles = {
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
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
  /** Object id of the identity. */
  readonly principalId: pulumi.Input<string>;
  readonly grants: readonly Grant[];
}

/** Roles of one identity. */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, args: AccessArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:Access", name, {}, options);
    for (const { role, scope, scopeResource } of args.grants) {
      new RoleAssignment(
        `${name}-${role}`,
        {
          roleAssignmentName: stableGuid(scope, name, role),
          roleDefinitionId: roleDefinitionId(args.subscriptionId, builtInRoles[role]),
          principalId: args.principalId,
          // Without it Azure looks the identity up and fails while a new one is not yet known everywhere.
          principalType: "ServicePrincipal",
          scope,
        },
        childOf(this, [scopeResource]),
      );
    }
    this.registerOutputs();
  }
}
