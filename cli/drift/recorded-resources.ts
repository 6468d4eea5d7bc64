import { mapAt } from "../../release/targets/json";
import type { RecordedState, StateResource } from "../check/state-file";
import { openInputs, secretPathsIn } from "../check/state-secrets";
import type { RecordedResource } from "./finding";

export interface Recorded {
  readonly azure: readonly RecordedResource[];
  readonly tracks: readonly RecordedResource[];
  /** Ids of the databases that releases are told of: the stack's file may name one that a restore has made (docs/adr/0142). */
  readonly stores: readonly string[];
  /** By the cluster that they stand on. */
  readonly kubernetes: readonly ClusterResources[];
}

export interface ClusterResources {
  /** Empty for the kubeconfig's current context. */
  readonly choice: { readonly context?: string } | { readonly clusterId: string };
  readonly resources: readonly RecordedResource[];
}

/** What of a recorded state exists outside and can be looked at. */
export async function recordedResources(
  state: RecordedState,
  passphrase: string | undefined,
): Promise<Recorded> {
  const opened = await openInputs(state, passphrase);
  const resources = opened.flatMap((resource, index) => {
    const { id, outputs } = resource;
    if (id === undefined) return [];
    const secretPaths = secretPathsIn(state.resources[index]?.inputs);
    return [{ ...resource, id, outputs: outputs ?? {}, secretPaths }];
  });
  const clusters = new Map<string, { choice: ClusterResources["choice"]; resources: RecordedResource[] }>();
  for (const resource of resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const choice = clusterOf(resource, state.resources);
    const key = JSON.stringify(choice);
    const known = clusters.get(key) ?? { choice, resources: [] };
    known.resources.push(resource);
    clusters.set(key, known);
  }
  return {
    azure: resources.filter(({ type }) => type.startsWith("azure-native:")),
    tracks: resources.filter(({ type }) => type === "switchyard:index:Track"),
    stores: storesOf(state.resources),
    kubernetes: [...clusters.values()],
  };
}

function storesOf(resources: readonly StateResource[]): readonly string[] {
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return Object.values(stack?.outputs ?? {}).flatMap((system) =>
    Object.values(mapAt(system, "release", "stores")).flatMap((store) => {
      const { resourceId } = mapAt(store);
      return typeof resourceId === "string" ? [resourceId] : [];
    }),
  );
}

/** The provider that made it says on which cluster: its `clusterIdentifier` (infra/kubernetes/cluster.ts). */
function clusterOf(
  { provider }: { readonly provider?: string },
  resources: readonly StateResource[],
): ClusterResources["choice"] {
  const made = resources.find(({ urn, id }) => provider === `${urn}::${id}`);
  const { clusterIdentifier, context } = made?.inputs ?? {};
  if (typeof clusterIdentifier === "string" && clusterIdentifier.startsWith("/subscriptions/"))
    return { clusterId: clusterIdentifier };
  return typeof context === "string" ? { context } : {};
}
