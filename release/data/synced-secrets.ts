import type { KubernetesClient } from "../clients/kubernetes";
import { KubernetesRefusal } from "../clients/kubernetes-refusal";
import { isJson, type Json, listAt, mapAt } from "../targets/json";

/** What of an API server it takes to have pods read a vault anew. */
export type SecretCluster = Pick<KubernetesClient, "list" | "delete">;

/**
 * Takes away the Secrets of a namespace that hold copies of the vault's secrets named. The vault's CSI driver fills such a
 * Secret when it makes it, and for a pod that starts later only when there is none: a side that is scaled down keeps its
 * Secret with its ReplicaSet, so that its next pods would go on with the address of before. One that is gone is made by the
 * first pod that starts, and containers wait for it. What runs has read it already.
 *
 * @returns names of the Secrets, in order
 */
export async function forgetSynced(
  cluster: SecretCluster,
  namespace: string,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const classes = await classesOf(cluster, namespace);
  const copies = classes
    .filter((one) => namesOf(one)?.some((name) => secrets.some((secret) => secret === name)) ?? true)
    .flatMap((one) => listAt(one, "spec", "secretObjects").map((object) => mapAt(object).secretName))
    .filter((name) => typeof name === "string");
  const names = [...new Set(copies)].sort();
  for (const name of names) await cluster.delete(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return names;
}

async function classesOf(cluster: SecretCluster, namespace: string): Promise<readonly Json[]> {
  try {
    return await cluster.list(
      `/apis/secrets-store.csi.x-k8s.io/v1/namespaces/${namespace}/secretproviderclasses`,
    );
  } catch (error) {
    // A cluster that does not know the kind has no driver, and no copies.
    if (error instanceof KubernetesRefusal && error.status === 404) return [];
    throw error;
  }
}

/**
 * Names in the vault of what a SecretProviderClass brings; undefined where its text is of another form than the stacks write:
 * then it may bring any.
 */
function namesOf(one: Json): readonly unknown[] | undefined {
  try {
    const objects: unknown = JSON.parse(String(mapAt(one, "spec", "parameters").objects));
    return listAt(objects, "array").map((text) => {
      const object: unknown = JSON.parse(String(text));
      return isJson(object) ? object.objectName : undefined;
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
