import { systemClock } from "../../release/engine/system-clock";
import type { JournalStore } from "../../release/journal/journal";
import type { Plan } from "../../release/plan/plan";
import type { Planned } from "../../release/plan/planner";
import { withAnnouncedStart } from "../../release/schedule/announced-start";
import { ScheduleBook } from "../../release/schedule/book";
import {
  isEmergency,
  isScheduled,
  judgeStart,
  type Meant,
  scheduledSoon,
} from "../../release/schedule/judge";
import type { ScheduleState } from "../../release/schedule/state";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { journalStoreOf } from "./journal-store";
import { holderName } from "./release-process";

/** The book of a system's schedules, as this process opens it. */
export function scheduleBook(store: JournalStore, system: string): ScheduleBook {
  return new ScheduleBook(store, system, holderName(), systemClock());
}

/** The release of a system that is yet to begin. */
export async function scheduledOn(store: JournalStore, system: string): Promise<ScheduleState | undefined> {
  return scheduleBook(store, system).open();
}

/** The same for whoever only looks: a stack that does not say where its journals are has none. */
export async function scheduledOnStack(
  context: CommandContext,
  stack: string,
  system: string,
): Promise<ScheduleState | undefined> {
  const { workspace, say } = context;
  try {
    return await scheduledOn(journalStoreOf({ workspace, stack, user: process.env, warn: say }), system);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`it is not known whether a release of ${system} is scheduled: ${error.message}`);
    return undefined;
  }
}

/**
 * When a release begins that nobody gave a time: when it was scheduled for, while that is to come.
 *
 * @param starts whether it is about to begin: on the emergency path it then does so now
 */
export function timeOf(
  state: ScheduleState | undefined,
  meant: Meant,
  { given, starts }: { readonly given: Date | undefined; readonly starts: boolean },
): Date | undefined {
  if (given !== undefined || state === undefined || !isScheduled(meant, state)) return given;
  if (starts && isEmergency(meant)) return undefined;
  const scheduled = new Date(state.plan.startsAt);
  return scheduled > new Date() ? scheduled : undefined;
}

/** A plan with what people were told of it; what is missing of that refuses its start, and is a warning for who looks. */
export function withAnnounced(
  planned: Planned,
  state: ScheduleState | undefined,
  { now, starts }: { readonly now: Date; readonly starts: boolean },
): Planned {
  if ("refusals" in planned) return planned;
  const { plan } = planned;
  // A plan that is looked at is judged as of when it would begin.
  const begins = starts ? now : new Date(Math.max(now.getTime(), Date.parse(plan.startsAt)));
  const { refusals, warnings, announced } = judgeStart(plan, state, begins);
  if (starts && refusals.length > 0) return { refusals };
  // That its time has not come is nothing to know of a plan that is looked at.
  const standing = refusals
    .filter(({ kind }) => kind !== "not-its-time")
    .map(({ message, mend }) => `release start is refused: ${message}. ${mend}`);
  const isScheduledSo = announced !== undefined && state !== undefined;
  // What is yet to be told is, by the time it begins.
  const isTold = (entry: string) => !starts || announced?.told[entry] !== undefined;
  return {
    plan: {
      ...(isScheduledSo ? withAnnouncedStart(plan, state, isTold) : plan),
      ...(announced !== undefined && { scheduled: announced }),
      warnings: [...plan.warnings, ...standing, ...warnings],
    },
  };
}

/** A plan of infrastructure alone that nobody scheduled, with what is scheduled on its system soon. */
export function withScheduledSoon(planned: Planned, state: ScheduleState | undefined, begins: Date): Planned {
  if ("refusals" in planned) return planned;
  const { plan } = planned;
  return { plan: { ...plan, warnings: [...plan.warnings, ...scheduledSoon(state, begins)] } };
}

/** Writes down that a release that was scheduled began. What fails here is said: the release itself names its schedule. */
export async function noteBegun(
  store: JournalStore,
  { system, scheduled }: Pick<Plan, "system" | "scheduled">,
  begun: { readonly release: string; readonly by: string },
  say: (line: string) => void,
): Promise<void> {
  if (scheduled === undefined) return;
  try {
    await scheduleBook(store, system).hold(scheduled.schedule, async ({ state, write }) => {
      if (state.started === undefined) await write({ event: "started", ...begun });
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`the schedule of ${system} does not say yet that its release began: ${error.message}`);
  }
}
