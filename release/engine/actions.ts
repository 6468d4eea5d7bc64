import { restoredSetting } from "../../runbooks/connection-secrets";
import type { TrackFacts } from "../../runbooks/release-facts";
import type { Entry } from "../../runbooks/vocabulary";
import type { Backup, DataContext, Restored } from "../data/data-adapter";
import type { PlanStep } from "../plan/plan";
import { forOneTry, type Strategy, type Timing } from "../strategies/strategy";
import { UserError } from "../user-error";
import { chosenBackup } from "./chosen-backup";
import { standingOfConfirmation } from "./confirmation";
import type { Diary } from "./diary";
import type { EngineParts, EntryOfWord } from "./parts";

type Step = EntryOfWord<"step">;
type Action<Name> = Extract<Step["does"], { action: Name }>;

export interface ActionContext {
  readonly parts: EngineParts;
  readonly diary: Diary;
  readonly data: DataContext;
  readonly fields: Readonly<Record<string, string>>;
  /** Aborted with the turn that the release takes, and with the limit. */
  readonly signal: AbortSignal;
  /** Aborted when the time of this try is over. What moves traffic is ended by nothing else: it is never left half done. */
  readonly limit: AbortSignal;
}

/** What was read back after traffic was moved, and what of the time the platform itself took. */
export interface Seen {
  readonly tracks: unknown;
  readonly platformMilliseconds: number;
}

/** Carries out one action of the closed set and returns what was read back. Repeated, it changes nothing. */
export async function act(step: PlanStep, entry: Step, context: ActionContext): Promise<unknown> {
  const { does } = entry;
  switch (does.action) {
    case "deploy":
      return deploy(does, context);
    case "traffic":
      return traffic(step, does, context);
    case "backup":
      return backUp(does, context);
    case "migrate":
      return context.parts.data(does.store).migrate(does, context.data);
    case "restore":
      return restore(does, context);
    case "scale":
      return scale(step, does, context);
    case "restart":
    case "purge":
    case "tag":
    case "workflow":
    case "write-record":
      return context.parts.other(entry, context.fields);
  }
}

/** Tracks that move the components named, in the plan's order. */
function tracksOf(
  { parts, diary, limit }: ActionContext,
  components: readonly string[],
): readonly Strategy[] {
  const names = diary.state.plan.facts.tracks
    .filter((track) => track.components.some((component) => components.includes(component)))
    .map(({ name }) => name);
  return names.map((name) => forOneTry(parts.strategies.get(name)!, limit));
}

/** Tracks with two sides: what has one only is deployed in place, and traffic does not choose. */
function movable({ parts, diary, limit }: ActionContext): readonly Strategy[] {
  return diary.state.plan.facts.tracks
    .filter(({ target }) => target.kind !== "staticSite")
    .map(({ name }) => forOneTry(parts.strategies.get(name)!, limit));
}

async function deploy(does: Action<"deploy">, context: ActionContext): Promise<unknown> {
  const { progress } = context.parts;
  for (const strategy of tracksOf(context, does.components)) {
    if (does.version === "previous") await strategy.revert(progress);
    else if (does.to === "inPlace") await strategy.promote(progress);
    else await strategy.deployIdle(progress, context.signal);
  }
  return positions(tracksOf(context, does.components));
}

