import { UserError } from "../../local/user-error";
import { begin, NeverBegan, takeUp } from "../../release/engine/take-up";
import type { HeldLease } from "../../release/journal/journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { Plan } from "../../release/plan/plan";
import { planSeconds } from "../../release/plan/plan-seconds";
import { versionWords } from "../../release/plan/plan-sides";
import { durationWords } from "../../release/plan/words";
import { trainsName } from "../../release/train/train";
import { UserError as RetriableError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { OnHold, Refused } from "../exit";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { UnusableSettings } from "../stack-settings";
import { conclude } from "./conclude";
import { systemsNamed } from "./contract-named";
import { deployFirstVersion } from "./first-version";
import { journalStoreOf } from "./journal-store";
import { exampleName } from "./load-manifest";
import { type LoadedSystem, loadRelease, loadSystem } from "./load-release";
import { type LoadedPlan, planFor, refuse } from "./plan-for";
import type { PlanningOptions } from "./planning-options";
import { progressLines } from "./progress-lines";
import { releaseId } from "./release-id";
import { holderName } from "./release-process";
import { noteBegun } from "./scheduled";
import { requireSettingsToGoOn } from "./settings-to-go-on";
import { openRelease, tellRelease, waitsUnattended } from "./tell-release";
import { resumeTrain } from "./train/start-train";
import { trainOf } from "./train/train-journal";
import { withUsersNeeded } from "./users-needed";
import { walkRelease } from "./walk-release";

/** What of a release decides its process, whether it begins or goes on. */
export interface RunningOptions {
  /** Seconds of the runbook in one second. @default 1, and for a release that is taken up that of its start */
  readonly speed?: number;
  readonly wait: boolean;
  /** On dev, whose systems have no users: requests a second that are sent as theirs; 0 for none. */
  readonly users: number;
  /** Traffic is to go back: nothing is waited for before. @default false */
  readonly urgent?: boolean;
}

export interface StartOptions extends PlanningOptions, RunningOptions {
  /** Digest of the plan that was read; another one is not started. */
  readonly plan?: string;
}

/** Plans a release and walks it. */
export async function start(context: CommandContext, system: string, options: StartOptions): Promise<void> {
  const { stack, speed = 1 } = options;
  requireRehearsalOnDev(stack, speed);
  const { release: loaded, planned } = await planForStart(context, system, options, speed);
  if ("refusals" in planned) return refuse(context, system, planned.refusals, "text");
  const { plan } = planned;
  requireReadPlan(plan, options.plan, system, planOptions(options));
  const by = actorOf(process.env).name;
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const release = releaseId(plan.manifest, new Date());
  const { lease } = await begin(store, { release, plan, holder: holderName(), by, speed });
  await noteBegun(store, plan, { release, by }, context.say);
  const lines = progressLines(context);
  const { planned: seconds } = planSeconds(plan.steps);
  lines(
    `release ${release}: ${system} ${versionWords(plan)} on ${stack}, planned ${durationWords(Math.round(seconds / speed))}, by ${by}`,
  );
  for (const warning of plan.warnings) lines(`note: ${warning}`);
  await walkOn(context, { loaded, store, lease, lines, options, speed });
}

/** On dev the example needs a version to go back to, which a site that was only just made does not have. */
async function planForStart(
  context: CommandContext,
  system: string,
  options: StartOptions,
  speed: number,
): Promise<LoadedPlan> {
  const requestsPerSecond =
    options.requestsPerSecond ?? (options.users > 0 ? options.users / speed : undefined);
  const known = { ...options, ...(requestsPerSecond !== undefined && { requestsPerSecond }) };
  if (options.to === exampleName && isLocalStack(options.stack)) {
    const release = await loadRelease(context, { system, stack: options.stack });
    await deployFirstVersion(context, release);
  }
  const loaded = await planFor(context, system, known, true);
  return { ...loaded, planned: withUsersNeeded(loaded.planned, options, speed) };
}

interface WalkArgs {
  readonly loaded: LoadedSystem;
  readonly store: VerifiableStore;
  readonly lease: HeldLease;
  readonly lines: (line: string) => void;
  readonly options: RunningOptions;
  readonly speed: number;
}

/**
 * Runs a release to where it ends or waits, and says so.
 *
 * @throws Refused when it does not become live, or with `urgent` when it does not go back; OnHold while it waits
 */
export async function walkOn(
  context: CommandContext,
  { loaded, store, lease, lines, options, speed }: WalkArgs,
): Promise<void> {
  const { wait: waits, users, urgent = false } = options;
  const result = await walkRelease(context, {
    loaded,
    store,
    lease,
    speed,
    users,
    urgent,
    waits,
    progress: lines,
  });
  const { system } = loaded.contract;
  conclude(context, {
    what: `release ${lease.release}`,
    name: system,
    stack: loaded.stack,
    systems: [system],
    wanted: urgent ? "back" : "live",
    result,
  });
}

/** A person's word to a release: what holds it is looked at again, and where no process runs it, this one takes it up. */
export async function resume(
  context: CommandContext,
  system: string,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  const opened = await openRelease(context, system, { stack });
  await requireSettingsToGoOn(context.workspace, stack, opened.store, { system, release: opened.release });
  if (waitsUnattended(opened)) await tellRelease(context, system, "resume", { stack });
  await takeUpRelease(context, system, options);
}

/** Takes up a release that no process runs any more; what only a person can say, it waits for. */
export async function takeUpRelease(
  context: CommandContext,
  system: string,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  requireRehearsalOnDev(stack, options.speed ?? 1);
  const loaded = await loadSystem(context, { system, stack });
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const before = await store.lease(system);
  const train = before && (await trainWith(context, store, system, before.release));
  if (train !== undefined && !(await runsElsewhere(store, train, system)))
    return resumeTrain(context, options);
  let taken: Awaited<ReturnType<typeof takeUp>>;
  try {
    taken = await takeUp(store, system, holderName());
  } catch (error) {
    const isHeld = error instanceof RetriableError && error.retriable && options.urgent !== true;
    if (!isHeld || !(await waitsForWord(context, system, stack))) throw error;
    context.out(await tellRelease(context, system, "resume", { stack }));
    return;
  }
  const { lease, from, speed: begun } = taken;
  const lines = progressLines(context);
  lines(`release ${lease.release} of ${system} is taken up (before: ${from})`);
  await walkOn(context, { loaded, store, lease, lines, options, speed: options.speed ?? begun });
}

/** Whether the process that runs a release is on hold, and goes on when it is told to. */
async function waitsForWord(context: CommandContext, system: string, stack: string): Promise<boolean> {
  const { state } = await openRelease(context, system, { stack });
  return state.held !== undefined;
}

/** The train that is under way and has this release: its process must be that of the others as well. */
async function trainWith(
  context: CommandContext,
  store: VerifiableStore,
  system: string,
  release: string,
): Promise<string | undefined> {
  try {
    return await trainOf(store, system, release);
  } catch (error) {
    if (!(error instanceof RetriableError)) throw error;
    // What is wrong with the train's journal keeps no release from going on, or back.
    context.say(`it is not known whether ${release} is of a train: ${error.message}`);
    return undefined;
  }
}

/**
 * Whether a process runs the train: it is then told what the release waits for, as it is for a release alone.
 * @throws UserError when the release is in no process: the train takes it up once it stands still
 */
async function runsElsewhere(store: VerifiableStore, train: string, system: string): Promise<boolean> {
  const [own, of] = [await store.lease(system), await store.lease(trainsName)];
  const runs = (lease: typeof own) => lease !== undefined && !lease.isOver;
  if (!runs(of)) return false;
  if (runs(own)) return true;
  throw new RetriableError(`${system} waits in train ${train}, which ${of?.holder} runs`, {
    mend: "npx switchyard release status train says where it stands; once nothing moves in it, release resume train goes on.",
    retriable: true,
  });
}

/** Takes up whatever was left by its process, system after system; one that waits or goes back keeps none of the others. */
export async function resumeAll(
  context: CommandContext,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const ends: (Refused | OnHold | UnusableSettings)[] = [];
  let taken = 0;
  // A train takes up its releases itself: they are asked for after it.
  for (const system of [trainsName, ...systemsNamed(undefined)]) {
    const lease = await store.lease(system);
    if (lease === undefined || !lease.isOver) continue;
    if (system !== trainsName && (await trainWith(context, store, system, lease.release))) continue;
    taken++;
    try {
      await requireSettingsToGoOn(context.workspace, stack, store, { system, release: lease.release });
      await (system === trainsName ? resumeTrain(context, options) : takeUpRelease(context, system, options));
    } catch (error) {
      const isEnd = error instanceof Refused || error instanceof OnHold || error instanceof UnusableSettings;
      if (!isEnd && !(error instanceof NeverBegan)) throw error;
      context.say(error.message);
      if (isEnd) ends.push(error);
    }
  }
  if (taken === 0) context.out(`no release on ${stack} was left by its process\n`);
  // A wait is no failure of the one who looks after all of them; a release that went back is, or could not go on.
  const refused = ends.find((end) => !(end instanceof OnHold));
  if (refused !== undefined) throw refused;
}

function requireReadPlan(plan: Plan, read: string | undefined, system: string, options: string): void {
  if (read === undefined || plan.digest === read || plan.digest.startsWith(read)) return;
  throw new UserError(`The plan is another one now: ${plan.digest}; received --plan ${read}.`, {
    mend: `Read it again: npx switchyard release plan ${system}${options}.`,
  });
}

/** What of the options decides which plan it is. */
function planOptions({ to, alone, infrastructure, stack }: StartOptions): string {
  return [
    alone ? " --type infrastructure" : infrastructure ? " --type full" : "",
    to === undefined ? "" : ` --to ${to}`,
    isLocalStack(stack) ? "" : ` --stack ${stack}`,
  ].join("");
}

/** @throws UserError for fast motion elsewhere than on dev */
export function requireRehearsalOnDev(stack: string, speed: number): void {
  if (speed === 1 || isLocalStack(stack)) return;
  throw new UserError(
    `A rehearsal in fast motion is for dev; received --speed ${speed} for stack ${stack}.`,
    {
      mend: "Leave --speed out: holds and windows last as long as the runbook says.",
    },
  );
}
