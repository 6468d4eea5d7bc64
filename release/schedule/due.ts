import { type AheadMessage, aheadMessages, type Notify } from "./ahead";
import type { NewsOf } from "./events";
import { isSameNews, type ScheduleState, type Try } from "./state";

/** A message by one channel, and when it is to go out. */
export interface DueNews {
  readonly news: NewsOf;
  readonly entry: Notify;
  /** When it is sent by whoever looks then. */
  readonly at: Date;
  /** When it had to be told at the latest; absent for what has no minutes of its own. */
  readonly by?: Date;
  /** What it announces; absent once it was cancelled. */
  readonly of?: Date;
}

const minuteMilliseconds = 60_000;
/** What is told hours ahead is sent so much earlier: a schedule looks every few minutes, and late. */
const earlyMinutes = 30;
const longAheadMinutes = 60;
/** What was not delivered is tried again after so long, and sooner when it begins soon. */
const pauseMinutes = 60;

/**
 * What is still to be told of a release that is scheduled, moved or cancelled, the next first. Each channel of a message is
 * told once of each time: what could not be delivered, or nobody knows whether it was, is due again until that time.
 *
 * @param insists what could not be delivered is due at once. @default false: after a while
 */
export function dueNews(state: ScheduleState, now: Date, insists = false): readonly DueNews[] {
  if (state.started !== undefined) return [];
  const due = state.cancelled === undefined ? upcoming(state, now) : retractions(state, "cancelled", now);
  const timed = insists ? due : due.map((one) => ({ ...one, at: afterPause(one, state) }));
  return timed.toSorted((left, right) => left.at.getTime() - right.at.getTime());
}

function afterPause({ news, at }: DueNews, { tries, plan }: ScheduleState): Date {
  const last = tries.findLast((one) => isSameNews(one, news));
  if (last?.delivered !== false) return at;
  const tried = Date.parse(last.at);
  const left = Math.max(0, Date.parse(plan.startsAt) - tried);
  return new Date(Math.max(at.getTime(), tried + Math.min(pauseMinutes * minuteMilliseconds, left / 4)));
}

function upcoming(state: ScheduleState, now: Date): readonly DueNews[] {
  const { plan, times } = state;
  const moved = times.length > 1 ? retractions(state, "moved", now) : [];
  // Its time is over: the release itself tells what is left.
  if (now.getTime() >= Date.parse(plan.startsAt)) return moved;
  const ahead = aheadMessages(plan).flatMap((message) =>
    message.entry.channels.flatMap((_, channel) => aheadOf(message, channel, state)),
  );
  return [...moved, ...ahead];
}

function aheadOf(message: AheadMessage, channel: number, state: ScheduleState): readonly DueNews[] {
  const { entry, by, of } = message;
  const time = state.times.length - 1;
  if (toldOf(state, message, channel) !== undefined) return [];
  // Who hears of the new time by the news that it moved needs no second word at the same moment.
  if (by === undefined && heardBefore(state, entry.name, channel)) return [];
  const at = by === undefined ? new Date(state.times[time]!.at) : sendingTime(entry, by);
  const news = { entry: entry.name, channel, as: "ahead", time } as const;
  return [{ news, entry, at, ...(by !== undefined && { by }), of }];
}

/** @returns when a channel was told of the time that holds, as early as the message wants it or by itself */
export function toldOf(
  { tries, times }: ScheduleState,
  { entry, by }: Pick<AheadMessage, "entry" | "by">,
  channel: number,
): Try | undefined {
  const time = times.length - 1;
  const own = tries.filter(
    (one) =>
      one.entry === entry.name && one.channel === channel && one.time === time && one.delivered === true,
  );
  const early = by === undefined ? Number.NEGATIVE_INFINITY : sendingTime(entry, by).getTime();
  return own.find((one) => one.as === "ahead" || (one.as === "moved" && Date.parse(one.at) >= early));
}

/** When a message is sent that is to be told by some moment. */
export function sendingTime({ offsetMinutes = 0 }: Notify, by: Date): Date {
  const early = -offsetMinutes >= longAheadMinutes ? earlyMinutes : 0;
  return new Date(by.getTime() - early * minuteMilliseconds);
}

/** Those who heard of a time that no longer holds: they are told at once, and again until that time or the new one is over. */
function retractions(state: ScheduleState, as: "moved" | "cancelled", now: Date): readonly DueNews[] {
  const { times, plan, cancelled, tries } = state;
  const time = times.length - 1;
  const at = new Date(as === "moved" ? times[time]!.at : cancelled!.at);
  const isOver = now.getTime() >= Date.parse(plan.startsAt);
  return messagesOf(state).flatMap((entry) =>
    entry.channels.flatMap((_, channel): DueNews[] => {
      const news = { entry: entry.name, channel, as, time };
      const own = tries.filter((one) => isSameNews(one, news));
      if (own.some(({ delivered }) => delivered === true)) return [];
      if (own.some(({ delivered }) => delivered !== undefined) && isOver) return [];
      const before =
        as === "moved" ? heardBefore(state, entry.name, channel) : heard(state, entry.name, channel);
      if (!before) return [];
      return [{ news, entry, at, ...(as === "moved" && { of: new Date(plan.startsAt) }) }];
    }),
  );
}

/** Every message that any of the plans tells ahead; of one that several have, the newest. */
function messagesOf({ times }: ScheduleState): readonly Notify[] {
  const all = times.flatMap(({ plan }) =>
    aheadMessages(plan).map(({ entry }) => [entry.name, entry] as const),
  );
  return [...new Map(all).values()];
}

/** Whether a channel heard of some time, or may have. */
function heard({ tries }: Pick<ScheduleState, "tries">, entry: string, channel: number): boolean {
  return tries.some((one) => one.entry === entry && one.channel === channel && one.delivered !== false);
}

/** The same of a time before the one that holds. */
function heardBefore({ tries, times }: ScheduleState, entry: string, channel: number): boolean {
  return heard({ tries: tries.filter(({ time }) => time < times.length - 1) }, entry, channel);
}
