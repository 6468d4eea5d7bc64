import type { JournalRecord } from "../journal/entry";
import type { Plan } from "../plan/plan";
import { UserError } from "../user-error";
import type { EventOf, NewsOf, ScheduleEvent } from "./events";

type Dated<Event extends ScheduleEvent> = Event & { readonly at: string };

/** A time for which a release was planned; its plan's `startsAt` says it. */
export interface PlannedTime {
  readonly plan: Plan;
  readonly by: string;
  /** When that was decided. */
  readonly at: string;
  readonly reason?: string;
}

/** One try to tell something by one channel. */
export interface Try extends NewsOf {
  readonly at: string;
  /** Absent where the process ended before it knew: it may have been delivered. */
  readonly delivered?: boolean;
  readonly why?: string;
}

/** What the journal of a schedule says; nothing else is known of it. */
export interface ScheduleState {
  readonly schedule: string;
  readonly requestsPerSecond?: number;
  /** The last one holds. */
  readonly times: readonly PlannedTime[];
  /** That of the time that holds. */
  readonly plan: Plan;
  readonly tries: readonly Try[];
  readonly cancelled?: Dated<EventOf<"cancelled">>;
  /** The release that began, unless it gave the schedule back. */
  readonly started?: Dated<EventOf<"started">>;
}

/**
 * @param records of a schedule's journal, from the first one on
 * @throws UserError for a journal that is none of a schedule
 */
export function scheduleState(records: readonly JournalRecord[]): ScheduleState {
  const events = records.flatMap(({ at, entry }) =>
    entry.kind === "schedule" ? [{ ...entry.event, at } satisfies Dated<ScheduleEvent>] : [],
  );
  const [first] = events;
  if (first?.event !== "planned") throw new UserError("this is no journal of a schedule");
  const all = <Name extends ScheduleEvent["event"]>(name: Name) =>
    events.filter((one): one is Dated<EventOf<Name>> => one.event === name);
  const times = [first, ...all("moved")].map((one) => ({
    plan: one.plan as unknown as Plan,
    by: one.by,
    at: one.at,
    ...(one.event === "moved" && one.reason !== undefined && { reason: one.reason }),
  }));
  const [cancelled] = all("cancelled");
  const given = events.findLastIndex(({ event }) => event === "givenBack");
  const started = events.slice(given + 1).find((one) => one.event === "started");
  return {
    schedule: first.schedule,
    ...(first.requestsPerSecond !== undefined && { requestsPerSecond: first.requestsPerSecond }),
    times,
    plan: times.at(-1)!.plan,
    tries: triesIn(events),
    ...(cancelled !== undefined && { cancelled }),
    ...(started !== undefined && { started }),
  };
}

/** Each `telling` with the `told` that follows it. */
function triesIn(events: readonly Dated<ScheduleEvent>[]): readonly Try[] {
  const tries: Try[] = [];
  for (const event of events) {
    if (event.event !== "telling" && event.event !== "told") continue;
    const { entry, channel, as, time, at } = event;
    if (event.event === "telling") {
      tries.push({ entry, channel, as, time, at });
      continue;
    }
    const begun = tries.findLastIndex((one) => isSameNews(one, event) && one.delivered === undefined);
    const { delivered, why } = event;
    const told = { entry, channel, as, time, at, delivered, why };
    if (begun < 0) tries.push(told);
    else tries[begun] = told;
  }
  return tries;
}

export function isSameNews(left: NewsOf, right: NewsOf): boolean {
  return (
    left.entry === right.entry &&
    left.channel === right.channel &&
    left.as === right.as &&
    left.time === right.time
  );
}

/** Whether it is still to come: neither begun nor cancelled. */
export function isOpen({ cancelled, started }: ScheduleState): boolean {
  return cancelled === undefined && started === undefined;
}
