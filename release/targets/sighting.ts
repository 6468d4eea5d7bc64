import type { Observation, Target } from "../../runbooks/target";
import type { Retained } from "./retained";
import { otherSide, sidesOf } from "./sides";

/** A component of a side as it stands on the cluster. */
export interface Workload {
  readonly side: string;
  readonly component: string;
  /** Name of the Deployment. */
  readonly name: string;
  /** Block that it was made from; absent for one that carries no key. */
  readonly releaseKey?: string;
  /** Block that its pods are made from, where the Deployment itself carries no key. */
  readonly podsKey?: string;
  /** Replicas wanted. */
  readonly replicas: number;
  readonly readyReplicas: number;
  /** Made by a track so that an idle side begins without pods, and not taken over yet. */
  readonly stub: boolean;
}

/** What was read of a target, before anything is concluded from it. */
export interface Sighting {
  /** Whether the object that carries the traffic exists. */
  readonly exists: boolean;
  /** Percent by side; empty when the object does not exist. */
  readonly traffic: Readonly<Record<string, number>>;
  /** Deployments that exist, of both sides; always empty for sites. */
  readonly workloads: readonly Workload[];
  readonly retained?: Retained;
  /** Why nothing exists, in words. */
  readonly reason?: string;
}

/** What is deployed of a side, stubs left out. */
export function deployed(sighting: Sighting, side: string): readonly Workload[] {
  return sighting.workloads.filter((workload) => workload.side === side && !workload.stub);
}

/** Sides that have some of the traffic. */
export function sidesWithTraffic({ traffic }: Sighting): readonly string[] {
  return Object.keys(traffic).filter((side) => traffic[side]! > 0);
}

/** The side with the most traffic, the first declared on a tie; undefined when nothing carries traffic. */
export function liveSide(target: Target, { exists, traffic }: Sighting): string | undefined {
  if (!exists) return undefined;
  return [...sidesOf(target)].sort((left, right) => (traffic[right] ?? 0) - (traffic[left] ?? 0))[0];
}

/** The side that may be changed: it has no traffic at all and is not kept for a rollback. */
export function idleSide(target: Target, sighting: Sighting): string | undefined {
  const live = liveSide(target, sighting);
  const other = live === undefined ? undefined : otherSide(target, live);
  if (other === undefined || (sighting.traffic[other] ?? 0) > 0) return undefined;
  return sighting.retained?.side === other ? undefined : other;
}

/**
 * The key of a side, when all of its components carry the same one. A side that is deployed in part has none.
 * @param components of the target, each of which a whole side has
 */
export function keyOfSide(
  sighting: Sighting,
  side: string,
  components: readonly string[],
): string | undefined {
  const found = deployed(sighting, side);
  const [key, ...others] = new Set(found.map(({ releaseKey }) => releaseKey));
  return others.length === 0 && found.length === components.length ? key : undefined;
}

/**
 * Key of each component of a side that is there only in part, by component; of one that lost its mark the key of its
 * pods. Nothing of a side that has a key, or of which nothing is known.
 */
function partsOf(sighting: Sighting, side: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    deployed(sighting, side).flatMap(({ component, releaseKey, podsKey }) => {
      const key = releaseKey ?? podsKey;
      return key === undefined ? [] : [[component, key] as const];
    }),
  );
}

/** What a program is told of a sighting. */
export function observationOf(target: Target, sighting: Sighting): Observation {
  const components = "components" in target ? Object.keys(target.components) : [];
  const keys = sidesOf(target).flatMap((side) => {
    const key = keyOfSide(sighting, side, components);
    return key === undefined ? [] : [[side, key] as const];
  });
  const whole = new Map(keys);
  const parts = sidesOf(target).flatMap((side) => {
    const found = whole.has(side) ? {} : partsOf(sighting, side);
    return Object.keys(found).length === 0 ? [] : [[side, found] as const];
  });
  const live = liveSide(target, sighting);
  const idle = idleSide(target, sighting);
  return {
    exists: sighting.exists,
    known: true,
    ...(live !== undefined && { live }),
    ...(idle !== undefined && { idle }),
    traffic: sighting.traffic,
    sides: Object.fromEntries(keys),
    ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
    ...(sighting.reason !== undefined && { reason: sighting.reason }),
  };
}

/** The answer when nothing may be asked. */
export function unknownObservation(reason: string): Observation {
  return { exists: false, known: false, traffic: {}, sides: {}, reason };
}
