import type { Colour } from "../../../runbooks/target";
import type { KubernetesClient } from "../../clients/kubernetes";
import { objectPath, workloadsPath } from "../../clients/paths";
import type { ClusterTarget } from "../../clients/world";
import { gatewayTraffic } from "../../targets/gateway";
import { isJson, type Json, listAt, mapAt } from "../../targets/json";
import { parseRetained } from "../../targets/retained";
import { selectorTraffic } from "../../targets/selector";
import { describeTarget, sidesOf } from "../../targets/sides";
import type { Sighting } from "../../targets/sighting";
import { workloadsOf } from "../../targets/workloads";
import { UserError } from "../../user-error";

/** What was read of a cluster at one moment, as the API server shows it. */
export interface ClusterView {
  /** The Service or HTTPRoute that carries the traffic. */
  readonly object: Json;
  readonly sighting: Sighting;
  /** Deployments by name. */
  readonly deployments: ReadonlyMap<string, Json>;
  readonly pods: readonly Json[];
  readonly autoscalers: readonly Json[];
  readonly endpointSlices: readonly Json[];
}

/**
 * Everything that a decision on traffic needs, in one round trip.
 * @throws UserError when the object that carries the traffic is not there
 */
export async function viewOf(target: ClusterTarget, cluster: KubernetesClient): Promise<ClusterView> {
  const inNamespace = (kind: string) => cluster.list(`${kind.replace("NAMESPACE", target.namespace)}`);
  const [object, deployments, pods, autoscalers, endpointSlices] = await Promise.all([
    cluster.find(objectPath(target)),
    cluster.list(workloadsPath(target)),
    inNamespace("/api/v1/namespaces/NAMESPACE/pods"),
    inNamespace("/apis/autoscaling/v2/namespaces/NAMESPACE/horizontalpodautoscalers"),
    inNamespace("/apis/discovery.k8s.io/v1/namespaces/NAMESPACE/endpointslices"),
  ]);
  if (object === undefined) {
    throw new UserError(`${describeTarget(target)} does not exist`, {
      mend: "the stack declares it: switchyard up",
    });
  }
  return {
    object,
    sighting: {
      exists: true,
      traffic: trafficOf(target, object),
      workloads: workloadsOf(target, deployments),
      retained: parseRetained(
        mapAt(object, "metadata", "annotations"),
        sidesOf(target),
        describeTarget(target),
      ),
    },
    deployments: new Map(deployments.map((item) => [String(mapAt(item, "metadata").name), item])),
    pods,
    autoscalers,
    endpointSlices,
  };
}

export function trafficOf(target: ClusterTarget, object: Json): Readonly<Record<Colour, number>> {
  return target.kind === "selector" ? selectorTraffic(target, object) : gatewayTraffic(target, object);
}

/** Pods that a Deployment selects and that are not on their way out. */
export function podsOf({ pods }: Pick<ClusterView, "pods">, deployment: Json): readonly Json[] {
  const isWanted = carriesLabels(mapAt(deployment, "spec", "selector", "matchLabels"));
  return pods.filter((pod) => mapAt(pod, "metadata").deletionTimestamp === undefined && isWanted(pod));
}

/** Whether a pod is one of those that a selector names; one without labels names none. */
export function carriesLabels(selector: Json): (pod: Json) => boolean {
  const wanted = Object.entries(selector);
  return (pod) => {
    const { labels } = mapAt(pod, "metadata");
    return wanted.length > 0 && wanted.every(([name, value]) => isJson(labels) && labels[name] === value);
  };
}

export function isReadyPod(pod: Json): boolean {
  return listAt(pod, "status", "conditions")
    .map((condition) => mapAt(condition))
    .some(({ type, status }) => type === "Ready" && status === "True");
}

/** Least and most pods by the autoscaler of a Deployment; undefined when it has none. */
export function scalingOf(
  { autoscalers }: Pick<ClusterView, "autoscalers">,
  deployment: string,
): { readonly least: number; readonly most: number } | undefined {
  const found = autoscalers.find((item) => mapAt(item, "spec", "scaleTargetRef").name === deployment);
  if (found === undefined) return undefined;
  const { minReplicas, maxReplicas } = mapAt(found, "spec");
  const least = typeof minReplicas === "number" ? minReplicas : 1;
  return { least, most: typeof maxReplicas === "number" ? maxReplicas : least };
}

/** Addresses of a Service that take requests. */
export function readyEndpoints(view: ClusterView, service: string): number {
  return endpointsOf(view, service).reduce((sum, endpoint) => sum + listAt(endpoint, "addresses").length, 0);
}

/** Endpoints of a Service that take requests. */
export function endpointsOf({ endpointSlices }: ClusterView, service: string): readonly Json[] {
  return endpointSlices
    .filter((slice) => mapAt(slice, "metadata", "labels")["kubernetes.io/service-name"] === service)
    .flatMap((slice) => listAt(slice, "endpoints"))
    .map((endpoint) => mapAt(endpoint))
    .filter((endpoint) => mapAt(endpoint, "conditions").ready !== false);
}
