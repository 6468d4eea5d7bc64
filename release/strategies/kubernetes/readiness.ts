import { versionAnnotation } from "../../../runbooks/sides";
import type { Colour } from "../../../runbooks/target";
import type { ClusterTarget } from "../../clients/world";
import type { ManifestComponent } from "../../plan/manifest";
import { type Json, listAt, mapAt } from "../../targets/json";
import { type ClusterView, isReadyPod, podsOf, readyEndpoints } from "./cluster-view";

/** What a side must be, beyond being there. */
export interface Expected {
  readonly version: string;
  readonly components: Readonly<Record<string, ManifestComponent>>;
}

/**
 * Why a side cannot take traffic; nothing when it can.
 *
 * @param enough share of the wanted pods that must be ready: all of a new version, half of one that served before and is
 *   wanted back
 */
export function hindrances(
  target: ClusterTarget,
  side: Colour,
  view: ClusterView,
  enough: number,
): readonly string[] {
  const found = Object.entries(target.components).flatMap(([component, names]) =>
    ofComponent(component, names[side], view, enough),
  );
  // The selector's own endpoints are those of the side that is live, so that only a route's sides can be looked at.
  if (target.kind === "gateway" && found.length === 0 && readyEndpoints(view, target.services[side]) === 0)
    return [`${target.services[side]} has no ready endpoint`];
  return found;
}

function ofComponent(component: string, name: string, view: ClusterView, enough: number): readonly string[] {
  const deployment = view.deployments.get(name);
  if (deployment === undefined) return [`${name} is not deployed`];
  const workload = view.sighting.workloads.find((candidate) => candidate.name === name);
  if (workload?.stub) return [`${name} holds no version: the stack does not declare ${component} there`];
  const status = mapAt(deployment, "status");
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  const generation = number(mapAt(deployment, "metadata").generation);
  if (number(status.observedGeneration) < generation)
    return [`${name} is not taken up by its controller yet`];
  const wanted = workload?.replicas ?? 0;
  if (wanted === 0) return [`${name} has no pods`];
  const ready = Math.min(number(status.readyReplicas), number(status.updatedReplicas));
  if (ready > 0 && ready >= Math.ceil(wanted * enough)) return [];
  const reasons = [...new Set(podsOf(view, deployment).flatMap(reasonsOf))];
  return [`${name}: ${ready} of ${wanted} pods ready${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`];
}

/** Kubernetes' own words for what keeps a pod, such as ImagePullBackOff. */
function reasonsOf(pod: Json): readonly string[] {
  if (isReadyPod(pod)) return [];
  const waiting = listAt(pod, "status", "containerStatuses").flatMap((status) => {
    const { reason } = mapAt(status, "state", "waiting");
    return typeof reason === "string" ? [reason] : [];
  });
  const unscheduled = listAt(pod, "status", "conditions")
    .map((condition) => mapAt(condition))
    .filter(({ type, status }) => type === "PodScheduled" && status === "False")
    .map(({ reason }) => String(reason));
  return [...waiting, ...unscheduled];
}

/** Why a side is not the expected version; nothing when its Deployments and their pods prove that it is. */
export function differences(
  target: ClusterTarget,
  side: Colour,
  view: ClusterView,
  { version, components }: Expected,
): readonly string[] {
  const keys = new Set(
    view.sighting.workloads
      .filter((workload) => workload.side === side && workload.component in components)
      .map(({ releaseKey }) => releaseKey),
  );
  const mixed = keys.size > 1 ? [`${side} is made from ${keys.size} different blocks`] : [];
  return [
    ...mixed,
    ...Object.entries(components).flatMap(([component, expected]) => {
      const name = target.components[component]?.[side];
      const deployment = name === undefined ? undefined : view.deployments.get(name);
      if (name === undefined || deployment === undefined) return [`${component} is not deployed on ${side}`];
      if (!("image" in expected)) return [`${component} is a package in the manifest, and runs in pods here`];
      const template = mapAt(deployment, "spec", "template");
      const says = mapAt(template, "metadata", "annotations")[versionAnnotation];
      return [
        ...(imagesOf(template).includes(expected.image) ? [] : [`${name} is declared with another image`]),
        ...(says === version ? [] : [`${name} is declared as version ${String(says ?? "unknown")}`]),
        ...podsOf(view, deployment)
          .filter((pod) => isReadyPod(pod) && !imagesOf(pod).includes(expected.image))
          .map((pod) => `pod ${String(mapAt(pod, "metadata").name)} runs another image`),
      ];
    }),
  ];
}

function imagesOf(pod: Json): readonly unknown[] {
  return listAt(pod, "spec", "containers").map((container) => mapAt(container).image);
}
