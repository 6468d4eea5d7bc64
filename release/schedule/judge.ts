import type { Announced, Plan } from "../plan/plan";
import { releasedWords } from "../plan/plan-sides";
import type { Refusal } from "../plan/refusal";
import { isOfStackAlone } from "../plan/selection";
import { durationWords } from "../plan/words";
import { type AheadMessage, aheadMessages } from "./ahead";
import { toldOf } from "./due";
import type { ScheduleState, Try } from "./state";

/** So long after the time that was announced a release still begins as announced. */
const lateMinutes = 60;
/** So long before a release that is scheduled, one of infrastructure alone says that it is. */
const soonHours = 24;
const minuteMilliseconds = 60_000;

/** What was announced of a release, against what its runbook wants told before it begins. */
export interface AheadJudgement {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly string[];
  /** Absent for a release that nobody scheduled. */
  readonly announced?: Announced;
}

/** What tells whether a plan, or one that is to be made, is that of a release that is scheduled. */
export type Meant = Pick<Plan, "manifestDigest" | "types">;

/** Whether a plan is that of a release that is scheduled. */
export function isScheduled(plan: Meant, { plan: meant }: ScheduleState): boolean {
  return isOfSame(plan, meant) && plan.types.join() === meant.types.join();
}

/**
 * Whether two releases bring the same: a manifest, or what the stack's preview shows by then, since people are told of
 * infrastructure alone that it changes, and of no version.
 */
function isOfSame(plan: Meant, meant: Meant): boolean {
  if (isOfStackAlone(plan) || isOfStackAlone(meant)) return isOfStackAlone(plan) && isOfStackAlone(meant);
  return plan.manifestDigest === meant.manifestDigest;
}

/** Whether a release takes the emergency path, which waits for nobody. */
export function isEmergency({ types }: Pick<Plan, "types">): boolean {
  return types.includes("emergency");
}

/**
 * Whether a release may begin, by what people were told of it. A message whose minutes are binding holds on the normal path;
 * what is missing else, and all of it on the emergency path, is a warning, and told when the release begins. What is
 * scheduled is not released otherwise than announced, but by the emergency path, which takes its place.
 *
 * @param state of the release that is scheduled on the system, whether or not it is this one
 */
export function judgeStart(plan: Plan, state: ScheduleState | undefined, now: Date): AheadJudgement {
  if (state === undefined || !isOfSame(plan, state.plan)) return unannounced(plan, state);
  const mayBeginNow = isEmergency(plan);
  if (!isScheduled(plan, state)) return mayBeginNow ? takingItsPlace(plan, state) : otherwise(plan, state);
  const { startsAt } = state.plan;
  const late = now.getTime() - Date.parse(startsAt);
  const missing = missed(state.plan, (message) => whyNotTold(state, message));
  const announced = { schedule: state.schedule, startsAt, told: toldIn(state) };
  const refusals = untimely(state, now);
  if (mayBeginNow && refusals.length > 0) {
    const words = refusals.map(({ message }) => `${message}; the emergency path waits for nobody`);
    // Who was told was told of another time, and hears of this one from the release.
    return { refusals: [], warnings: [...words, ...missing.warnings], announced: { ...announced, told: {} } };
  }
  const lateWords = `it begins ${durationWords(late / 1000)} later than announced`;
  return {
    refusals: [...refusals, ...missing.refusals],
    warnings: [
      ...(late >= minuteMilliseconds && refusals.length === 0 ? [lateWords] : []),
      ...missing.warnings,
    ],
    announced,
  };
}

/** What the time alone has against a start, which is known before there is a plan. */
export function notItsTime(plan: Meant, state: ScheduleState, now: Date): readonly Refusal[] {
  return isScheduled(plan, state) && !isEmergency(plan) ? untimely(state, now) : [];
}

