import type { Colour } from "../../../runbooks/target";
import type { KubernetesClient } from "../../clients/kubernetes";
import { KubernetesRefusal } from "../../clients/kubernetes-refusal";
import { objectPath } from "../../clients/paths";
import type { ClusterTarget } from "../../clients/world";
import { LeaseLost } from "../../journal/journal";
import { backendRefs } from "../../targets/gateway";
import { type Json, listAt, mapAt } from "../../targets/json";
import { releaseFieldManager, retainedAnnotation } from "../../targets/marks";
import { selectorTo } from "../../targets/selector";
import { describeTarget } from "../../targets/sides";
import { UserError } from "../../user-error";
import type { WriteGuard } from "../strategy";
import { type ClusterView, trafficOf, viewOf } from "./cluster-view";

/**
 * On the active Service or HTTPRoute: epoch of the lease under which it was written last. On Deployments it changes their
 * version at a take-over, and nobody reads it.
 */
export const epochAnnotation = "switchyard.dev/release-epoch";

const attempts = 5;

/** What an object that carries traffic is to be; what is left out stays. */
export interface WantedTraffic {
  readonly weights?: Readonly<Record<Colour, number>>;
  /** Value of the mark of the kept side; null takes it away. */
  readonly retained?: string | null;
  /** Null takes the mark away: the release is over. @default the writer's own */
  readonly epoch?: null;
}

export interface TrafficWriter {
  readonly target: ClusterTarget;
  readonly cluster: KubernetesClient;
  readonly guard: WriteGuard;
  readonly epoch: number;
}

/**
 * Read, judge, ask the guard, write with the version that was read, read back. When somebody else wrote in between,
 * all of it again, so that nothing is written that was judged by what is no longer so.
 *
 * @param judge throws when what was read does not allow it
 * @param read what was read just now; when it is old already, the version says so and it is read again
 * @returns what was read back, and whether anything was written
 * @throws LeaseLost when a later holder has marked the object
 */
export async function writeTraffic(
  writer: TrafficWriter,
  wanted: WantedTraffic,
  judge: (view: ClusterView) => void,
  read?: ClusterView,
): Promise<{ readonly view: ClusterView; readonly written: boolean }> {
  const { target, cluster, guard, epoch } = writer;
  for (let attempt = 1; ; attempt++) {
    const view = (attempt === 1 ? read : undefined) ?? (await viewOf(target, cluster));
    refuseOlderEpoch(target, view.object, epoch);
    const change = changeOf(target, view.object, wanted, epoch);
    if (change === undefined) return { view, written: false };
    judge(view);
    await guard();
    try {
      await cluster.patch(objectPath(target), change, releaseFieldManager);
    } catch (error) {
      if (error instanceof KubernetesRefusal && error.isConflict && attempt < attempts) continue;
      throw error;
    }
    const after = await cluster.find(objectPath(target));
    if (after === undefined || changeOf(target, after, wanted, epoch) !== undefined) {
      throw new UserError(
        `${describeTarget(target)} does not keep what was written: something else writes to it`,
        {
          mend: `who: kubectl -n ${target.namespace} get ${target.kind === "selector" ? "service" : "httproute"} -o yaml --show-managed-fields`,
          retriable: true,
        },
      );
    }
    return {
      view: { ...view, object: after, sighting: { ...view.sighting, traffic: trafficOf(target, after) } },
      written: true,
    };
  }
}

/**
 * @param object what carries the traffic
 * @throws LeaseLost when a later holder has marked it
 */
export function refuseOlderEpoch(target: ClusterTarget, object: Json, epoch: number): void {
  const mark = Number(mapAt(object, "metadata", "annotations")[epochAnnotation] ?? 0);
  if (Number.isNaN(mark) || mark <= epoch) return;
  throw new LeaseLost(
    `${describeTarget(target)} was taken over (epoch ${mark}; this process has ${epoch}): nothing is written`,
  );
}

/** The merge patch that makes an object what is wanted; undefined when it is that already. */
function changeOf(
  target: ClusterTarget,
  object: Json,
  wanted: WantedTraffic,
  epoch: number,
): Json | undefined {
  const { resourceVersion, annotations: found } = mapAt(object, "metadata");
  const marks: Record<string, string | null> = {
    ...(wanted.retained !== undefined && { [retainedAnnotation]: wanted.retained }),
    [epochAnnotation]: wanted.epoch === null || epoch === 0 ? null : String(epoch),
  };
  const annotations = Object.fromEntries(
    Object.entries(marks).filter(([name, value]) => (mapAt(found)[name] ?? null) !== value),
  );
  const traffic = trafficOf(target, object);
  const { weights } = wanted;
  const same = weights === undefined || (weights.blue === traffic.blue && weights.green === traffic.green);
  if (same && Object.keys(annotations).length === 0) return undefined;
  return {
    metadata: { resourceVersion, ...(Object.keys(annotations).length > 0 && { annotations }) },
    ...(!same && { spec: specOf(target, object, weights) }),
  };
}

function specOf(target: ClusterTarget, object: Json, weights: Readonly<Record<Colour, number>>): Json {
  if (weights.blue + weights.green !== 100)
    throw new Error(`weights ${weights.blue} and ${weights.green} are not 100 together`);
  if (target.kind === "selector")
    return { selector: selectorTo(target, weights.blue === 100 ? "blue" : "green") };
  const rules = listAt(object, "spec", "rules").map((rule) => mapAt(rule));
  return { rules: rules.map((rule) => ({ ...rule, backendRefs: backendRefs(target, weights) })) };
}
