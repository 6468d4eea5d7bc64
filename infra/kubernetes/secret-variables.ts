import type * as inputs from "@pulumi/kubernetes/types/input";

/** Environment variable to the key of a Secret of the namespace that holds its value. */
export type SecretKeys = Readonly<Record<string, { readonly secret: string; readonly key: string }>>;

/** Keys of a Secret that the vault's driver writes: each is named as its variable. */
export function syncedKeys(secret: string, variables: readonly string[]): SecretKeys {
  return Object.fromEntries(variables.map((variable) => [variable, { secret, key: variable }]));
}

/** Variables of a container; their values stand nowhere in what is declared. */
export function secretVariables(keys: SecretKeys): inputs.core.v1.EnvVar[] {
  return Object.entries(keys).map(([name, { secret, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));
}
