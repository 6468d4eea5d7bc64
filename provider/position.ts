import type { KubernetesClient } from "../release/clients/kubernetes";
import { KubernetesRefusal } from "../release/clients/kubernetes-refusal";
import { namespacePath, objectPath, workloadsPath } from "../release/clients/paths";
import { type ClusterTarget, isClusterTarget, type World } from "../release/clients/world";
import { firstColour } from "../release/targets/first-position";
import { initialRoute, routeParents } from "../release/targets/gateway";
import { idleStub, stubOwnership } from "../release/targets/idle-stub";
import { type Json, mapAt } from "../release/targets/json";
import { releaseFieldManager } from "../release/targets/marks";
import {
  refuseForeignNamespace,
  refuseForeignObject,
  refuseUnownedNamespace,
} from "../release/targets/ownership";
import { initialService, servicePorts } from "../release/targets/selector";
import { type Colour, describeTarget, sidesOf } from "../release/targets/sides";
import { deployed, type Sighting, sidesWithTraffic } from "../release/targets/sighting";
import type { TrackInputs } from "../release/targets/target-input";
import { workloadsOf } from "../release/targets/workloads";
import { UserError } from "../release/user-error";

/**
 * Makes what must stand before the sides are made: the object that carries the traffic, in its first position, and an
 * empty Deployment for each idle component, so that it begins without pods. What exists is taken as it is; who has the
 * traffic is never changed here. For sites there is nothing to make.
 *
 * @throws UserError when the cluster, the namespace or the kind is missing, or somebody else's
 */
export async function makePosition(world: World, inputs: TrackInputs): Promise<void> {
  const { target } = inputs;
  if (!isClusterTarget(target)) return;
  const cluster = await clusterOf(world, target);
  await checkNamespace(cluster, target, inputs.system);
  const sighting = await world.look(target);
  const object = await cluster.find(objectPath(target));
  if (object !== undefined) refuseForeignObject(object, describeTarget(target), inputs.system);
  const busy =
    object === undefined ? [await makeObject(cluster, target, inputs, sighting)] : sidesWithTraffic(sighting);
  await makeStubs(cluster, target, inputs, sighting, busy);
}

/** Writes what no traffic hangs on, from the program, only where nobody else wrote since it was read. */
export async function writePlainParts(world: World, { target, system }: TrackInputs): Promise<void> {
  if (!isClusterTarget(target)) return;
  const cluster = await clusterOf(world, target);
  const object = await cluster.find(objectPath(target));
  if (object === undefined) return;
  refuseForeignObject(object, describeTarget(target), system);
  const { resourceVersion } = mapAt(object, "metadata");
  const spec =
    target.kind === "selector"
      ? { ports: servicePorts(target) }
      : { hostnames: [...target.hostnames], parentRefs: routeParents(target) };
  await cluster.patch(objectPath(target), { metadata: { resourceVersion }, spec }, releaseFieldManager);
}

/**
 * Takes away what a track made, as far as it is still there and still the track's. Where the traffic goes is not read:
 * a selector or weights that make no sense are no reason to keep what somebody deletes.
 */
export async function removePosition(world: World, { target, system }: TrackInputs): Promise<void> {
  if (!isClusterTarget(target)) return;
  const cluster = await world.cluster(target);
  if (cluster === undefined) return;
  const workloads = workloadsOf(target, await cluster.list(workloadsPath(target)));
  const object = await cluster.find(objectPath(target));
  if (object !== undefined && isOwn(object, system)) await cluster.delete(objectPath(target));
  for (const { name, stub } of workloads) if (stub) await cluster.delete(workloadsPath(target, name));
}

/** @throws UserError while requests would be lost with what a track guards */
export function refuseLosingTraffic({ target, system }: TrackInputs, sighting: Sighting, urn: string): void {
  const serving = isClusterTarget(target)
    ? sidesWithTraffic(sighting).some((side) =>
        deployed(sighting, side).some(({ readyReplicas }) => readyReplicas > 0),
      )
    : true;
  if (!sighting.exists || !serving) return;
  throw new UserError(
    `${describeTarget(target)} carries ${system}'s traffic (${shares(sighting)}): its track is not deleted`,
    {
      mend: `take ${system} out of service first; to forget the track and leave the traffic as it is: pulumi state delete '${urn}' --stack ${stackOf(urn)}`,
    },
  );
}

