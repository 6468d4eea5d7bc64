import type { ReleaseFacts, TrackFacts } from "../../runbooks/release-facts";
import { releaseKey } from "../../runbooks/sides";
import type { SlotsTarget } from "../../runbooks/target";
import type { Contract } from "../../runbooks/vocabulary";
import { describeTarget, otherSide } from "../targets/sides";
import { contractComponents } from "./components";
import type { Manifest } from "./manifest";
import type { Observed, ObservedTrack } from "./observed";
import type { Refusal } from "./refusal";
import { sideBlockOf } from "./side-block";
import { breaksWords } from "./swap-preflight";

/** What of the sides as they are stands against a release of the manifest. */
export function sideRefusals(
  contract: Contract,
  facts: ReleaseFacts,
  observed: Observed,
  manifest: Manifest,
): readonly Refusal[] {
  const { system } = facts;
  const known = facts.tracks.flatMap(({ components }) => components);
  const missing = contractComponents(contract).filter((name) => !known.includes(name));
  const unknown = missing.map(
    (name): Refusal => ({
      kind: "nothing-there",
      message: `the stack does not say where ${name} of ${system} has its traffic; its output release names ${known.join(", ") || "nothing"}`,
      mend: "Bring the stack up with this checkout: switchyard up.",
    }),
  );
  const perTrack = facts.tracks.flatMap((track) =>
    trackRefusals(system, track, observed[track.name], manifest),
  );
  return [...unknown, ...perTrack, ...nothingNew(facts, observed, manifest)];
}

function trackRefusals(
  system: string,
  { name, target }: Pick<TrackFacts, "name" | "target">,
  seen: ObservedTrack | undefined,
  manifest: Manifest,
): readonly Refusal[] {
  const what = describeTarget(target);
  const unsettled = unsettledRefusals(system, { name, target }, seen);
  if (unsettled.length > 0 || seen?.live === undefined) return unsettled;
  // A static site has one side, and keeps the artefact before instead.
  if (target.kind === "staticSite") return [];
  if (seen.idle === undefined) return [noIdleSide(system, what, otherSide(target, seen.live), seen)];
  if (target.kind === "slots") return swapRefusals(target, seen, manifest);
  if (!("components" in target)) return [];
  const wanted = releaseKey(sideBlockOf(manifest));
  const deployed = seen.keys[seen.idle];
  if (deployed === wanted) return [];
  const runs =
    deployed === undefined
      ? "nothing whole"
      : `${seen.versions[seen.idle] ?? "another version"} (${short(deployed)})`;
  return [
    {
      kind: "not-declared",
      message: `the idle side ${seen.idle} of ${what} holds ${runs}; the candidate is ${manifest.version} (${short(wanted)})`,
      mend: `Declare it first: switchyard release prepare ${system} --to MANIFEST, commit, switchyard up; then plan again.`,
    },
  ];
}

/** Settings may be mended until then, but a release that begins so would be refused at its deployment. */
function swapRefusals(
  target: SlotsTarget,
  { swap }: ObservedTrack,
  { version }: Manifest,
): readonly Refusal[] {
  if (swap === undefined || "unseen" in swap || swap.breaks.length === 0) return [];
  const words = breaksWords(swap, { site: describeTarget(target), version, slot: target.slot });
  return [{ kind: "settings-break", ...words }];
}

/** What is so of a track whose live side cannot be told, for a release of whatever kind. */
export function unsettledRefusals(
  system: string,
  { name, target }: Pick<TrackFacts, "name" | "target">,
  seen: ObservedTrack | undefined,
): readonly Refusal[] {
  const what = describeTarget(target);
  if (seen === undefined || !seen.exists || seen.live === undefined) {
    return [
      {
        kind: "nothing-there",
        message: `track ${name}: ${seen?.reason ?? `${what} was not looked at`}`,
        mend: "Bring the stack up first: switchyard up.",
      },
    ];
  }
  const share = Object.entries(seen.traffic).filter(([, percent]) => percent > 0);
  if (share.length <= 1) return [];
  return [
    {
      kind: "traffic-under-way",
      message: `the traffic of ${what} is shared: ${share.map(([side, percent]) => `${side} ${percent} %`).join(", ")}`,
      mend: `Another release moves it: switchyard release status ${system}. Finish it or roll it back first.`,
    },
  ];
}

function noIdleSide(system: string, what: string, other: string | undefined, seen: ObservedTrack): Refusal {
  if (seen.retainedBy !== undefined) {
    return {
      kind: "no-idle-side",
      message: `no side of ${what} is idle: ${other} is kept for a rollback by release ${seen.retainedBy}`,
      mend: `Finish that release or roll it back first: switchyard release status ${system}.`,
    };
  }
  return {
    kind: "no-idle-side",
    message: `${what} has no side beside ${seen.live} that a new version could go to${seen.reason ? `: ${seen.reason}` : ""}`,
    mend: "A release needs two sides: declare the slot or the other colour, and bring the stack up.",
  };
}

/** A candidate that is live on every track brings nothing. */
function nothingNew(
  { system, tracks }: ReleaseFacts,
  observed: Observed,
  manifest: Manifest,
): readonly Refusal[] {
  const wanted = releaseKey(sideBlockOf(manifest));
  const isLive = tracks.map(({ name, target }) => {
    const seen = observed[name];
    if (seen?.live === undefined) return false;
    if ("components" in target && seen.keys[seen.live] === wanted) return true;
    return seen.versions[seen.live] === manifest.version;
  });
  if (isLive.length === 0 || !isLive.every(Boolean)) return [];
  return [
    {
      kind: "nothing-new",
      message: `${manifest.version} of ${system} is live already`,
      mend: "Give the manifest of another version; what is built anew has a version of its own.",
    },
  ];
}

/** Enough of a key to recognise it. */
function short(key: string): string {
  return key.slice(0, "sha256:".length + 12);
}