/** That it is too early, or too late, to begin what is scheduled. */
function untimely({ plan: { system, startsAt } }: ScheduleState, now: Date): readonly Refusal[] {
  const late = now.getTime() - Date.parse(startsAt);
  const mend = `npx switchyard release schedule ${system} --move TIME tells them of another time, --cancel that it does not take place.`;
  if (late < 0) {
    const message = `it is scheduled for ${startsAt}, and now is ${now.toISOString()}`;
    return [{ kind: "not-its-time", message, mend }];
  }
  if (late > lateMinutes * minuteMilliseconds) {
    const message = `it was scheduled for ${startsAt}, ${durationWords(late / 1000)} ago: whoever was told waits for nothing`;
    return [{ kind: "not-its-time", message, mend }];
  }
  return [];
}

/**
 * What a release of infrastructure alone is told of one that is scheduled soon: it changes the stack for that one.
 *
 * @param begins when the release of infrastructure does
 */
export function scheduledSoon(state: ScheduleState | undefined, begins: Date): readonly string[] {
  if (state === undefined) return [];
  const { system, startsAt } = state.plan;
  const seconds = (Date.parse(startsAt) - begins.getTime()) / 1000;
  if (seconds > soonHours * 3600) return [];
  const when = seconds > 0 ? `, ${durationWords(seconds)} after this begins` : "";
  return [
    `${releasedWords(state.plan)} is scheduled for ${startsAt}${when}, and is released on what this leaves: release schedule ${system} --move TIME, should it not be done by then`,
  ];
}

/** Whether what is binding can still be told in time, of a release that is to be scheduled for its plan's time. */
export function judgeSchedule(plan: Plan, now: Date): Pick<AheadJudgement, "refusals" | "warnings"> {
  if (Date.parse(plan.startsAt) <= now.getTime()) {
    const message = `${plan.startsAt} is over: now is ${now.toISOString()}`;
    return { refusals: [{ kind: "not-its-time", message, mend: "Name a time to come." }], warnings: [] };
  }
  const { refusals, warnings } = missed(plan, ({ by }) =>
    by !== undefined && by.getTime() < now.getTime()
      ? `is due at ${by.toISOString()}, which is over; the release could begin from ${earliest(plan, by, now)} on`
      : undefined,
  );
  return { refusals, warnings: [...warnings, ...dueEvidence(plan, now)] };
}

/** Until when statements have to be signed that a release on the normal path wants hours before it begins. */
function dueEvidence({ steps, entries, types, startsAt }: Plan, now: Date): readonly string[] {
  if (!types.includes("normal")) return [];
  const titles = new Map<number, Set<string>>();
  for (const { entry: name } of steps) {
    const entry = entries[name];
    if (entry?.word !== "evidence" || entry.dueHoursBefore === undefined) continue;
    titles.set(entry.dueHoursBefore, (titles.get(entry.dueHoursBefore) ?? new Set()).add(entry.title));
  }
  return [...titles].map(([hours, wanted]) => {
    const due = new Date(Date.parse(startsAt) - hours * 60 * minuteMilliseconds);
    const words = due < now ? "had to be signed, or its start is refused" : "has to be signed";
    return `by ${due.toISOString()}, ${hours} hours before it begins, ${words}: ${[...wanted].join("; ")}`;
  });
}

function earliest(plan: Plan, by: Date, now: Date): string {
  const ahead = Date.parse(plan.startsAt) - by.getTime();
  // Rounded up, so that it is still so when somebody has typed it.
  const tenMinutes = 10 * minuteMilliseconds;
  const moment = Math.ceil((now.getTime() + ahead) / tenMinutes) * tenMinutes;
  return new Date(moment).toISOString().replace(".000Z", "Z");
}

/** What is scheduled, begun now by the emergency path: whoever was told of the other time is told of this one. */
function takingItsPlace(plan: Plan, { schedule, plan: { startsAt } }: ScheduleState): AheadJudgement {
  const { warnings } = missed(plan, ({ by }) =>
    by === undefined ? undefined : `was told of ${startsAt}, or to nobody`,
  );
  const words = `it is scheduled for ${startsAt}, and this one takes its place: nothing is scheduled once it began`;
  return { refusals: [], warnings: [words, ...warnings], announced: { schedule, startsAt, told: {} } };
}

