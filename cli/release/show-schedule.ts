import { releasedWords } from "../../release/plan/plan-sides";
import { aheadMessages } from "../../release/schedule/ahead";
import { dueNews, toldOf } from "../../release/schedule/due";
import { startOptions } from "../../release/schedule/judge";
import { isOpen, type ScheduleState } from "../../release/schedule/state";
import { isLocalStack } from "../stack-files";

/** A release that is scheduled, or was, for people. */
export function scheduleText(state: ScheduleState, stack: string, now: Date): string {
  return scheduleLines(state, stack, now)
    .map((line) => `${line}\n`)
    .join("");
}

export function scheduleLines(state: ScheduleState, stack: string, now: Date): readonly string[] {
  const { plan, times, cancelled } = state;
  const { system, startsAt, types } = plan;
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const begins = new Date(startsAt);
  const { by, at } = times.at(-1)!;
  const moved = times.length > 1 ? `moved by ${by} from ${times.at(-2)!.plan.startsAt}` : `by ${by}`;
  const head = `${releasedWords(plan)} on ${stack}: scheduled for ${startsAt}, ${moved}, at ${at} (${state.schedule})`;
  const messages = messageLines(state, now);
  if (cancelled !== undefined) {
    const why = cancelled.reason === undefined ? "" : `: ${cancelled.reason}`;
    return [`${head}`, `  cancelled by ${cancelled.by} at ${cancelled.at}${why}`, ...messages];
  }
  if (!isOpen(state)) return [head, `  began as release ${state.started?.release}`, ...messages];
  const over =
    now > begins ? "  its time is over, and no release of it is under way" : "  a person starts it then";
  return [
    head,
    `${over}: npx switchyard release start ${system}${startOptions(types)}${on}`,
    `  or npx switchyard release schedule ${system} --move TIME${on}, --cancel`,
    ...messages,
  ];
}

function messageLines(state: ScheduleState, now: Date): readonly string[] {
  const ahead = aheadMessages(state.plan).flatMap((message) =>
    message.entry.channels.map(({ channel }, index) => {
      const told = toldOf(state, message, index);
      const due = dueNews(state, now).find(
        ({ news }) => news.entry === message.entry.name && news.channel === index && news.as === "ahead",
      );
      const failed = state.tries.findLast(
        (one) => one.entry === message.entry.name && one.channel === index && one.delivered === false,
      );
      const words =
        told !== undefined
          ? `told at ${told.at}`
          : due === undefined
            ? "not told ahead"
            : failed === undefined
              ? `due at ${due.at.toISOString()}`
              : `not delivered, tried again: ${failed.why}`;
      return `  ${message.entry.title} (${channel}): ${words}`;
    }),
  );
  const open = dueNews(state, now)
    .filter(({ news }) => news.as !== "ahead")
    .map(({ news, entry }) => {
      const channel = entry.channels[news.channel]?.channel;
      return `  ${entry.title} (${channel}): still to be told that it was ${news.as}`;
    });
  return [...ahead, ...open];
}

/** The same for programs. */
export function scheduleDocument(state: ScheduleState, now: Date) {
  const { schedule, plan, times, cancelled, started, tries } = state;
  return {
    schedule,
    system: plan.system,
    environment: plan.environment,
    types: plan.types,
    version: plan.manifest.version,
    planDigest: plan.digest,
    startsAt: plan.startsAt,
    by: times.at(-1)!.by,
    moves: times.length - 1,
    cancelled:
      cancelled === undefined
        ? null
        : { by: cancelled.by, at: cancelled.at, reason: cancelled.reason ?? null },
    release: started?.release ?? null,
    tried: tries.map(({ entry, channel, as, at, delivered = null, why = null }) => ({
      entry,
      channel,
      as,
      at,
      delivered,
      why,
    })),
    due: dueNews(state, now).map(({ news: { entry, channel, as }, at }) => ({
      entry,
      channel,
      as,
      at: at.toISOString(),
    })),
  };
}
