import { jsonDigest } from "../../runbooks/digest";
import type { ReleaseFacts, TrackFacts } from "../../runbooks/release-facts";
import { releaseKey } from "../../runbooks/sides";
import { describeTarget, productionSide } from "../targets/sides";
import type { ManifestComponent } from "./manifest";
import type { Observed, ObservedTrack } from "./observed";
import type { Plan } from "./plan";
import { sideBlockOf } from "./side-block";

/** What is seen of a system whose last release has finished, before it is taken back. */
export interface AfterTheEnd {
  readonly plan: Plan;
  /** Where things of the system are by now. */
  readonly facts: ReleaseFacts;
  readonly observed: Observed;
  /** Kept artefacts of a version before, by component. */
  readonly previous: Readonly<Record<string, ManifestComponent>>;
  /** Which version each of them is. */
  readonly previousVersions: Readonly<Record<string, string>>;
}

/**
 * What stands against going back to the side that a finished release left, in words; nothing: it still is what it was, and
 * what the release brought still has all of the traffic. A side without pods is no hindrance: it is scaled up first.
 */
export function againstGoingBack(seen: AfterTheEnd): readonly string[] {
  const { plan, facts, observed } = seen;
  const { migration } = plan.manifest;
  const destroyed =
    plan.types.includes("migration") && migration?.kind === "destructive"
      ? [`migration ${migration.names.join(", ")} took away what ${fromWords(plan)} needs`]
      : [];
  const elsewhere = plan.facts.tracks.flatMap((track) => {
    const now = facts.tracks.find(({ name }) => name === track.name);
    const same = now !== undefined && jsonDigest({ ...now }) === jsonDigest({ ...track });
    return same ? [] : [`the stack has track ${track.name} elsewhere, or not any more`];
  });
  const tracks = plan.facts.tracks.flatMap((track) => trackFaults(track, observed[track.name], seen));
  return [...destroyed, ...elsewhere, ...tracks];
}

function trackFaults(
  track: TrackFacts,
  seen: ObservedTrack | undefined,
  all: AfterTheEnd,
): readonly string[] {
  const { target } = track;
  const what = describeTarget(target);
  if (seen === undefined || !seen.exists) return [`${what}: ${seen?.reason ?? "it was not looked at"}`];
  switch (target.kind) {
    case "selector":
    case "gateway":
      return clusterFaults(track, seen, all.plan).map((fault) => `${what}: ${fault}`);
    case "slots":
      return slotFaults(target.slot, seen, all.plan).map((fault) => `${what}: ${fault}`);
    case "staticSite":
      return staticFaults(track, seen, all).map((fault) => `${what}: ${fault}`);
  }
}

function clusterFaults({ name }: TrackFacts, seen: ObservedTrack, plan: Plan): readonly string[] {
  const [former, live] = [plan.from.sides[name], plan.to.sides[name]];
  if (former === undefined || live === undefined) return ["the release had no other side there"];
  if (seen.traffic[live] !== 100) return [`${live} has ${seen.traffic[live] ?? 0} % of the traffic, not all`];
  if (seen.retainedBy !== undefined) return [`release ${seen.retainedBy} keeps a side of it`];
  if (seen.keys[live] !== releaseKey(sideBlockOf(plan.manifest)))
    return [`${live} does not hold ${plan.manifest.version} of the release any more`];
  const key = plan.fromKeys?.[name];
  const { version } = plan.from;
  // A plan that names no key is an older one; the stack's file says which version a key is.
  const isFormer =
    key === undefined
      ? version !== undefined && seen.versions[former] === version
      : seen.keys[former] === key;
  return isFormer ? [] : [`${former} does not hold ${fromWords(plan)} any more: ${holds(seen, former)}`];
}

/** A swap moves the content: what was live before lies on the slot. */
function slotFaults(slot: string, seen: ObservedTrack, plan: Plan): readonly string[] {
  const { version } = plan.from;
  const share = seen.traffic[slot] ?? 0;
  if (share > 0) return [`${slot} has ${share} % of the traffic, not none`];
  const live = seen.versions[productionSide];
  // A version that fails may not say which one it is; that is no reason to stay on it.
  if (live !== undefined && live !== plan.manifest.version)
    return [`production answers ${live}, not ${plan.manifest.version} of the release`];
  if (version !== undefined && seen.versions[slot] === version) return [];
  return [`${slot} does not answer ${fromWords(plan)}: ${holds(seen, slot)}`];
}

function staticFaults({ components }: TrackFacts, seen: ObservedTrack, all: AfterTheEnd): readonly string[] {
  const { plan, previous, previousVersions } = all;
  const live = seen.versions[productionSide];
  if (live !== undefined && live !== plan.manifest.version)
    return [`it answers ${live}, not ${plan.manifest.version} of the release`];
  const { version } = plan.from;
  // A plan that did not know what was live knows nothing that a kept package could be held against.
  const isMissing = (name: string) =>
    previous[name] === undefined || (version !== undefined && previousVersions[name] !== version);
  const missing = components.filter(isMissing);
  if (missing.length === 0) return [];
  const kept = missing.flatMap((name) =>
    previous[name] === undefined ? [] : (previousVersions[name] ?? []),
  );
  return [
    `no package of ${fromWords(plan)} is kept for ${missing.join(" and ")}${kept.length === 0 ? "" : `, but of ${[...new Set(kept)].join(" and ")}`}`,
  ];
}

function fromWords({ from }: Plan): string {
  return from.version ?? "the version before";
}

function holds({ keys, versions }: ObservedTrack, side: string): string {
  const key = keys[side];
  if (key === undefined) return versions[side] ?? "nothing whole, or nobody answers";
  return `${versions[side] ?? "another version"} (${key.slice(0, "sha256:".length + 12)})`;
}
