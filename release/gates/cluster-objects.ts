import type { KubernetesClient } from "../clients/kubernetes";
import { listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";

interface Finding {
  readonly holds: boolean;
  readonly seen: string;
}

/** API group and version of the kinds that a contract may name; plural as in paths. */
const kinds: Readonly<Record<string, { readonly api: string; readonly plural: string }>> = {
  cronjob: { api: "apis/batch/v1", plural: "cronjobs" },
  job: { api: "apis/batch/v1", plural: "jobs" },
  deployment: { api: "apis/apps/v1", plural: "deployments" },
  statefulset: { api: "apis/apps/v1", plural: "statefulsets" },
  service: { api: "api/v1", plural: "services" },
  configmap: { api: "api/v1", plural: "configmaps" },
  serviceaccount: { api: "api/v1", plural: "serviceaccounts" },
  persistentvolumeclaim: { api: "api/v1", plural: "persistentvolumeclaims" },
  pod: { api: "api/v1", plural: "pods" },
  horizontalpodautoscaler: { api: "apis/autoscaling/v2", plural: "horizontalpodautoscalers" },
  networkpolicy: { api: "apis/networking.k8s.io/v1", plural: "networkpolicies" },
  poddisruptionbudget: { api: "apis/policy/v1", plural: "poddisruptionbudgets" },
  httproute: { api: "apis/gateway.networking.k8s.io/v1", plural: "httproutes" },
};

/**
 * Whether objects exist.
 * @param objects `kind/name`
 * @throws UserError for a kind that is not known here
 */
export async function objectsExist(
  client: Pick<KubernetesClient, "find">,
  namespace: string,
  objects: readonly string[],
): Promise<Finding> {
  const missing: string[] = [];
  for (const object of objects) {
    const [kind = "", name = ""] = object.split("/");
    const known = kinds[kind.toLowerCase()];
    if (known === undefined || name === "") {
      throw new UserError(`${object} is no kind/name of ${Object.keys(kinds).join(", ")}`);
    }
    const path = `/${known.api}/namespaces/${namespace}/${known.plural}/${name}`;
    if ((await client.find(path)) === undefined) missing.push(object);
  }
  if (objects.length === 0) return { holds: false, seen: "the gate names no objects" };
  return missing.length === 0
    ? { holds: true, seen: `there: ${objects.join(", ")}` }
    : { holds: false, seen: `missing: ${missing.join(", ")}` };
}

/**
 * Whether whoever runs the release may do something in the namespace, as the API server itself judges.
 * @param rights `verb resource`, the resource as `kubectl auth can-i` takes it: `deployments/scale`,
 *   `httproutes.gateway.networking.k8s.io`
 */
export async function accessAllowed(
  client: Pick<KubernetesClient, "create">,
  namespace: string,
  rights: readonly string[],
  fieldManager: string,
): Promise<Finding> {
  const refused: string[] = [];
  for (const right of rights) {
    const [verb, named = ""] = right.split(" ");
    const [qualified = "", subresource] = named.split("/");
    const [resource = "", ...group] = qualified.split(".");
    const attributes = {
      namespace,
      verb,
      resource,
      group: group.length > 0 ? group.join(".") : groupOf(resource),
      ...(subresource !== undefined && { subresource }),
    };
    const review = await client.create(
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      },
      fieldManager,
    );
    const { allowed, evaluationError } = mapAt(review, "status");
    if (typeof allowed !== "boolean") {
      throw new UserError(
        `the cluster does not say whether ${right} is allowed: ${String(evaluationError ?? "")}`,
      );
    }
    if (!allowed) refused.push(right);
  }
  if (rights.length === 0) return { holds: false, seen: "the gate names no rights" };
  return refused.length === 0
    ? { holds: true, seen: `allowed: ${rights.join(", ")}` }
    : { holds: false, seen: `not allowed in ${namespace}: ${refused.join(", ")}` };
}

/** Group of a resource by its plural, from the kinds above; none is the core group. */
function groupOf(resource: string): string {
  const known = Object.values(kinds).find(({ plural }) => plural === resource);
  return known === undefined || known.api === "api/v1" ? "" : known.api.split("/")[1]!;
}

/** Whether every node is ready, and there is one. */
export async function nodesReady(client: Pick<KubernetesClient, "list">): Promise<Finding> {
  const nodes = await client.list("/api/v1/nodes");
  const not = nodes.filter(
    (node) =>
      !listAt(node, "status", "conditions").some((condition) => {
        const { type, status } = mapAt(condition);
        return type === "Ready" && status === "True";
      }),
  );
  if (nodes.length === 0) return { holds: false, seen: "the cluster has no nodes" };
  return not.length === 0
    ? { holds: true, seen: nodes.length === 1 ? "1 node is ready" : `${nodes.length} nodes are ready` }
    : {
        holds: false,
        seen: `not ready: ${not.map((node) => String(mapAt(node, "metadata").name)).join(", ")}`,
      };
}
