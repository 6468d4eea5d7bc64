import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import { holdsFor } from "../../runbooks/holds-for";
import type { Environment } from "../../runbooks/model";
import type { Contract, Entry, Phase } from "../../runbooks/vocabulary";
import type { Action } from "../../runbooks/vocabulary/actions";
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

interface TypeChoices {
  readonly emergency?: boolean;
  readonly infrastructure?: boolean;
  readonly alone?: boolean;
}

/**
 * What a release is: by what its manifest brings and by its path.
 * @param emergency whether it takes the emergency path
 * @param infrastructure whether the stack is updated in it
 * @param alone whether it is only updated, and nothing is deployed
 */
export function releaseTypes(
  manifest: Pick<Manifest, "migration">,
  { emergency = false, infrastructure = false, alone = false }: TypeChoices = {},
): readonly ReleaseType[] {
  if (alone) return ["infrastructure", emergency ? "emergency" : "normal"];
  return [
    ...(infrastructure ? (["infrastructure"] as const) : []),
    "application",
    ...(manifest.migration ? (["migration"] as const) : []),
    emergency ? "emergency" : "normal",
  ];
}

/** Whether nothing is deployed, and the stack is only updated. */
export function isOfStackAlone({ types }: { readonly types: readonly ReleaseType[] }): boolean {
  return !types.includes("application");
}

/** Entries that hold for a release, in the contract's order. */
export function entriesFor(
  { entries }: Contract,
  environment: Environment,
  types: readonly ReleaseType[],
): readonly Entry[] {
  return entries.filter((entry) => entry.on.includes(environment) && holdsFor(entry, types));
}

/** A step that updates the stack: how a release of infrastructure makes its changes. */
export function updatesStack(entry: Entry | undefined): boolean {
  return entry?.word === "step" && entry.does.action === "workflow";
}

/**
 * What of a contract is left for a release that deploys nothing, whatever releases its entries are written for: no steps that
 * move traffic, deploy, migrate or scale the sides of a switch, and no questions about a candidate or the way back from it.
 * What takes the live side down and up again around a restore moves nothing between sides, and stays.
 */
export function withoutCandidate(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter((entry) => {
    if (entry.word === "step") return !isOnCandidate(entry.does);
    if (entry.word === "metricGate") return !measuresSwitch(entry.measurement);
    return entry.word !== "checkGate" || !asksOfCandidate(entry.check);
  });
}

function isOnCandidate(does: Action): boolean {
  if (does.action === "traffic") return does.move !== "stop" && does.move !== "start";
  if (does.action === "scale") return does.side !== "live";
  return does.action === "deploy" || does.action === "migrate";
}

function measuresSwitch(measurement: MetricGate["measurement"]): boolean {
  return measurement.provider === "release" && measurement.measure !== "releaseSeconds";
}

function asksOfCandidate(check: CheckGate["check"]): boolean {
  return check.provider === "release" && aboutCandidate.includes(check.expects);
}

const aboutCandidate: readonly string[] = [
  "idleSideReady",
  "idleSideDeclared",
  "previousVersionKept",
  "rollbackPrepared",
  "oldSideReady",
  "candidateServed",
  "trafficOnOldSide",
  "rampAtWeight",
  "candidateDiffersFromLive",
  "migrationVerified",
] satisfies readonly Extract<CheckGate["check"], { provider: "release" }>["expects"][];

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
