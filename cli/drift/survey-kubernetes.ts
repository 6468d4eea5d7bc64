import type { KubernetesClient } from "../../release/clients/kubernetes";
import { KubernetesRefusal } from "../../release/clients/kubernetes-refusal";
import { isJson, type Json, listAt, mapAt } from "../../release/targets/json";
import { trackAnnotation } from "../../release/targets/marks";
import { bounded } from "./bounded";
import { compareKubernetes } from "./compare-kubernetes";
import type { Finding, RecordedResource } from "./finding";
import { groupBy } from "./group-by";
import { Patience } from "./unreachable";

const atOnce = 8;

/** What a kind is called in the API's paths. */
interface ApiResource {
  readonly path: string;
  readonly namespaced: boolean;
}

interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds of the whole cluster. */
  readonly namespace?: string;
}

/**
 * Every recorded object of one cluster compared with the live one, and objects with our labels that nobody declared: of the
 * declared kinds, in the declared namespaces. A list per kind and namespace is one question instead of one per object.
 */
export async function surveyKubernetes(
  resources: readonly RecordedResource[],
  cluster: KubernetesClient,
  stack: string,
  looked: (resource: RecordedResource) => void,
): Promise<Finding[]> {
  const patience = new Patience();
  const kinds = await discover(resources, cluster, patience);
  const byCollection = groupBy(resources, (resource) => keyOf(collectionOf(resource)));
  const namespaces = resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .map(({ id }) => id);
  const collections = new Map(
    resources.map((resource) => [keyOf(collectionOf(resource)), collectionOf(resource)]),
  );
  for (const { apiVersion, kind, namespace: own } of [...collections.values()]) {
    if (own === undefined) continue;
    for (const namespace of namespaces) {
      const more = { apiVersion, kind, namespace };
      collections.set(keyOf(more), more);
    }
  }
  const found = await bounded([...collections.values()], atOnce, async (collection) => {
    const declared = byCollection.get(keyOf(collection)) ?? [];
    const findings = await lookAt(collection, declared, kinds, cluster, patience, stack);
    for (const resource of declared) looked(resource);
    return findings;
  });
  return found.flat();
}

type Discovery = ApiResource | { readonly reason: string } | "no such kind";
type Discovered = ReadonlyMap<string, Discovery>;

/** Paths of the kinds, from the API server's own discovery. */
async function discover(
  resources: readonly RecordedResource[],
  cluster: KubernetesClient,
  patience: Patience,
): Promise<Discovered> {
  const wanted = groupBy(
    new Map(resources.map((resource) => [kindOf(resource), collectionOf(resource)])).values(),
    ({ apiVersion }) => apiVersion,
  );
  const found = await bounded([...wanted], atOnce, async ([apiVersion, kinds]) => {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const asked = await patience.ask(async () => {
      try {
        return await cluster.find(root);
      } catch (error) {
        // The API server has no such group: its CRD is gone, and every object of it.
        if (error instanceof KubernetesRefusal && error.isMissingKind) return undefined;
        throw error;
      }
    });
    return kinds.map(({ kind }): readonly [string, Discovery] => {
      const key = `${apiVersion} ${kind}`;
      if ("reason" in asked) return [key, asked];
      const known = listAt(asked.value, "resources")
        .map((entry) => mapAt(entry))
        .find((entry) => entry.kind === kind && !String(entry.name).includes("/"));
      if (known === undefined) return [key, "no such kind"];
      return [key, { path: `${root}|${String(known.name)}`, namespaced: known.namespaced === true }];
    });
  });
  return new Map(found.flat());
}