/** `urn:pulumi:STACK::PROJECT::TYPE::NAME` */
function stackOf(urn: string): string {
  return /^urn:pulumi:(.+?)::/.exec(urn)?.[1] ?? "STACK";
}

async function clusterOf(world: World, target: ClusterTarget): Promise<KubernetesClient> {
  const cluster = await world.cluster(target);
  if (cluster !== undefined) return cluster;
  throw new UserError(`${describeTarget(target)} cannot be made: there is no cluster ${target.clusterId}`, {
    mend: "declare the cluster in the stack, and let the track depend on it",
  });
}

/**
 * Asked by Check, so in preview too. A cluster or namespace that is not there yet is the program's to make.
 * @throws UserError for a namespace that is not the system's
 */
export async function refuseOthersNamespace(
  world: World,
  { target, system }: TrackInputs,
  isFirst: boolean,
): Promise<void> {
  if (!isClusterTarget(target)) return;
  const namespace = await (await world.cluster(target))?.find(namespacePath(target));
  if (namespace === undefined) return;
  const refuse = isFirst ? refuseUnownedNamespace : refuseForeignNamespace;
  refuse(namespace, target.namespace, system);
}

async function checkNamespace(
  cluster: KubernetesClient,
  target: ClusterTarget,
  system: string,
): Promise<void> {
  const namespace = await cluster.find(namespacePath(target));
  if (namespace !== undefined) return refuseForeignNamespace(namespace, target.namespace, system);
  throw new UserError(`${describeTarget(target)} cannot be made: there is no namespace ${target.namespace}`, {
    mend: "declare the namespace in the stack, and let the track depend on it",
  });
}

/** @returns the colour that has the traffic now */
async function makeObject(
  cluster: KubernetesClient,
  target: ClusterTarget,
  { system, initial }: TrackInputs,
  sighting: Sighting,
): Promise<Colour> {
  const colour = firstColour(system, target, initial as Colour, sighting);
  const object =
    target.kind === "selector"
      ? initialService(target, system, colour)
      : initialRoute(target, system, colour);
  await cluster.create(objectPath(target, false), object, releaseFieldManager);
  return colour;
}

/** Idle sides that are declared get their stubs; stubs that nobody declares any more go. */
async function makeStubs(
  cluster: KubernetesClient,
  target: ClusterTarget,
  { system, sides }: TrackInputs,
  { workloads }: Sighting,
  busy: readonly string[],
): Promise<void> {
  for (const side of sidesOf(target) as readonly Colour[]) {
    if (busy.includes(side)) continue;
    for (const component of Object.keys(target.components)) {
      const path = workloadsPath(target, target.components[component]![side]);
      const found = workloads.find((workload) => workload.side === side && workload.component === component);
      if (sides[side] === undefined) {
        if (found?.stub) await cluster.delete(path);
        continue;
      }
      if (found !== undefined && !found.stub) continue;
      if (found === undefined) {
        await createUnlessThere(
          cluster,
          workloadsPath(target),
          idleStub(target, system, component, side),
          releaseFieldManager,
        );
      }
      await cluster.patch(path, stubOwnership(atSecond(new Date())), releaseFieldManager);
    }
  }
}

/** Kubernetes' times have no fractions of a second. */
function atSecond(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

function isOwn(object: Json, system: string): boolean {
  try {
    refuseForeignObject(object, "", system);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function shares({ traffic }: Sighting): string {
  return Object.entries(traffic)
    .map(([side, percent]) => `${side} ${percent} %`)
    .join(", ");
}

/** Two tracks may guard the same workloads and begin at the same time: whoever is second finds the first one's stub. */
async function createUnlessThere(
  cluster: KubernetesClient,
  ...what: Parameters<KubernetesClient["create"]>
): Promise<void> {
  try {
    await cluster.create(...what);
  } catch (error) {
    if (!(error instanceof KubernetesRefusal && error.reason === "AlreadyExists")) throw error;
  }
}