async function traffic(step: PlanStep, does: Action<"traffic">, context: ActionContext): Promise<Seen> {
  const strategies = movable(context);
  const { progress } = context.parts;
  const timings: Timing[] = [];
  const each = async (all: readonly Strategy[], move: (strategy: Strategy) => Promise<Timing>) => {
    for (const strategy of all) timings.push(await move(strategy));
  };
  switch (does.move) {
    case "ramp": {
      if (step.does.as !== "weight") throw new Error(`${step.id} is a ramp without its weights`);
      const { percent } = step.does;
      await each(strategies, (strategy) => strategy.setTraffic(percent));
      break;
    }
    case "switch":
      await each(strategies, (strategy) => strategy.promote(progress));
      break;
    case "back":
      if (context.diary.state.reopened !== undefined) await readyFormer(context);
      await each([...strategies].reverse(), (strategy) => strategy.revert(progress));
      break;
    case "warmUp":
      await each(strategies, (strategy) => strategy.warmUp(does.requests!));
      break;
    case "stop":
    case "start":
      await each(strategies, (strategy) => strategy.serve(does.move === "start"));
      break;
  }
  const platformMilliseconds = timings.reduce((sum, timing) => sum + timing.platformMilliseconds, 0);
  return { tracks: await positions(strategies), platformMilliseconds };
}

/**
 * After the end nothing has kept the former sides ready: all are scaled up at once, and none gets traffic before all can,
 * since a system half of which has gone back could neither go on nor stay. It stands with the traffic, whatever a step before
 * it did: that one may be missing, or over before pods were there or were taken away again. During a release the first side
 * to be back is worth more.
 *
 * @throws UserError, retriable, with what is missing where
 */
