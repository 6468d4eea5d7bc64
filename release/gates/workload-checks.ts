import { type Json, listAt, mapAt } from "../targets/json";
import type { Asked } from "./cluster-state";

/** Whether something is so of a Deployment, and what was seen. */
export interface Found {
  readonly holds: boolean;
  readonly seen: string;
  readonly ready: number;
}

/** Its pods are all there, of what was declared last. */
export function availability({ name, deployment, digest }: Asked): Found {
  if (deployment === undefined) return { holds: false, seen: `${name} does not exist`, ready: 0 };
  const wanted = numberAt(mapAt(deployment, "spec").replicas, 1);
  const status = mapAt(deployment, "status");
  const ready = numberAt(status.readyReplicas);
  const available = numberAt(status.availableReplicas);
  const updated = numberAt(status.updatedReplicas);
  const total = numberAt(status.replicas);
  const faults = [
    ...(wanted === 0 ? ["it is scaled to 0"] : []),
    ...(numberAt(status.observedGeneration) < numberAt(mapAt(deployment, "metadata").generation, 1)
      ? ["its last change is not taken up yet"]
      : []),
    ...(available < wanted || ready < wanted ? [`${Math.min(available, ready)} of ${wanted} pods`] : []),
    ...(updated < wanted ? [`${updated} of ${wanted} pods are of the last change`] : []),
    ...(total > updated ? [`${total - updated} pods of an earlier state are left`] : []),
    ...(digest === undefined ? [] : imageFaults(deployment, digest)),
  ];
  return faults.length === 0
    ? { holds: true, seen: `${name} ${ready} of ${wanted} pods`, ready }
    : { holds: false, seen: `${name}: ${faults.join(", ")}`, ready };
}

/** The same, and the controller says that it has not given up. */
export function rollout(asked: Asked): Found {
  const found = availability(asked);
  const stuck = listAt(asked.deployment, "status", "conditions")
    .map((condition) => mapAt(condition))
    .find(({ type, status }) => type === "Progressing" && status === "False");
  if (stuck === undefined) return found;
  return {
    ...found,
    holds: false,
    seen: `${asked.name}: ${String(stuck.reason ?? "its rollout has stopped")}`,
  };
}

export function scaledToZero({ name, deployment }: Asked): Found {
  const wanted = numberAt(mapAt(deployment, "spec").replicas, 1);
  const left = numberAt(mapAt(deployment, "status").replicas);
  if (deployment === undefined) return { holds: false, seen: `${name} does not exist`, ready: 0 };
  return { holds: wanted === 0 && left === 0, seen: `${name} ${left} pods, wanted ${wanted}`, ready: 0 };
}

/** The containers of a Deployment's pods that ended since a time. */
export function restarts({ name, deployment }: Asked, pods: readonly Json[], since: Date): Found {
  if (deployment === undefined) return { holds: false, seen: `${name} does not exist`, ready: 0 };
  const labels = Object.entries(mapAt(deployment, "spec", "selector", "matchLabels"));
  const own = pods.filter((pod) => {
    const has = mapAt(pod, "metadata", "labels");
    return labels.length > 0 && labels.every(([key, value]) => has[key] === value);
  });
  const wanted = numberAt(mapAt(deployment, "spec").replicas, 1);
  if (own.length === 0 && wanted > 0) return { holds: false, seen: `${name} has no pods`, ready: 0 };
  const restarted = own.filter((pod) =>
    [...listAt(pod, "status", "containerStatuses"), ...listAt(pod, "status", "initContainerStatuses")].some(
      (container) => endedSince(mapAt(container), since),
    ),
  );
  const said = restarted.map((pod) => String(mapAt(pod, "metadata").name));
  return said.length === 0
    ? { holds: true, seen: `${name} no restart in ${own.length} pods`, ready: own.length }
    : { holds: false, seen: `restarted: ${said.join(", ")}`, ready: own.length };
}

/** A container that waits to be started again has ended, too; an end of which nobody tells the time counts. */
function endedSince(container: Json, since: Date): boolean {
  if (numberAt(container.restartCount) === 0) return false;
  const { finishedAt } = mapAt(container, "lastState", "terminated");
  const ended = Date.parse(String(finishedAt ?? mapAt(container, "state", "running").startedAt));
  return Number.isNaN(ended) || ended >= since.getTime();
}

function imageFaults(deployment: Json, digest: string): readonly string[] {
  const images = listAt(deployment, "spec", "template", "spec", "containers").map((container) =>
    String(mapAt(container).image),
  );
  return images.some((image) => image.endsWith(`@${digest}`))
    ? []
    : [`its image is not the candidate's (${digest.slice(0, 19)}…)`];
}

function numberAt(value: unknown, otherwise = 0): number {
  return typeof value === "number" ? value : otherwise;
}