function otherwise(plan: Plan, { plan: { startsAt, types } }: ScheduleState): AheadJudgement {
  const { system } = plan;
  const refusal: Refusal = {
    kind: "scheduled-otherwise",
    message: `${releasedWords(plan)} is scheduled for ${startsAt} as ${types.join(", ")}; this is ${plan.types.join(", ")}`,
    mend: `npx switchyard release start ${system}${startOptions(types)} starts it as announced; release schedule ${system} --cancel tells that it does not take place, and this one can be scheduled.`,
  };
  return { refusals: [refusal], warnings: [] };
}

/** By which options a release of these types is started; whether it migrates data says its manifest. */
export function startOptions(types: Plan["types"]): string {
  const full = types.includes("infrastructure") ? " --type full" : "";
  const type = isOfStackAlone({ types }) ? " --type infrastructure" : ` --to MANIFEST${full}`;
  return isEmergency({ types }) ? `${type} --emergency --reason TEXT` : type;
}

function unannounced(plan: Plan, state: ScheduleState | undefined): AheadJudgement {
  const { refusals, warnings } = missed(plan, ({ by }) =>
    by === undefined ? undefined : "was told to nobody, as the release was not scheduled",
  );
  if (state === undefined) return { refusals, warnings };
  const { startsAt, system } = state.plan;
  const other = `${releasedWords(state.plan)} is scheduled for ${startsAt} and stays so: release schedule ${system} --move TIME or --cancel, should this one take its place`;
  return { refusals, warnings: [other, ...warnings] };
}

/** @param whyOf what is wrong with a message, in words that go on after its title; undefined when nothing is */
function missed(
  plan: Plan,
  whyOf: (message: AheadMessage) => string | undefined,
): Pick<AheadJudgement, "refusals" | "warnings"> {
  const found = aheadMessages(plan).flatMap((message) => {
    const why = whyOf(message);
    if (why === undefined) return [];
    const { entry } = message;
    const ids = entry.ids.length === 0 ? "" : ` (${entry.ids.join(", ")})`;
    return [
      {
        binds: entry.binding === true && plan.types.includes("normal"),
        text: `"${entry.title}"${ids} ${why}`,
      },
    ];
  });
  return {
    refusals: found
      .filter(({ binds }) => binds)
      .map(({ text }) => ({
        kind: "not-announced",
        message: text,
        mend: `npx switchyard release schedule ${plan.system}${startOptions(plan.types)} --at TIME announces it in time; the emergency path need not be announced.`,
      })),
    warnings: found
      .filter(({ binds }) => !binds)
      .map(({ text }) => `${text}; it is told when the release begins`),
  };
}

function whyNotTold(state: ScheduleState, message: AheadMessage): string | undefined {
  const tries = message.entry.channels.map((_, channel) => toldOf(state, message, channel));
  if (tries.some((one) => one === undefined)) {
    const tried = state.tries.findLast(
      ({ entry, delivered }) => entry === message.entry.name && delivered === false,
    );
    return `was not told${tried === undefined ? "" : `: ${tried.why}`}`;
  }
  const { by } = message;
  const last = lastOf(tries as readonly Try[]);
  if (by === undefined || Date.parse(last) <= by.getTime()) return undefined;
  return `was told at ${last}, ${durationWords((Date.parse(last) - by.getTime()) / 1000)} late`;
}

function toldIn(state: ScheduleState): Announced["told"] {
  const told = aheadMessages(state.plan).flatMap((message) => {
    const { entry } = message;
    const tries = entry.channels.map((_, channel) => toldOf(state, message, channel));
    const delivered = tries.filter((one) => one !== undefined);
    if (delivered.length === 0) return [];
    const channels = tries.flatMap((one, channel) => (one === undefined ? [] : [channel]));
    return [[entry.name, { at: lastOf(delivered), channels }] as const];
  });
  return Object.fromEntries(told);
}

function lastOf(tries: readonly Try[]): string {
  return tries
    .map(({ at }) => at)
    .sort()
    .at(-1)!;
}