async function readyFormer(context: ActionContext): Promise<void> {
  const { from, facts } = context.diary.state.plan;
  const tracks = facts.tracks.filter(({ target }) => target.kind !== "staticSite");
  // All have ended before anything is thrown: no write of this try comes after it.
  const ends = await Promise.allSettled(tracks.map((track) => missingOfFormer(track, context)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const missing = ends.flatMap((end) => (end.status === "fulfilled" ? (end.value ?? []) : []));
  if (missing.length === 0) return;
  throw new UserError(
    `${from.version ?? "the version before"} is not ready everywhere: ${missing.join("; ")}`,
    { retriable: true },
  );
}

/**
 * Scales the former side of a track up where it is not ready, and waits for it. Sites have no pods: what does not answer
 * there is waited for by the next try. Nothing moves here, so that the release's turn ends it as the limit does.
 *
 * @returns what is still missing, in words; undefined for nothing
 */
async function missingOfFormer(track: TrackFacts, context: ActionContext): Promise<string | undefined> {
  const { parts, diary, signal } = context;
  const { name, components, target } = track;
  const strategy = forOneTry(parts.strategies.get(name)!, signal);
  const look = async () => {
    const { candidatePercent, liveReady, why } = await strategy.observe();
    return candidatePercent === 0 || liveReady ? undefined : [name, ...why].join(": ");
  };
  const before = await look();
  const former = diary.state.plan.from.sides[name];
  if (before === undefined || target.kind === "slots" || former === undefined) return before;
  parts.progress(`${former} of ${components.join(", ")} is scaled up before any traffic goes back`);
  try {
    await strategy.scale(former, components, "declared", { goesBack: true });
  } catch (error) {
    if (!(error instanceof UserError && error.retriable)) throw error;
    return `${before}: ${error.message}`;
  }
  return look();
}

async function scale(step: PlanStep, does: Action<"scale">, context: ActionContext): Promise<unknown> {
  const { plan } = context.diary.state;
  const sides = does.side === "idle" ? plan.to.sides : plan.from.sides;
  const tracks = plan.facts.tracks.filter(
    ({ name, components }) =>
      sides[name] !== undefined && components.some((component) => does.components.includes(component)),
  );
  const strategies = tracks.map(({ name }) => forOneTry(context.parts.strategies.get(name)!, context.limit));
  // One after the other, in the contract's order: the same release does the same whatever struck it.
  for (const [index, { name, components }] of tracks.entries()) {
    const meant = components.filter((component) => does.components.includes(component));
    await strategies[index]!.scale(sides[name]!, meant, does.to, {
      stopsServing: step.phase === "restore",
      goesBack: does.side === "old",
    });
  }
  return positions(strategies);
}

async function positions(strategies: readonly Strategy[]): Promise<unknown> {
  const seen = await Promise.all(strategies.map((strategy) => strategy.observe()));
  return seen.map(({ sighting, candidatePercent, candidateReady, candidateVersion }) => ({
    traffic: sighting.traffic,
    candidatePercent,
    candidateReady,
    ...(candidateVersion !== undefined && { candidateVersion }),
  }));
}

async function backUp(does: Action<"backup">, { parts, data, fields }: ActionContext): Promise<unknown> {
  const adapter = parts.data(does.store);
  const { backups } = data.facts.stores[does.store] ?? {};
  const place: Record<string, string> = backups === undefined ? {} : { storageAccount: backups.accountName };
  const recordedAs = fill(does.recordedAs, { ...fields, ...place });
  const backup = await adapter.backup({ recordedAs, ...(does.task && { task: does.task }) }, data);
  return { backup, proof: await adapter.prove(backup, does.verifiedBy, data) };
}

async function restore(does: Action<"restore">, context: ActionContext): Promise<unknown> {
  const { parts, data, diary } = context;
  const adapter = parts.data(does.store);
  const standing = await standingOfConfirmation(does, context);
  if (!("confirmation" in standing)) {
    throw new UserError(standing.why, {
      mend: `switchyard release confirm ${diary.state.plan.system} --role ${standing.missing[0]} --reason TEXT`,
    });
  }
  const { confirmation } = standing;
  const told = (restored: Restored) => {
    parts.progress(
      `${does.store} is restored to ${restored.target}, which ${restored.switchedSecret} names now; what was there before stays as it is`,
    );
    const setting = restoredSetting(diary.state.plan.system);
    if (setting !== undefined)
      parts.progress(`before its next update the stack's file has to say ${setting}: ${restored.target}`);
    return restored;
  };
  if (does.from === "recordedBackup") {
    const backup = chosenBackup(diary, does.store) ?? backupOf(diary, does.store);
    parts.progress(`${does.store} goes back to the backup ${backup.recordedAs} of ${backup.at}`);
    return told(await adapter.restore({ backup }, confirmation, data));
  }
  const { minutesBeforeRelease: minutes } = does;
  const pointInTime =
    minutes === undefined
      ? await beforeAnyChange(context)
      : new Date(Date.parse(diary.state.startedAt) - minutes * 60_000);
  return told(await adapter.restore({ pointInTime }, confirmation, data));
}

/**
 * When the release was about to change something for the first time: the stack, or to migrate, or to deploy what writes to
 * the data. What was written before stays, however long the release had waited for people.
 */
async function beforeAnyChange({ parts, diary }: ActionContext): Promise<Date> {
  const { plan, startedAt } = diary.state;
  const changing = plan.steps.filter(({ entry: name }) => {
    const entry = plan.entries[name];
    return isStep(entry) && ["workflow", "migrate", "deploy", "traffic"].includes(entry.does.action);
  });
  const first = (await parts.journal.read()).find(
    ({ entry }) => entry.kind === "intent" && changing.some(({ id }) => id === entry.step),
  );
  return new Date(first?.at ?? startedAt);
}

/** The backup that this release made and proved. */
function backupOf({ state }: Diary, store: string): Backup {
  for (const { seen } of state.done.values()) {
    const backup = (seen as { backup?: Backup } | null)?.backup;
    if (backup?.store === store) return backup;
  }
  throw new UserError(`release ${state.release} made no backup of ${store}`, {
    mend: "restore from an older one by hand: the playbook of the system names where they are",
  });
}

/** Text with its fields in braces filled in. @throws UserError for a field that nobody knows */
export function fill(template: string, fields: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_braces, field: string) => {
    const value = fields[field];
    if (value === undefined)
      throw new UserError(`${JSON.stringify(template)} wants ${field}, which is not known`);
    return value;
  });
}

export function isStep(entry: Entry | undefined): entry is Step {
  return entry?.word === "step";
}
