import { holdsFor } from "../../runbooks/holds-for";
import type { Environment } from "../../runbooks/model";
import type { Contract, Entry, Phase } from "../../runbooks/vocabulary";
import type { Manifest } from "./manifest";
import type { ReleaseType } from "./plan";

/** Phases that a plan has when all goes well, in their order. */
export const forwardPhases = [
  "scheduled",
  "prepare",
  "approve",
  "backup",
  "migrate",
  "deploy-idle",
  "smoke",
  "ramp",
  "switch",
  "watch",
  "finish",
] as const satisfies readonly Phase[];

export const rollbackPhases = [
  "rollback",
  "rollback-watch",
  "rolled-back",
] as const satisfies readonly Phase[];

/** Phases in which something changes that a window must allow. */
export const movingPhases: readonly Phase[] = ["migrate", "deploy-idle", "smoke", "ramp", "switch"];

/**
 * What a release is: by what its manifest brings and by its path.
 * @param emergency whether it takes the emergency path
 * @param infrastructure whether the stack is updated in it
 */
export function releaseTypes(
  manifest: Manifest,
  { emergency = false, infrastructure = false }: { emergency?: boolean; infrastructure?: boolean } = {},
): readonly ReleaseType[] {
  return [
    ...(infrastructure ? (["infrastructure"] as const) : []),
    "application",
    ...(manifest.migration ? (["migration"] as const) : []),
    emergency ? "emergency" : "normal",
  ];
}

/** Entries that hold for a release, in the contract's order. */
export function entriesFor(
  { entries }: Contract,
  environment: Environment,
  types: readonly ReleaseType[],
): readonly Entry[] {
  return entries.filter((entry) => entry.on.includes(environment) && holdsFor(entry, types));
}

/** Traffic in a phase without anything that moves it stays where it is: the phase is left out. */
export function hasPhase(phase: Phase, entries: readonly Entry[]): boolean {
  if (phase !== "ramp" && phase !== "switch") return true;
  return entries.some(
    (entry) => entry.word === "step" && entry.does.action === "traffic" && entry.during.includes(phase),
  );
}

/** What people write after a release on the emergency path; it is asked for with the follow-ups. */
export function isPostMortem(entry: Entry): entry is Extract<Entry, { word: "record" }> {
  return entry.word === "record" && entry.kind === "postMortem" && entry.during.includes("follow-up");
}

/** How long the contract demands that a phase lasts: its longest blocking target. */
export function demandedSeconds(entries: readonly Entry[], phase: Phase): number {
  const targets = entries.filter(({ word, during }) => word === "target" && during.includes(phase));
  return Math.max(
    0,
    ...targets.map((target) =>
      target.word === "target" && target.blocking ? (target.atLeastSeconds ?? 0) : 0,
    ),
  );
}
