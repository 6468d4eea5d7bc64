import { jsonDigest } from "../../runbooks/digest";
import type { Environment } from "../../runbooks/model";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Contract, Entry, Phase } from "../../runbooks/vocabulary";
import { emergencyPath, type NamedDays, windowsOf } from "../calendar/calendar";
import { arrange } from "./arrange";
import { calendarJudgement } from "./calendar-refusals";
import { idleGateRefusals } from "./idle-gates";
import { infrastructureRefusals, infrastructureWarnings } from "./infrastructure-refusals";
import { type Manifest, manifestDigest } from "./manifest";
import type { Observed } from "./observed";
import { manifestFaults } from "./parse-manifest";
import { type BareStep, phaseSteps, weightsOf } from "./phase-steps";
import type { Plan, PlanSide, PlanStep, ReleaseType } from "./plan";
import { sideAfter, sideBefore, sideWords } from "./plan-sides";
import { withPreconditions } from "./preconditions";
import { judgeRamp } from "./ramp-refusals";
import type { Refusal } from "./refusal";
import {
  demandedSeconds,
  entriesFor,
  forwardPhases,
  hasPhase,
  isPostMortem,
  rollbackPhases,
  withoutCandidate,
} from "./selection";
import { sideRefusals } from "./side-refusals";
import type { StackChanges } from "./stack-changes";
import { swapsSeen } from "./swap-preflight";
import { migrationWatchSeconds, switchWatchSeconds, watchedGates } from "./watched-gates";
import { withoutHolds } from "./way-back";

export interface PlanOptions {
  /** Of the whole system at the time of the release. @default not known, which is warned of */
  readonly requestsPerSecond?: number;
  /** Why the release takes the emergency path. */
  readonly reason?: string;
  /** When it is to begin. @default now */
  readonly startsAt?: Date;
}

/** Everything that a plan is made from. Nothing else is looked at: the planner is pure. */
export interface PlanQuestion {
  readonly contract: Contract;
  readonly environment: Environment;
  readonly facts: ReleaseFacts;
  readonly observed: Observed;
  readonly manifest: Manifest;
  readonly types: readonly ReleaseType[];
  /** What a preview of the stack would change, for a release of infrastructure alone. @default there is a candidate */
  readonly stack?: StackChanges;
  /** Days that only the owner knows, by the setting that names them. */
  readonly days: NamedDays;
  readonly now: Date;
  readonly options?: PlanOptions;
}

export type Planned = { readonly plan: Plan } | { readonly refusals: readonly Refusal[] };

/** A plan, or everything that stands against one. */
export function planRelease(question: PlanQuestion): Planned {
  const { contract, facts, observed, manifest, types, stack, options = {} } = question;
  const held = entriesFor(contract, question.environment, types);
  const entries = stack === undefined ? held : withoutCandidate(held);
  const plan = makePlan(question, entries);
  const ramp = judgeRamp(entries, contract.system, options.requestsPerSecond);
  const calendar = calendarJudgement(plan, contract, entries, question);
  const refusals = [
    ...manifestRefusals(question),
    ...(stack === undefined
      ? sideRefusals(contract, facts, observed, manifest)
      : infrastructureRefusals(question, stack)),
    ...migrationRefusals(manifest, types, plan.steps, plan.entries),
    ...emergencyRefusals(contract, types, options.reason),
    ...unaskedRefusals(contract, types, entries),
    ...idleGateRefusals(plan),
    ...ramp.refusals,
    ...calendar.refusals,
  ];
  if (refusals.length > 0) return { refusals };
  const ofStack = stack === undefined ? [] : infrastructureWarnings(contract.system, stack);
  const swaps = stack === undefined ? swapsSeen(facts, observed) : { seen: {}, warnings: [] };
  return {
    plan: {
      ...plan,
      ...(Object.keys(swaps.seen).length > 0 && { swaps: swaps.seen }),
      warnings: [...ofStack, ...swaps.warnings, ...ramp.warnings, ...calendar.warnings],
    },
  };
}

