import type { ReleaseFacts, TrackFacts } from "../../runbooks/release-facts";
import type { SlotsTarget } from "../../runbooks/target";
import { workloadsPath } from "../clients/paths";
import type { Surroundings } from "../clients/surroundings";
import { type ClusterTarget, isClusterTarget } from "../clients/world";
import { armWork } from "../data/arm-work";
import type { Clock } from "../engine/clock";
import { waitFor } from "../strategies/waiting";
import { type Json, mapAt } from "../targets/json";
import { releaseFieldManager } from "../targets/marks";
import { describeTarget } from "../targets/sides";
import { liveSide } from "../targets/sighting";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

/** On a pod template: which step of which release restarted it last, so that a repeated step restarts nothing anew. */
export const restartedAnnotation = "switchyard.dev/restarted-by";

const webApiVersion = "2025-05-01";
const lookMilliseconds = 400;

export interface RestartingArgs {
  readonly surroundings: Surroundings;
  readonly facts: ReleaseFacts;
  readonly release: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Restarts components where they serve: on a cluster as `kubectl rollout restart` does, pod by pod; a site by Azure's own
 * action. What is restarted is on the live side; the other one carries nothing.
 */
export function restarter(args: RestartingArgs): OtherActions["restart"] {
  return async ({ components }, entry) => {
    const tracks = args.facts.tracks.filter((track) =>
      track.components.some((component) => components.includes(component)),
    );
    if (tracks.length === 0)
      throw new UserError(`nothing of ${args.facts.system} is called ${components.join(", ")}`, {
        mend: `components: ${args.facts.tracks.flatMap((track) => track.components).join(", ")}`,
      });
    const mark = `${args.release}/${entry.name}`;
    const seen: string[] = [];
    for (const track of tracks) {
      const wanted = track.components.filter((component) => components.includes(component));
      seen.push(...(await restarted(track, wanted, { ...args, mark, seconds: entry.timeoutSeconds })));
    }
    return seen.join("; ");
  };
}

interface Work extends RestartingArgs {
  readonly mark: string;
  readonly seconds: number;
}

async function restarted({ target }: TrackFacts, components: readonly string[], work: Work) {
  if (target.kind === "staticSite") return [`${describeTarget(target)} is files and has nothing to restart`];
  return isClusterTarget(target) ? rolled(target, components, work) : [await siteRestarted(target, work)];
}

async function siteRestarted(target: SlotsTarget, { surroundings, clock, signal, seconds }: Work) {
  const { login, stateDir } = surroundings.outside;
  const arm = armWork({ login, stateDir, clock, signal });
  await arm.post(`${target.siteId}/restart`, {}, webApiVersion);
  await waitFor(
    `${describeTarget(target)} does not run after its restart`,
    async () => {
      const site = await arm.get(target.siteId, webApiVersion);
      const state = mapAt(site, "properties").state;
      return state === "Running" ? {} : `its state is ${String(state ?? "unknown")}`;
    },
    { clock, seconds, lookMilliseconds, signal },
  );
  return `${describeTarget(target)}: restarted, Running`;
}

async function rolled(target: ClusterTarget, components: readonly string[], work: Work): Promise<string[]> {
  const { surroundings, clock, signal, seconds, mark } = work;
  const sighting = await surroundings.world(signal).look(target);
  const side = liveSide(target, sighting);
  const workloads = sighting.workloads.filter(
    (each) => each.side === side && components.includes(each.component) && !each.stub,
  );
  if (side === undefined || workloads.length === 0)
    throw new UserError(`${describeTarget(target)} has no live side whose pods could be restarted`);
  const cluster = await surroundings.kubernetes(target, signal);
  const seen: string[] = [];
  for (const { name } of workloads) {
    const path = workloadsPath(target, name);
    const before = await cluster.find(path);
    if (mapAt(before, "spec", "template", "metadata", "annotations")[restartedAnnotation] !== mark) {
      const template = { metadata: { annotations: { [restartedAnnotation]: mark } } };
      await cluster.patch(path, { spec: { template } }, releaseFieldManager);
    }
    const ready = await waitFor(
      `${name} is not rolled out`,
      async () => rolledOut(await cluster.find(path)),
      { clock, seconds, lookMilliseconds, signal },
    );
    seen.push(`${name}: ${ready.pods} pods restarted and ready`);
  }
  return seen;
}

/** As `kubectl rollout status` looks at a Deployment; a text while it is under way. */
function rolledOut(deployment: Json | undefined): { readonly pods: number } | string {
  if (deployment === undefined) return "it is gone";
  const count = (value: unknown) => (typeof value === "number" ? value : 0);
  const status = mapAt(deployment, "status");
  const wanted = count(mapAt(deployment, "spec").replicas ?? 1);
  if (count(status.observedGeneration) < count(mapAt(deployment, "metadata").generation))
    return "its controller has not taken it up";
  const updated = count(status.updatedReplicas);
  if (updated < wanted) return `${updated} of ${wanted} pods are new`;
  if (count(status.replicas) > updated) return `${count(status.replicas) - updated} old pods are left`;
  const available = count(status.availableReplicas);
  return available < updated ? `${available} of ${updated} pods are available` : { pods: updated };
}
