import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import type * as pulumi from "@pulumi/pulumi";

export interface ServiceAccountArgs {
  readonly metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
  };
  /** Client id of the identity that its pods sign in to Azure with. @default - none */
  readonly identityClientId?: pulumi.Input<string> | undefined;
}

/** Who pods run as. No token for the API server is mounted: nobody's program asks it anything. */
export function serviceAccount(
  name: string,
  { metadata, identityClientId }: ServiceAccountArgs,
  options: pulumi.CustomResourceOptions,
): ServiceAccount {
  return new ServiceAccount(
    name,
    {
      metadata: {
        ...metadata,
        ...(identityClientId !== undefined && {
          annotations: { "azure.workload.identity/client-id": identityClientId },
        }),
      },
      automountServiceAccountToken: false,
    },
    options,
  );
}