function makePlan(question: PlanQuestion, entries: readonly Entry[]): Plan {
  const { contract, environment, facts, manifest, types, stack, now, options = {} } = question;
  const { from, to } = sidesOf(question);
  const words = { live: sideWords(from), idle: sideWords(to), ...(stack !== undefined && { stack }) };
  const rollbackWatch = demandedSeconds(entries, "rollback-watch");
  const watchesRollback = rollbackWatch > 0;
  const watch = Math.max(
    contract.watchSeconds,
    demandedSeconds(entries, "watch"),
    emergencyWatch(entries, types),
  );
  const switchWatch = switchWatchSeconds(entries);
  const migrationWatch = migrationWatchSeconds(entries);
  const lengths: Partial<Record<Phase, number>> = {
    watch,
    ...(switchWatch !== undefined && { switch: switchWatch }),
    ...(migrationWatch !== undefined && { migrate: migrationWatch }),
    ...(watchesRollback && { "rollback-watch": rollbackWatch }),
  };
  const byName = Object.fromEntries(entries.map((entry) => [entry.name, entry]));
  const stepsOf = (phases: readonly Phase[]): readonly PlanStep[] => {
    const bare = phases
      .filter((phase) => hasPhase(phase, entries))
      .flatMap((phase) => phaseSteps(phase, arrange(phase, entries, watchesRollback), words, lengths[phase]));
    return withPreconditions(withQuestionsBefore(bare, byName), byName);
  };
  const steps = stepsOf(forwardPhases);
  const rollback = withMessages(withoutHolds(stepsOf(rollbackPhases), byName), entries);
  const restore = stepsOf(["restore"]);
  const aborted = stepsOf(["aborted"]);
  const weights = entries.flatMap(weightsOf).map(({ percent }) => percent);
  const phases = [...forwardPhases, ...rollbackPhases].filter((phase) => hasPhase(phase, entries));
  const watched = watchedGates(entries, phases, watchesRollback, weights);
  const contractDigest = digestOf(contract);
  const digest = jsonDigest({
    contractDigest,
    manifestDigest: manifestDigest(manifest),
    from: from.version,
    environment,
    types,
    // Left out where there is none: the digest of every other plan is what it was.
    ...(stack !== undefined && { changes: stack.digest }),
    reason: options.reason,
    steps: [steps, rollback, restore, aborted].map((each) => each.map(decided)),
    watched,
  });
  return {
    digest,
    system: contract.system,
    environment,
    types,
    ...(stack !== undefined && { stack }),
    manifest,
    manifestDigest: manifestDigest(manifest),
    contractDigest,
    from,
    to,
    fromKeys: keysBefore(facts, question.observed),
    facts,
    steps,
    rollback,
    restore,
    aborted,
    watched,
    entries: neededEntries(entries, [...steps, ...rollback, ...restore, ...aborted], watched),
    ...(options.reason !== undefined && { reason: options.reason }),
    startsAt: (options.startsAt ?? now).toISOString(),
    days: question.days,
    warnings: [],
  };
}

/**
 * What was live and what is to be. Of a release that deploys nothing both are what is live; where nobody can tell which
 * version that is, it is the manifest's.
 */
function sidesOf({ facts, observed, manifest, stack }: PlanQuestion): { from: PlanSide; to: PlanSide } {
  const from = sideBefore(facts, observed);
  if (stack === undefined) return { from, to: sideAfter(facts, observed, manifest) };
  const live = { ...from, version: from.version ?? manifest.version };
  return { from: live, to: live };
}

/** What of a step is not said by the contract's digest already. */
function decided({ id, action, does, precondition, timeoutSeconds, undo, people, tells }: PlanStep) {
  return [id, action, does, precondition, timeoutSeconds, undo, people, tells];
}

const digests = new WeakMap<Contract, string>();

/** A contract is a constant of the checkout; its digest is taken once. */
function digestOf(contract: Contract): string {
  const known = digests.get(contract);
  if (known !== undefined) return known;
  const digest = jsonDigest({ ...contract });
  digests.set(contract, digest);
  return digest;
}

function keysBefore({ tracks }: ReleaseFacts, observed: Observed): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tracks.flatMap(({ name }) => {
      const seen = observed[name];
      const key = seen?.live === undefined ? undefined : seen.keys[seen.live];
      return key === undefined ? [] : [[name, key] as const];
    }),
  );
}

function emergencyWatch(entries: readonly Entry[], types: readonly ReleaseType[]): number {
  if (!types.includes("emergency")) return 0;
  return emergencyPath(windowsOf(entries))?.watchSeconds ?? 0;
}

/** A question that compares with what was before a migration is asked before it as well, and its answer remembered. */
function withQuestionsBefore(
  steps: readonly BareStep[],
  entries: Readonly<Record<string, Entry>>,
): readonly BareStep[] {
  const first = steps.findIndex(({ entry, phase }) => {
    const named = entries[entry];
    return phase === "migrate" && named?.word === "step" && named.does.action === "migrate";
  });
  if (first < 0) return steps;
  const before = steps.filter(({ entry, phase }) => {
    const named = entries[entry];
    return (
      phase === "migrate" &&
      named?.word === "checkGate" &&
      named.check.provider === "inNetwork" &&
      named.check.comparedWith === "beforeMigration"
    );
  });
  const asked = before.map((step) => ({
    ...step,
    id: `${step.id}/before`,
    action: "remember what the database holds before the migration",
    observation: "the rows that the later answer is compared with",
  }));
  return [...steps.slice(0, first), ...asked, ...steps.slice(first)];
}

