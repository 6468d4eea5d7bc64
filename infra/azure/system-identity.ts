import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import type { Grant } from "./access";
import { WorkloadIdentity } from "./workload-identity";

export interface SystemIdentityArgs<Key extends string> {
  /** Name of the system's component. */
  readonly name: string;
  readonly placement: Placement;
  readonly names: { readonly identities: Readonly<Record<Key, string>> };
  readonly platform: { readonly oidcIssuerUrl: pulumi.Input<string> };
  /** Namespace of the service accounts. */
  readonly namespaceName: string;
  readonly parent: pulumi.Resource;
  /** The system's resource group. */
  readonly group: pulumi.Resource;
}

/**
 * One of a system's identities on the cluster.
 *
 * @param accounts Names of the service accounts that take it on.
 */
export function declareIdentity<Key extends string>(
  { name, placement, names, platform, namespaceName, parent, group }: SystemIdentityArgs<Key>,
  key: NoInfer<Key>,
  accounts: readonly string[],
  grants: readonly Grant[],
): WorkloadIdentity {
  return new WorkloadIdentity(
    `${name}-${key}-identity`,
    {
      ...placement,
      identityName: names.identities[key],
      oidcIssuerUrl: platform.oidcIssuerUrl,
      serviceAccounts: accounts.map((serviceAccount) => ({ namespace: namespaceName, serviceAccount })),
      grants,
    },
    { parent, dependsOn: [group] },
  );
}
