import type * as pulumi from "@pulumi/pulumi";
import type { ComponentSecrets } from "./app-component";
import { customResource } from "./custom-resource";

export interface SecretProviderClassArgs {
  readonly namespace: string;
  readonly objectName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly secrets: ComponentSecrets;
  /** Identity that reads the vault, by workload identity. */
  readonly clientId: pulumi.Input<string>;
  /** Secret that the driver writes; its keys are the names of the environment variables. */
  readonly syncedSecret: string;
}

/** What Key Vault's CSI driver brings into a pod: files, and a Secret that environment variables refer to. */
export function secretProviderClass(
  name: string,
  { namespace, objectName, labels, secrets, clientId, syncedSecret }: SecretProviderClassArgs,
  options: pulumi.CustomResourceOptions,
) {
  const variables = Object.entries(secrets.variables);
  return customResource(
    name,
    {
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: objectName, namespace, labels },
      spec: {
        provider: "azure",
        parameters: {
          clientID: clientId,
          keyvaultName: secrets.vaultName,
          tenantId: secrets.tenantId,
          usePodIdentity: "false",
          useVMManagedIdentity: "false",
          objects: objectList(variables),
        },
        secretObjects: [
          {
            secretName: syncedSecret,
            type: "Opaque",
            data: variables.map(([variable]) => ({ objectName: variable, key: variable })),
          },
        ],
      },
    },
    options,
  );
}

/** The driver reads YAML within YAML; JSON is YAML too and needs no indentation. */
function objectList(variables: readonly (readonly [string, string])[]): string {
  return JSON.stringify({
    array: variables.map(([variable, secretName]) =>
      JSON.stringify({ objectName: secretName, objectAlias: variable, objectType: "secret" }),
    ),
  });
}
