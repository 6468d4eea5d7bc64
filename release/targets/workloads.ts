import { releaseKeyAnnotation } from "../../runbooks/sides";
import { colours, type GatewayTarget, type SelectorTarget } from "../../runbooks/target";
import { stubImage } from "./idle-stub";
import { type Json, listAt, mapAt } from "./json";
import type { Workload } from "./sighting";

/** The target's Deployments among those of its namespace. */
export function workloadsOf(
  target: SelectorTarget | GatewayTarget,
  deployments: readonly Json[],
): readonly Workload[] {
  const byName = new Map(deployments.map((deployment) => [mapAt(deployment, "metadata").name, deployment]));
  return Object.entries(target.components).flatMap(([component, names]) =>
    colours.flatMap((side) => {
      const deployment = byName.get(names[side]);
      return deployment === undefined ? [] : [workloadOf(deployment, side, component)];
    }),
  );
}

function workloadOf(deployment: Json, side: string, component: string): Workload {
  const { name, annotations } = mapAt(deployment, "metadata");
  const releaseKey = mapAt(annotations)[releaseKeyAnnotation];
  const podsKey = mapAt(deployment, "spec", "template", "metadata", "annotations")[releaseKeyAnnotation];
  const containers = listAt(deployment, "spec", "template", "spec", "containers");
  return {
    side,
    component,
    name: String(name),
    ...(typeof releaseKey === "string" ? { releaseKey } : typeof podsKey === "string" ? { podsKey } : {}),
    replicas: numberOr(mapAt(deployment, "spec").replicas, 1),
    readyReplicas: numberOr(mapAt(deployment, "status").readyReplicas, 0),
    stub: releaseKey === undefined && containers.some((container) => mapAt(container).image === stubImage),
  };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
