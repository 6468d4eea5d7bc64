import { randomBytes } from "node:crypto";
import { UserError } from "../../local/user-error";
import type { RunResult } from "../../release/engine/run";
import { stateOf } from "../../release/engine/state";
import { journalFormat } from "../../release/journal/entry";
import type { HeldLease } from "../../release/journal/journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { Plan } from "../../release/plan/plan";
import { planSeconds } from "../../release/plan/plan-seconds";
import { durationWords } from "../../release/plan/words";
import type { CommandContext } from "../context";
import { OnHold, Refused } from "../exit";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { deployFirstVersion } from "./first-version";
import { journalStoreOf } from "./journal-store";
import { exampleName } from "./load-manifest";
import { type LoadedSystem, loadRelease, loadSystem, systemsNamed } from "./load-release";
import { type LoadedPlan, planFor, refuse } from "./plan-for";
import type { PlanningOptions } from "./planning-options";
import { progressLines } from "./progress-lines";
import { holderName, runRelease } from "./release-process";
import { playUsers, usersWords } from "./users";

/** As the stack's PodMonitors have it. */
const usualScrapeSeconds = 15;

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
  requireReadPlan(plan, options.plan, system, options.to);
  const by = actorOf(process.env).name;
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const release = releaseId(plan, new Date());
  const lease = await store.acquire(system, release, holderName());
  const lines = progressLines(context);
  try {
    await store.open(system, release, lease).append({
      kind: "started",
      format: journalFormat,
      release,
      by,
      ...(plan.reason !== undefined && { reason: plan.reason }),
      ...(speed !== 1 && { speed }),
      plan: JSON.parse(JSON.stringify(plan)),
    });
  } catch (error) {
    await lease.giveBack().catch(() => undefined);
    throw error;
  }
  const { planned: seconds } = planSeconds(plan.steps);
  lines(
    `release ${release}: ${system} ${plan.from.version ?? "(unknown)"} -> ${plan.to.version ?? ""} on ${stack}, planned ${durationWords(Math.round(seconds / speed))}, by ${by}`,
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
  return planFor(context, system, known);
}

interface WalkArgs {
  readonly loaded: LoadedSystem;
  readonly store: VerifiableStore;
  readonly lease: HeldLease;
  readonly lines: (line: string) => void;
  readonly options: RunningOptions;
  readonly speed: number;
}

/** Runs a release to where it ends or waits, on dev with users. */
async function walkOn(
  context: CommandContext,
  { loaded, store, lease, lines, options, speed }: WalkArgs,
): Promise<void> {
  const { contract, facts, stack } = loaded;
  const { wait, users, urgent = false } = options;
  const playing =
    users > 0 && isLocalStack(stack)
      ? playUsers(contract, facts, context.workspace.stateDir, users)
      : undefined;
  const measuring = startPrometheusFor(context, loaded, speed);
  if (urgent) void measuring.catch((error: Error) => lines(`gates see no Prometheus: ${error.message}`));
  else await measuring;
  let result: RunResult;
  try {
    result = await runRelease(context, { loaded, store, lease, speed, waits: wait, progress: lines });
  } finally {
    if (playing !== undefined) lines(usersWords(await playing.stop()));
  }
  conclude(context, { system: contract.system, stack, release: lease.release, result });
}

/** On dev a Prometheus scrapes the pods, as often as the rehearsal is faster than life. */
async function startPrometheusFor(
  context: CommandContext,
  { contract, stack }: LoadedSystem,
  speed: number,
): Promise<void> {
  const asked = contract.entries.some(
    (entry) =>
      entry.on.includes("dev") && entry.word === "metricGate" && entry.measurement.provider === "prometheus",
  );
  if (!asked || !isLocalStack(stack)) return;
  const { startLocalPrometheus } = await import("../engine/prometheus.js");
  await startLocalPrometheus(context, { speed, scrapeSeconds: Math.max(usualScrapeSeconds / speed, 0.5) });
}

/** Takes up a release that no process runs any more. */
export async function resume(
  context: CommandContext,
  system: string,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  requireRehearsalOnDev(stack, options.speed ?? 1);
  const loaded = await loadSystem(context, { system, stack });
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const before = await store.lease(system);
  const lease = await store.takeOver(system, holderName());
  const lines = progressLines(context);
  const journal = store.open(system, lease.release, lease);
  const { speed: begun } = stateOf(await journal.read());
  await journal.append({
    kind: "takenOver",
    by: lease.holder,
    epoch: lease.epoch,
    from: before?.holder ?? "nobody",
  });
  lines(`release ${lease.release} of ${system} is taken up (before: ${before?.holder ?? "nobody"})`);
  await walkOn(context, { loaded, store, lease, lines, options, speed: options.speed ?? begun });
}

/** Takes up whatever was left by its process, system after system; one that waits or goes back keeps none of the others. */
export async function resumeAll(
  context: CommandContext,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const ends: (Refused | OnHold)[] = [];
  let taken = 0;
  for (const system of systemsNamed(undefined)) {
    const lease = await store.lease(system);
    if (lease === undefined || Date.parse(lease.expiresAt) > Date.now()) continue;
    taken++;
    try {
      await resume(context, system, options);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof OnHold)) throw error;
      context.say(error.message);
      ends.push(error);
    }
  }
  if (taken === 0) context.out(`no release on ${stack} was left by its process\n`);
  // A wait is no failure of the one who looks after all of them; a release that went back is.
  const refused = ends.find((end) => end instanceof Refused);
  if (refused !== undefined) throw refused;
}

/** Says how it ended; whatever did not become live is not a success. */
function conclude(
  context: CommandContext,
  { system, stack, release, result }: { system: string; stack: string; release: string; result: RunResult },
): void {
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  if (result.end === "finished") {
    context.out(`finished: ${result.why}\n`);
    return;
  }
  if (result.end === "waiting") {
    context.out(`waiting: ${result.why}\n`);
    context.say(`npx switchyard release status ${system}${on}    what is waited for, and how it is given`);
    context.say(`npx switchyard release resume ${system}${on}    goes on once it is there`);
    throw new OnHold(`release ${release} waits: nothing moves until somebody goes on with it`);
  }
  const words = { rolledBack: "rolled back", refused: "refused", aborted: "aborted" } as const;
  context.out(`${words[result.end]}: ${result.why}\n`);
  throw new Refused(
    `error: release ${release} was ${words[result.end]}; npx switchyard release explain ${system}${on} says why`,
  );
}

/** `20261121-160512-3f9c`: sorts by time, and two that start in one second differ. */
function releaseId({ manifest }: Plan, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const version = manifest.version.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
  return `${stamp}-${version.slice(0, 20)}-${randomBytes(2).toString("hex")}`;
}

function requireReadPlan(plan: Plan, read: string | undefined, system: string, to: string): void {
  if (read === undefined || plan.digest === read || plan.digest.startsWith(read)) return;
  throw new UserError(`The plan is another one now: ${plan.digest}; received --plan ${read}.`, {
    mend: `Read it again: npx switchyard release plan ${system} --to ${to}.`,
  });
}

function requireRehearsalOnDev(stack: string, speed: number): void {
  if (speed === 1 || isLocalStack(stack)) return;
  throw new UserError(
    `A rehearsal in fast motion is for dev; received --speed ${speed} for stack ${stack}.`,
    {
      mend: "Leave --speed out: holds and windows last as long as the runbook says.",
    },
  );
}
