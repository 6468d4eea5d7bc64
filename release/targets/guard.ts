import type { Colour, GatewayTarget, SelectorTarget, Target } from "../../runbooks/target";
import { describePods, podsOf, withoutPodsFirst } from "./idle-pods";
import { describeLease, type Lease } from "./lease";
import { describeTarget, otherSide, productionSide, sidesOf } from "./sides";
import { deployed, idleSide, type Sighting, sidesWithTraffic } from "./sighting";

export interface GuardFacts {
  readonly system: string;
  readonly target: Target;
  /** Release key by side as this update declares it. */
  readonly declared: Readonly<Record<string, string>>;
  /** The same of the last update; undefined for a new track. */
  readonly before: Readonly<Record<string, string>> | undefined;
  readonly sighting: Sighting;
  readonly lease: Lease | undefined;
  readonly now: Date;
}

export interface Verdict {
  /** Why the update must not happen; each names the live side, what to change instead and the command. */
  readonly refusals: readonly string[];
  /** What whoever runs it should know. */
  readonly notes: readonly string[];
}

/**
 * What an update may not do to the sides of a system, decided before anything is changed:
 *
 * - any change of keys while a release holds the system,
 * - on Kubernetes, whatever would alter a side that has traffic or is kept for a rollback: a key that is not the one
 *   deployed (changed here, or declared by a checkout that is older), or no key at all,
 * - on Kubernetes, another key for a side that still has pods: the update would start the new version, and nobody has
 *   approved that yet.
 *
 * The keys of a site with slots are those of its declared configuration, which is changed in place on both sides.
 */
export function judge(facts: GuardFacts): Verdict {
  const changed = changedSides(facts);
  const refusals = [...leaseRefusal(facts, changed)];
  const notes: string[] = [];
  if ("components" in facts.target) {
    for (const side of sidesOf(facts.target)) {
      const refused = sideRefusal(facts, facts.target, side);
      refusals.push(...refused);
      if (refused.length === 0) notes.push(...repairNote(facts, facts.target, side));
    }
  } else if (facts.sighting.exists && changed.includes(productionSide)) {
    notes.push(
      `${describeTarget(facts.target)}: configuration of the live side changes; Azure restarts it when that is applied`,
    );
  }
  return { refusals, notes };
}

/** Sides whose declared key is not the one of the last update. */
export function changedSides({
  target,
  declared,
  before,
}: Pick<GuardFacts, "target" | "declared" | "before">): readonly string[] {
  if (before === undefined) return [];
  return sidesOf(target).filter((side) => declared[side] !== before[side]);
}

function leaseRefusal({ lease, system, now }: GuardFacts, changed: readonly string[]): readonly string[] {
  if (lease === undefined || changed.length === 0) return [];
  return [
    `${changed.join(" and ")} of ${system} would change while a release is running: ${describeLease(lease, now)}. ` +
      `Wait for it, or end it: switchyard release status ${system}. What it does not touch can be updated meanwhile: ` +
      `take the change of ${system}:sides back`,
  ];
}

function sideRefusal(
  facts: GuardFacts,
  target: SelectorTarget | GatewayTarget,
  side: string,
): readonly string[] {
  const standing = standingOf(facts, side);
  const found = deployed(facts.sighting, side);
  if (found.length === 0) return [];
  const { declared, before, system } = facts;
  const wanted = declared[side];
  if (wanted === undefined) {
    if (standing === undefined) return [];
    return [`${side} ${standing}, and ${system}:sides no longer declares it. ${mend(facts, side)}`];
  }
  const different = found.filter(({ releaseKey }) => releaseKey !== wanted);
  // A key that was taken off by hand is put back by this update, when nothing else changes and pods say no other one.
  const unmarked = different.every(
    ({ releaseKey, podsKey = wanted }) => releaseKey === undefined && podsKey === wanted,
  );
  if (different.length === 0 || (unmarked && before?.[side] === wanted)) return [];
  const deployedKeys = different
    .map(({ name, releaseKey, podsKey }) => `${name} runs ${short(releaseKey ?? podsKey)}`)
    .join(", ");
  const change =
    before?.[side] !== undefined && before[side] !== wanted
      ? `this update would change its release key from ${short(before[side])} to ${short(wanted)}`
      : `this checkout declares ${short(wanted)}`;
  if (standing !== undefined)
    return [`${side} ${standing}, and ${change}, while ${deployedKeys}. ${mend(facts, side)}`];
  const pods = podsOf(different);
  if (pods.length === 0) return [];
  return [
    `${side} has no traffic and still has pods (${describePods(pods)}, ${describeTarget(target)}), and ${change}, which ` +
      `would start there at once. ${withoutPodsFirst(system, target, pods)}`,
  ];
}

/** What an update makes anew of a side that serves or is kept, because it is not there or says nothing of itself. */
function repairNote(
  facts: GuardFacts,
  target: SelectorTarget | GatewayTarget,
  side: string,
): readonly string[] {
  const standing = standingOf(facts, side);
  const wanted = facts.declared[side];
  if (standing === undefined || wanted === undefined || facts.before?.[side] !== wanted) return [];
  const found = new Map(deployed(facts.sighting, side).map((workload) => [workload.name, workload]));
  const lost = Object.values(target.components).flatMap((names) => {
    const name = names[side as Colour];
    const workload = found.get(name);
    if (workload === undefined) return [`${name} is not there: it is made from the program as it is now`];
    if (workload.releaseKey !== undefined) return [];
    return workload.podsKey === undefined
      ? [
          `${name} and its pods carry no release key: its pods are replaced, made from the program as it is now`,
        ]
      : [`${name} carries no release key: it is put back, and its pods stay`];
  });
  if (lost.length === 0) return [];
  return [
    `${side} ${standing}, and is only partly recognised. ${lost.join("; ")}. The rest of it stays as it is`,
  ];
}

/** Why a side is not to be touched, or undefined when it may be. */
function standingOf({ target, sighting }: GuardFacts, side: string): string | undefined {
  const what = describeTarget(target);
  const percent = sighting.traffic[side] ?? 0;
  if (percent > 0) {
    const live = percent === 100 ? "is live" : "is live in a ramp";
    return `${live} (${percent} % of the traffic of ${what})`;
  }
  if (sighting.retained?.side === side) {
    const [live] = sidesWithTraffic(sighting);
    return `is kept for a rollback by release ${sighting.retained.release} until that is finished (${live ?? "the other side"} is live, ${what})`;
  }
  return undefined;
}

function mend({ system, target, sighting }: GuardFacts, side: string): string {
  const idle = idleSide(target, sighting);
  const stale = "If you changed nothing there, this checkout is older than what is deployed: git pull";
  if (idle === undefined) {
    const release = sighting.retained?.release;
    return (
      `No side of ${system} is idle: finish ${release === undefined ? "its release" : `release ${release}`} or roll it ` +
      `back first (switchyard release status ${system}). ${stale}`
    );
  }
  const instead = side === idle ? otherSide(target, side) : idle;
  return `Change the idle side instead, ${system}:sides.${instead}: switchyard release prepare ${system} --to MANIFEST. ${stale}`;
}

/** Enough of a key to recognise it. */
function short(key: string | undefined): string {
  return key === undefined ? "no known block" : key.slice(0, "sha256:".length + 12);
}
