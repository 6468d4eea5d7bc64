import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { Access, type Grant } from "./access";
import { childOf } from "./component";

/** A service account of the cluster that takes the identity on. */
export interface ServiceAccountReference {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export interface WorkloadIdentityArgs extends Placement {
  readonly identityName: string;
  /** Issuer of the cluster's tokens. */
  readonly oidcIssuerUrl: pulumi.Input<string>;
  readonly serviceAccounts: readonly ServiceAccountReference[];
  readonly grants: readonly Grant[];
}

/** What Entra takes a token of a service account for (Microsoft Learn, "Workload identity federation"). */
export const tokenAudience = "api://AzureADTokenExchange";

/** An identity that pods take on by their service account, without a secret, and what it may do. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly identityId: string;
  readonly identity: UserAssignedIdentity;
  /** For the annotation `azure.workload.identity/client-id` of the service account. */
  readonly clientId: pulumi.Output<string>;
  /** Object id, for grants outside of Azure's roles. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:WorkloadIdentity", name, {}, options);
    const { resourceGroupName, identityName } = args;
    this.identityId = armId(args, "Microsoft.ManagedIdentity/userAssignedIdentities", identityName);
    this.identity = new UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location: args.location, resourceName: identityName, tags: args.tags },
      childOf(this),
    );
    this.clientId = this.identity.clientId;
    this.principalId = this.identity.principalId;
    // One after the other: Azure refuses two writes to the credentials of one identity at the same time.
    let before: pulumi.Resource = this.identity;
    for (const { namespace, serviceAccount } of args.serviceAccounts) {
      before = new FederatedIdentityCredential(
        `${name}-${namespace}-${serviceAccount}`,
        {
          resourceGroupName,
          resourceName: identityName,
          federatedIdentityCredentialResourceName: `${namespace}-${serviceAccount}`,
          issuer: args.oidcIssuerUrl,
          subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
          audiences: [tokenAudience],
        },
        childOf(this, [before]),
      );
    }
    new Access(
      `${name}-access`,
      { subscriptionId: args.subscriptionId, principalId: this.principalId, grants: args.grants },
      { parent: this },
    );
    this.registerOutputs({ identityId: this.identityId });
  }
}