async function lookAt(
  collection: Collection,
  declared: readonly RecordedResource[],
  kinds: Discovered,
  cluster: KubernetesClient,
  patience: Patience,
  stack: string,
): Promise<Finding[]> {
  const api = kinds.get(`${collection.apiVersion} ${collection.kind}`)!;
  const all = (state: "missing" | "undecided", remark: string) =>
    declared.map((resource) => finding(resource, state, [remark]));
  if (api === "no such kind") return all("missing", `the cluster does not know the kind ${collection.kind}`);
  if ("reason" in api) return all("undecided", api.reason);
  const asked = await patience.ask(() => cluster.list(pathOf(api, collection)));
  if ("reason" in asked) {
    if (declared.length > 0) return all("undecided", asked.reason);
    const { namespace = "", kind } = collection;
    const urn = `urn:pulumi:${stack}::switchyard::${typeOf(collection)}::${namespace}`;
    return [
      {
        urn,
        type: typeOf(collection),
        check: "undeclared",
        state: "undecided",
        changes: [],
        remarks: [`objects of kind ${kind} in ${namespace} could not be listed: ${asked.reason}`],
      },
    ];
  }
  const live = new Map(asked.value.map((object) => [idOf(object), object]));
  return [
    ...declared.map((resource) => compared(resource, live.get(resource.id))),
    ...undeclared(collection, declared, asked.value, stack),
  ];
}

function compared(resource: RecordedResource, live: Json | undefined): Finding {
  if (live === undefined) return finding(resource, "missing", ["there is no such object on the cluster"]);
  const { changes, remarks } = compareKubernetes(resource, live);
  return { ...finding(resource, changes.length > 0 ? "differs" : "same", remarks), changes };
}

function undeclared(
  collection: Collection,
  declared: readonly RecordedResource[],
  live: readonly Json[],
  stack: string,
): Finding[] {
  // Namespaces and the like of other stacks stand on the same cluster.
  if (collection.namespace === undefined) return [];
  const known = new Set(declared.map(({ id }) => id));
  return live
    .filter((object) => isOurs(object) && !known.has(idOf(object)))
    .map((object) => ({
      urn: `urn:pulumi:${stack}::switchyard::${typeOf(collection)}::${idOf(object)}`,
      type: typeOf(collection),
      check: "undeclared",
      state: "undeclared",
      changes: [],
      remarks: ["an object with this project's labels that nobody declared"],
    }));
}

/** Whether it carries the labels of what is declared here, and no controller or track made it. */
function isOurs(object: Json): boolean {
  const metadata = mapAt(object, "metadata");
  const labels = mapAt(metadata, "labels");
  if (listAt(metadata, "ownerReferences").length > 0) return false;
  if (mapAt(metadata, "annotations")[trackAnnotation] !== undefined) return false;
  return (
    labels["app.kubernetes.io/managed-by"] === "pulumi" && labels["app.kubernetes.io/part-of"] !== undefined
  );
}

function finding(resource: RecordedResource, state: Finding["state"], remarks: readonly string[]): Finding {
  return { urn: resource.urn, type: resource.type, check: "kubernetes", state, changes: [], remarks };
}

function pathOf({ path, namespaced }: ApiResource, { namespace }: Collection): string {
  const [root, name] = path.split("|");
  return namespaced ? `${root}/namespaces/${namespace}/${name}` : `${root}/${name}`;
}

function collectionOf({ inputs, id }: RecordedResource): Collection {
  const [namespace, name] = id.split("/");
  return {
    apiVersion: String(inputs.apiVersion),
    kind: String(inputs.kind),
    ...(name === undefined ? {} : { namespace }),
  };
}

function keyOf({ apiVersion, kind, namespace = "" }: Collection): string {
  return `${apiVersion} ${kind} ${namespace}`;
}

function kindOf(resource: RecordedResource): string {
  const { apiVersion, kind } = collectionOf(resource);
  return `${apiVersion} ${kind}`;
}

function typeOf({ apiVersion, kind }: Collection): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

function idOf(object: Json): string {
  const { namespace, name } = mapAt(object, "metadata");
  return isJson(object) && typeof namespace === "string" ? `${namespace}/${String(name)}` : String(name);
}
