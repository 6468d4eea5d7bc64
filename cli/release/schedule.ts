import { UserError } from "../../local/user-error";
import type { JournalStore } from "../../release/journal/journal";
import { teller } from "../../release/messages/tell";
import type { Plan } from "../../release/plan/plan";
import type { Planned } from "../../release/plan/planner";
import { isOfStackAlone, releaseTypes } from "../../release/plan/selection";
import type { ScheduleBook } from "../../release/schedule/book";
import { dueNews } from "../../release/schedule/due";
import { isEmergency, judgeSchedule } from "../../release/schedule/judge";
import { isOpen, type ScheduleState } from "../../release/schedule/state";
import { type Telling, type ToldNews, tellDue } from "../../release/schedule/tell-due";
import { UserError as RetriableError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { Refused, UsageError } from "../exit";
import { actorOf } from "../records/actor";
import { requireUsableSettings } from "../stack-settings";
import { broughtBy, withCommits } from "./commits";
import { systemsNamed } from "./contract-named";
import { journalStoreOf } from "./journal-store";
import { knownFields } from "./known-fields";
import { type LoadedSystem, loadRelease, loadSystem } from "./load-release";
import { loadCandidate, planAlone, planOf, refuse } from "./plan-for";
import type { PlanningOptions } from "./planning-options";
import { stampedId } from "./release-id";
import { scheduleBook, scheduledOn } from "./scheduled";
import { scheduleDocument, scheduleText } from "./show-schedule";
import { decryptedBy, settingOf } from "./stack-setting";

export interface ScheduleOptions extends Omit<PlanningOptions, "to"> {
  readonly to?: string;
  readonly move?: Date;
  readonly format: "text" | "json";
  /** What is asked for, by the option that was given. @default list */
  readonly asks?: "plan" | "list" | "move" | "cancel" | "send-due";
}

/** What the forms of the command share. */
export interface Session {
  readonly context: CommandContext;
  readonly stack: string;
  readonly store: JournalStore;
  readonly by: string;
}

/** Schedules a release, or says, moves, cancels or announces what is scheduled. */
export async function schedule(
  context: CommandContext,
  system: string | undefined,
  options: ScheduleOptions,
): Promise<void> {
  const { stack, asks = "list", at, to } = options;
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const session: Session = { context, stack, store, by: actorOf(process.env).name };
  if (asks !== "plan" && (at !== undefined || to !== undefined))
    throw new UsageError("--to and --at are of a release that is scheduled anew.", {
      mend: "--move TIME is for another time; one of --to, --list, --move, --cancel and --send-due is given.",
    });
  if (asks === "list") return list(session, system, options.format);
  if (asks === "send-due") return sendDue(session, system);
  const [named] = system === undefined ? [] : systemsNamed(system);
  if (named === undefined)
    throw new UsageError("Which system is it? Received none.", {
      mend: "npx switchyard release schedule SYSTEM …, such as kirana-store.",
    });
  if (asks === "plan" && at === undefined) throw noTime(named, options);
  // What would refuse its start is known today.
  if (asks === "plan" || asks === "move") requireUsableSettings(context.workspace, stack);
  if (asks === "plan" && at !== undefined) return planSchedule(session, named, { ...options, at });
  const open = await scheduledOn(store, named);
  if (open === undefined)
    throw new UserError(`No release of ${named} is scheduled on ${stack}.`, {
      mend: `npx switchyard release schedule ${named} --to MANIFEST --at TIME schedules one, or --type infrastructure.`,
    });
  if (asks === "move") return move(session, open, options);
  return cancel(session, open, options.reason);
}

function noTime(system: string, { alone = false, to }: ScheduleOptions): UsageError {
  const what = [alone ? " --type infrastructure" : "", to === undefined ? "" : ` --to ${to}`].join("");
  return new UsageError("A release is scheduled for a time; received none.", {
    mend: `npx switchyard release schedule ${system}${what} --at 2026-11-24T18:00:00Z`,
  });
}

async function planSchedule(
  session: Session,
  system: string,
  { to, ...options }: ScheduleOptions & { readonly at: Date },
): Promise<void> {
  const { context, stack } = session;
  if (options.alone === true) {
    const { planned } = await planAlone(context, { system, stack }, { ...options, ...(to && { to }) });
    return announce(session, system, planned, options.requestsPerSecond);
  }
  if (to === undefined) throw new Error("chosenOptions lets no release with a candidate pass without one");
  const { release: loaded, manifest } = await loadCandidate(context, { system, stack, to });
  const types = releaseTypes(manifest, options);
  const planned = planOf(loaded, manifest, { ...options, types });
  await announce(session, system, planned, options.requestsPerSecond);
}

/**
 * Keeps a plan for its time, and tells whoever is to be told at once.
 * @throws Refused with everything that stands against it; UserError when a release is scheduled already
 */
export async function announce(
  session: Session,
  system: string,
  planned: Planned,
  requestsPerSecond?: number,
): Promise<void> {
  const plan = requirePlan(session, system, planned);
  const book = scheduleBook(session.store, system);
  const id = `scheduled-${stampedId(new Date())}`;
  await book.begin({
    event: "planned",
    schedule: id,
    by: session.by,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    plan: JSON.parse(JSON.stringify(plan)),
  });
  await tellNow(session, book, id);
}

/** Planned anew, as of the other time. */
async function move(session: Session, open: ScheduleState, options: ScheduleOptions): Promise<void> {
  const { context, stack } = session;
  const { plan: before, requestsPerSecond } = open;
  const { system, manifest, types, reason } = before;
  const choices = {
    ...(options.move !== undefined && { at: options.move }),
    ...(reason !== undefined && { reason }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  };
  const planned = isOfStackAlone(before)
    ? (
        await planAlone(
          context,
          { system, stack },
          { ...options, ...choices, emergency: isEmergency(before), manifest },
        )
      ).planned
    : planOf(await loadRelease(context, { system, stack }), manifest, { ...choices, types });
  await announceMove(session, open, planned, options.reason);
}

/**
 * The same of a release that is scheduled: who was told of the old time hears of it at once.
 * @throws Refused with everything that stands against it; UserError when it has begun or was cancelled
 */
export async function announceMove(
  session: Session,
  open: ScheduleState,
  planned: Planned,
  reason?: string,
): Promise<void> {
  const { system } = open.plan;
  const plan = requirePlan(session, system, planned);
  const book = scheduleBook(session.store, system);
  await book.hold(open.schedule, async ({ state, write }) => {
    requireOpen(state);
    await write({
      event: "moved",
      by: session.by,
      ...(reason !== undefined && { reason }),
      plan: JSON.parse(JSON.stringify(plan)),
    });
  });
  await tellNow(session, book, open.schedule);
}

async function cancel(session: Session, open: ScheduleState, reason: string | undefined): Promise<void> {
  const { store, by } = session;
  const { system } = open.plan;
  const book = scheduleBook(store, system);
  await book.hold(open.schedule, async ({ state, write }) => {
    requireOpen(state);
    await write({ event: "cancelled", by, ...(reason !== undefined && { reason }) });
  });
  await tellNow(session, book, open.schedule);
}

function requireOpen(state: ScheduleState): void {
  if (isOpen(state)) return;
  throw new UserError(`Release ${state.plan.manifest.version} has begun or was cancelled meanwhile.`, {
    mend: `npx switchyard release schedule ${state.plan.system} --list`,
  });
}

/** @throws Refused with everything that stands against the time, the planner's and that of what is to be told before */
function requirePlan({ context }: Session, system: string, planned: Planned): Plan {
  if ("refusals" in planned) return refuse(context, system, planned.refusals, "text");
  const { plan } = planned;
  const { refusals, warnings } = judgeSchedule(plan, new Date());
  if (refusals.length > 0) return refuse(context, system, refusals, "text");
  for (const warning of [...plan.warnings, ...warnings]) context.say(`note: ${warning}`);
  return plan;
}

/** Who is told as soon as it is known; what could not be delivered is tried again, and stops nothing. */
async function tellNow(session: Session, book: ScheduleBook, id: string): Promise<void> {
  const { context, stack } = session;
  const { state, tried } = await tellDue(book, id, tellingBy(session, book.system, true));
  context.out(scheduleText(state, stack, new Date()));
  if (tried.some(({ delivered }) => !delivered))
    context.say("what was not delivered, release schedule --send-due tells again");
}

/** Tells whoever is to be told by now; what is wrong with one system keeps nobody of another from being told. */
async function sendDue(session: Session, system: string | undefined): Promise<void> {
  const { context, stack, store } = session;
  const failed: string[] = [];
  let told = 0;
  const next: Date[] = [];
  for (const name of systemsNamed(system)) {
    try {
      const done = await sendDueOf(session, scheduleBook(store, name), system !== undefined);
      const undelivered = done.tried.filter(({ delivered }) => !delivered);
      told += done.tried.length - undelivered.length;
      failed.push(...undelivered.map(({ title, why }) => `${name}: ${title}: ${why}`));
      next.push(...done.next);
    } catch (error) {
      context.signal.throwIfAborted();
      failed.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const [first] = next.sort((left, right) => left.getTime() - right.getTime());
  const after = first === undefined ? "nothing more is due" : `the next is due at ${first.toISOString()}`;
  context.out(`${told} told on ${stack}, ${after}\n`);
  if (failed.length > 0) throw new Refused(`error: ${failed.join("; ")}`);
}

/** @param insists what could not be delivered is tried again at once */
async function sendDueOf(
  session: Session,
  book: ScheduleBook,
  insists: boolean,
): Promise<{ readonly tried: readonly ToldNews[]; readonly next: readonly Date[] }> {
  const { system } = book;
  const tried: ToldNews[] = [];
  const next: Date[] = [];
  // One that began and could not write it down is told by its release.
  await book.settle();
  for (const state of await book.newest()) {
    const [first] = dueNews(state, new Date(), insists);
    if (first === undefined) continue;
    const done = await tellDue(book, state.schedule, tellingBy(session, system, insists));
    tried.push(...done.tried);
    if (done.next !== undefined) next.push(done.next);
  }
  return { tried, next };
}

function tellingBy({ context, stack, store }: Session, system: string, insists: boolean): Telling {
  const { workspace, signal } = context;
  const now = () => new Date();
  // The stack is asked for its addresses once somebody is told.
  let loading: Promise<LoadedSystem> | undefined;
  return {
    now,
    insists,
    progress: context.say,
    async tell({ schedule: release, plan: { manifest } }, entry, fields) {
      loading ??= loadSystem(context, { system, stack });
      const loaded = await loading.catch((error: unknown) => {
        if (error instanceof UserError || error instanceof RetriableError) return error.message;
        throw error;
      });
      if (typeof loaded === "string") return { holds: false, why: `not told: ${loaded}` };
      const changes = async () =>
        withCommits(
          fields.changes ?? "",
          await broughtBy({ store, system, releaseId: release, manifest, folder: workspace.root }),
        );
      return teller({
        surroundings: loaded.surroundings,
        facts: loaded.facts,
        release,
        setting: settingOf(workspace, stack, decryptedBy(context, stack)),
        moreFields: async () => ({
          ...knownFields({ workspace, stack, system, user: process.env }),
          changes: await changes(),
        }),
        now,
        signal,
      })(entry, fields);
    },
  };
}

async function list(
  { context, stack, store }: Session,
  system: string | undefined,
  format: "text" | "json",
): Promise<void> {
  const now = new Date();
  const found: ScheduleState[] = [];
  for (const name of systemsNamed(system)) {
    const open = await scheduledOn(store, name);
    if (open !== undefined) found.push(open);
    // Cancelled ones that somebody still has to hear of.
    for (const state of await scheduleBook(store, name).newest())
      if (state.cancelled !== undefined && dueNews(state, now).length > 0) found.push(state);
  }
  if (format === "json") {
    const scheduled = found.map((state) => scheduleDocument(state, now));
    context.out(`${JSON.stringify({ stack, scheduled }, undefined, 2)}\n`);
    return;
  }
  context.out(
    found.map((state) => scheduleText(state, stack, now)).join("") || `nothing is scheduled on ${stack}\n`,
  );
}