/** A rollback tells people while it runs: nothing waits for a message. */
function withMessages(steps: readonly PlanStep[], entries: readonly Entry[]): readonly PlanStep[] {
  const messages = entries.filter((entry) => entry.word === "notify" && entry.at === "rollback");
  const acts = steps.findIndex(({ does, phase }) => phase === "rollback" && does.as === "action");
  // Where only people are asked on the way back they hear of it with the first question.
  const first = acts >= 0 ? acts : steps.findIndex(({ phase }) => phase === "rollback");
  return steps.map((step, index) =>
    index === first ? { ...step, tells: [...step.tells, ...messages.map(({ name }) => name)] } : step,
  );
}

const alwaysNeeded: readonly Entry["word"][] = ["target", "window", "escalation", "followUp", "notify"];

function neededEntries(
  entries: readonly Entry[],
  steps: readonly PlanStep[],
  watched: Plan["watched"],
): Readonly<Record<string, Entry>> {
  const named = new Set([...steps.map(({ entry }) => entry), ...watched.map(({ entry }) => entry)]);
  // What follow-ups and gates of gates look at again belongs to it too.
  const further = entries.flatMap((entry) => {
    if (entry.word === "followUp" && entry.task.as === "gates") return entry.task.gates;
    const looks = entry.word === "checkGate" && named.has(entry.name) && entry.check.provider === "release";
    return looks && entry.check.provider === "release" ? (entry.check.gates ?? []) : [];
  });
  for (const name of further) named.add(name);
  return Object.fromEntries(
    entries
      .filter((entry) => named.has(entry.name) || alwaysNeeded.includes(entry.word) || isPostMortem(entry))
      .map((entry) => [entry.name, entry]),
  );
}

/** A manifest that was not read from a file is looked at here as well. */
function manifestRefusals({ manifest, contract, facts, stack }: PlanQuestion): readonly Refusal[] {
  const deploys = stack === undefined;
  return manifestFaults(manifest, { contract, facts, deploys }).map(({ key, received, allowed, mend }) => ({
    kind: "unfit-manifest",
    message: `${key || "the manifest"}: received ${received}; allowed: ${allowed}`,
    mend,
  }));
}

function migrationRefusals(
  { migration, version }: Manifest,
  types: readonly ReleaseType[],
  steps: readonly PlanStep[],
  entries: Readonly<Record<string, Entry>>,
): readonly Refusal[] {
  const deploys = steps.some(({ entry }) => {
    const named = entries[entry];
    return named?.word === "step" && named.does.action === "deploy";
  });
  if (migration?.kind !== "destructive" || !types.includes("migration") || !deploys) return [];
  return [
    {
      kind: "destructive-migration",
      message: `migration ${migration.names.join(", ")} is destructive, and ${version} is released with it: the version before, to which a rollback goes, could no longer work`,
      mend: "Release first a version that no longer needs what is taken away, with additive migrations; the destructive one in a later release of its own.",
    },
  ];
}

function emergencyRefusals(
  { system, entries }: Contract,
  types: readonly ReleaseType[],
  reason: string | undefined,
): readonly Refusal[] {
  const refuse = (message: string, mend: string): Refusal => ({ kind: "emergency", message, mend });
  if (!types.includes("emergency")) return [];
  const path = emergencyPath(windowsOf(entries));
  if (path === undefined)
    return [refuse(`the runbook of ${system} has no emergency path`, "Release on the normal path.")];
  if (reason?.trim()) return [];
  return [
    refuse(
      `an emergency release needs a reason; received ${reason === undefined ? "none" : JSON.stringify(reason)}`,
      `--emergency --reason TEXT; ${path.roles.join(" or ")} must approve, and a post-mortem follows.`,
    ),
  ];
}

/**
 * Who may send a release past windows and freezes must be asked by an approval: the window's own list asks nobody.
 *
 * @param entries that hold for the release
 */
function unaskedRefusals(
  { system }: Contract,
  types: readonly ReleaseType[],
  entries: readonly Entry[],
): readonly Refusal[] {
  const path = emergencyPath(windowsOf(entries));
  if (!types.includes("emergency") || path === undefined) return [];
  const asked = entries.some(
    (entry) =>
      entry.word === "approval" &&
      entry.during.includes("approve") &&
      entry.roles.every((role) => path.roles.includes(role)),
  );
  if (asked) return [];
  return [
    {
      kind: "emergency-unasked",
      message: `the emergency path of ${system} is for ${path.roles.join(" or ")} to allow, and no approval of its contract asks them alone`,
      mend: `Add an approval of releases ["emergency"] for these roles to runbooks/${system}/entries, or release on the normal path.`,
    },
  ];
}
