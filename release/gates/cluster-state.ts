import type { KubernetesClient } from "../clients/kubernetes";
import { isClusterTarget, type World } from "../clients/world";
import { type Json, mapAt } from "../targets/json";
import { otherSide } from "../targets/sides";
import { liveSide } from "../targets/sighting";
import { UserError } from "../user-error";
import type { GateContext } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type Check = CheckGateOf<"kubernetes">["check"];

/** A Deployment that a gate asks about, as it stands on the cluster. */
export interface Asked {
  readonly component: string;
  readonly side: string;
  readonly name: string;
  /** Digest that its image must have: known of the candidate. */
  readonly digest?: string;
  /** Undefined where there is none. */
  readonly deployment: Json | undefined;
}

/**
 * Deployments of the components on the sides that a gate names. `live` is the side that has the traffic at this moment,
 * `idle` the other: after a switch the one that was live before.
 *
 * @throws UserError for a component that no track moves, and a track whose live side cannot be seen
 */
export async function askedDeployments(
  { components, side }: Pick<Check, "components" | "side">,
  context: GateContext,
  client: Pick<KubernetesClient, "list">,
  world: Pick<World, "look">,
): Promise<readonly Asked[]> {
  const tracks = context.facts.tracks.filter(({ target }) => isClusterTarget(target));
  const namespace = namespaceOf(context);
  const [deployments, liveSides] = await Promise.all([
    client.list(`/apis/apps/v1/namespaces/${namespace}/deployments`),
    Promise.all(tracks.map(async ({ target }) => liveSide(target, await world.look(target)))),
  ]);
  const byName = new Map(deployments.map((object) => [String(mapAt(object, "metadata").name), object]));
  return components.flatMap((component) => {
    const index = tracks.findIndex((track) => namesOf(track, component) !== undefined);
    const track = tracks[index];
    if (track === undefined) throw new UserError(`no track of the system moves the component ${component}`);
    const live = liveSides[index];
    if (live === undefined) throw new UserError(`nobody can tell which side of ${track.name} is live`);
    const idle = otherSide(track.target, live);
    const wanted = { live: [live], idle: [idle], both: [live, idle] }[side];
    return wanted.flatMap((colour) => {
      if (colour !== "blue" && colour !== "green") return [];
      const name = namesOf(track, component)![colour];
      const digest = context.candidate[track.name] === colour ? digestOf(context, component) : undefined;
      const deployment = byName.get(name);
      return [{ component, side: colour, name, ...(digest && { digest }), deployment }];
    });
  });
}

/** @throws UserError for a system that is not on the cluster */
export function namespaceOf({ facts }: Pick<GateContext, "facts">): string {
  if (facts.cluster !== undefined) return facts.cluster.namespace;
  throw new UserError("the stack's output release names no namespace: the system is not on the cluster");
}

function namesOf({ target }: GateContext["facts"]["tracks"][number], component: string) {
  return isClusterTarget(target) ? target.components[component] : undefined;
}

function digestOf({ manifest }: GateContext, component: string): string | undefined {
  const declared = manifest.components[component];
  return declared !== undefined && "image" in declared ? declared.image.split("@")[1] : undefined;
}
