import { type Colour, colours } from "../../../runbooks/target";
import { KubernetesRefusal } from "../../clients/kubernetes-refusal";
import { workloadsPath } from "../../clients/paths";
import type { ClusterTarget } from "../../clients/world";
import { mapAt } from "../../targets/json";
import { releaseFieldManager } from "../../targets/marks";
import { otherSide } from "../../targets/sides";
import { UserError } from "../../user-error";
import { type ClusterView, scalingOf, viewOf } from "./cluster-view";
import { epochAnnotation, refuseOlderEpoch, type TrafficWriter } from "./traffic-write";

const attempts = 5;

/** How many pods a Deployment is to have, given what was seen; undefined leaves it as it is. */
export type ReplicasOf = (view: ClusterView, deployment: string, component: string) => number | undefined;

/** Of an incident's action, which holds no release's lease and has a guard of its own, there is no epoch. */
type Scaler = Omit<TrafficWriter, "epoch"> & Partial<Pick<TrafficWriter, "epoch">>;

/**
 * Writes the scale subresource of a side's Deployments, each with the version that was read.
 * @param read what was read just now; when it is old already, the version says so and it is read again
 * @returns whether anything was written
 * @throws LeaseLost when a later holder has marked what carries the traffic
 */
export async function scaleSide(
  { target, cluster, guard, epoch }: Scaler,
  side: Colour,
  components: readonly string[],
  replicasOf: ReplicasOf,
  read?: ClusterView,
): Promise<boolean> {
  let written = false;
  for (let attempt = 1; ; attempt++) {
    const view = (attempt === 1 ? read : undefined) ?? (await viewOf(target, cluster));
    if (epoch !== undefined) refuseOlderEpoch(target, view.object, epoch);
    const changes = components.flatMap((component) => {
      const name = nameOf(target, component, side);
      const deployment = view.deployments.get(name);
      if (deployment === undefined) {
        throw new UserError(`${component} is not deployed on ${side}: there is no Deployment ${name}`, {
          mend: "the stack declares it: switchyard release prepare, commit, switchyard up",
        });
      }
      const replicas = replicasOf(view, name, component);
      const { resourceVersion } = mapAt(deployment, "metadata");
      return replicas === undefined || replicas === mapAt(deployment, "spec").replicas
        ? []
        : [{ name, body: { metadata: { resourceVersion }, spec: { replicas } } }];
    });
    if (changes.length === 0) return written;
    await guard();
    const results = await Promise.allSettled(
      changes.map(({ name, body }) =>
        cluster.patch(`${workloadsPath(target, name)}/scale`, body, releaseFieldManager),
      ),
    );
    written ||= results.some(({ status }) => status === "fulfilled");
    const failed = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    const fatal = failed.find((error) => !(error instanceof KubernetesRefusal && error.isConflict));
    if (fatal !== undefined || (failed.length > 0 && attempt >= attempts)) throw fatal ?? failed[0];
  }
}

/**
 * Gives the Deployments of both sides another version: a scale that an older holder of the lease has begun then conflicts,
 * looks again, and sees whose the traffic is now. What is not deployed, nobody scales.
 */
export async function claimWorkloads({ target, cluster, guard, epoch }: TrafficWriter): Promise<void> {
  await guard();
  const mark = { metadata: { annotations: { [epochAnnotation]: String(epoch) } } };
  const names = Object.values(target.components).flatMap((sides) => colours.map((side) => sides[side]));
  await Promise.all(
    names.map(async (name) => {
      try {
        await cluster.patch(workloadsPath(target, name), mark, releaseFieldManager);
      } catch (error) {
        if (!(error instanceof KubernetesRefusal && error.status === 404)) throw error;
      }
    }),
  );
}

/** The autoscaler's least; without one, as many as the other side has. */
export function declaredReplicas(target: ClusterTarget, side: Colour): ReplicasOf {
  return (view, deployment, component) => {
    const scaling = scalingOf(view, deployment);
    if (scaling !== undefined) return scaling.least;
    return Math.max(1, replicasAt(view, nameOf(target, component, otherSide(target, side) as Colour)));
  };
}

/** The autoscaler's least, and never fewer than a side has. */
export function atLeastDeclared(target: ClusterTarget, side: Colour): ReplicasOf {
  return notFewer(declaredReplicas(target, side));
}

/**
 * For a side that gets all the traffic at once: as many as the side that has it has grown to, within the autoscaler's
 * bounds, and never fewer than it has.
 */
export function replicasForAll(target: ClusterTarget, side: Colour): ReplicasOf {
  const declared = declaredReplicas(target, side);
  return notFewer((view, deployment, component) => {
    const least = declared(view, deployment, component)!;
    const other = replicasAt(view, nameOf(target, component, otherSide(target, side) as Colour));
    return Math.max(least, Math.min(other, scalingOf(view, deployment)?.most ?? least));
  });
}

/**
 * For a side that served before and is to serve again at once: as for all the traffic, but what has its least already is
 * left alone, since nobody waits for more on a version that fails.
 */
export function replicasForReturn(target: ClusterTarget, side: Colour): ReplicasOf {
  const declared = declaredReplicas(target, side);
  const forAll = replicasForAll(target, side);
  return (view, deployment, component) =>
    replicasAt(view, deployment) >= declared(view, deployment, component)!
      ? undefined
      : forAll(view, deployment, component);
}

function notFewer(wanted: ReplicasOf): ReplicasOf {
  return (view, deployment, component) => {
    const replicas = wanted(view, deployment, component);
    return replicas === undefined || replicasAt(view, deployment) >= replicas ? undefined : replicas;
  };
}

function nameOf(target: ClusterTarget, component: string, side: Colour): string {
  const name = target.components[component]?.[side];
  if (name !== undefined) return name;
  throw new UserError(
    `${component} is not a component of this target; it has ${Object.keys(target.components).join(", ")}`,
  );
}

function replicasAt(view: ClusterView, deployment: string): number {
  return view.sighting.workloads.find(({ name }) => name === deployment)?.replicas ?? 0;
}
