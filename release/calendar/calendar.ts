import type { Entry } from "../../runbooks/vocabulary";
import { type Freeze, holidaysSetting, isFrozen, type NamedDays } from "./special-days";
import { type ZonedTime, zonedTime, zonedWords } from "./zoned-time";

export type { NamedDays } from "./special-days";

export type WindowEntry = Extract<Entry, { word: "window" }>;
type WindowRule = WindowEntry["rule"];
type Hours = Extract<WindowRule, { kind: "allowed" | "preferred" | "avoided" | "forbidden" }>;

/** A time during which something is moved. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export interface CalendarVerdict {
  /** Why nothing may be moved then, each with the entry that says so. */
  readonly refusals: readonly { readonly entry: string; readonly why: string }[];
  /** What speaks against it without forbidding it. */
  readonly warnings: readonly string[];
}

/** How the emergency path is entered, where the contract has one. */
export interface Emergency {
  readonly roles: readonly string[];
  readonly skips: readonly string[];
  readonly watchSeconds: number;
}

const stepMilliseconds = 15 * 60_000;

/**
 * Whether a span lies where the windows want it. Looked at every quarter of an hour and at both ends, by the clock of each
 * window's own time zone, so that a change of clocks needs no thought.
 *
 * @param windows of the release, with their rules
 * @param skips of the emergency path
 */
export function judgeSpan(
  windows: readonly WindowEntry[],
  span: Span,
  named: NamedDays,
  skips: readonly string[] = [],
): CalendarVerdict {
  const rules = windows.flatMap(({ name, timeZone, rule, also }) =>
    [rule, ...(also ?? [])].map((each) => ({ entry: name, timeZone, rule: each })),
  );
  const refusals = new Map<string, { entry: string; why: string }>();
  const warnings = new Set<string>();
  const refuse = (entry: string, why: string) => refusals.set(entry + why, { entry, why });
  for (const moment of momentsOf(span)) {
    for (const kind of ["allowed", "preferred"] as const) {
      const own = rules.filter(({ rule }) => rule.kind === kind);
      const inside = own.some(({ rule, timeZone }) => isWithin(zonedTime(moment, timeZone), rule as Hours));
      if (own.length === 0 || inside) continue;
      const hours = own.map(({ rule }) => hoursWords(rule as Hours)).join(" or ");
      const why = `${zonedWords(moment, own[0]!.timeZone)} is outside the ${kind} ${hours}`;
      if (kind === "allowed" && !skips.includes("windows")) refuse(own[0]!.entry, firstOf(why));
      else warnings.add(firstOf(why));
    }
    for (const { entry, timeZone, rule } of rules) {
      const local = zonedTime(moment, timeZone);
      if ((rule.kind === "forbidden" || rule.kind === "avoided") && isWithin(local, rule)) {
        const why = `${local.weekday} ${local.date} is within the ${rule.kind} ${hoursWords(rule)}`;
        if (rule.kind === "forbidden" && !skips.includes("windows")) refuse(entry, why);
        else warnings.add(why);
      }
      if (rule.kind === "freeze" && isFrozen(local.date, rule, named)) {
        const why = `${local.date} lies in the freeze around ${freezeWords(rule)}`;
        if (rule.blocks && !skips.includes("freezes")) refuse(entry, why);
        else warnings.add(why);
      }
    }
  }
  for (const { entry, rule } of rules) {
    if (rule.kind !== "freeze" || !rule.blocks || !needsDays(rule)) continue;
    const setting = rule.setting ?? holidaysSetting;
    if ((named[setting] ?? []).length === 0)
      refuse(entry, `${setting} names no day: nobody can tell whether it is one`);
  }
  return { refusals: onePerEntry([...refusals.values()]), warnings: [...warnings].slice(0, 4) };

  /** Of many moments outside the same hours the first says enough. */
  function firstOf(why: string): string {
    const [, rest] = why.split(" is outside ");
    const known = [...refusals.values()].map((each) => each.why).concat([...warnings]);
    return known.find((each) => each.endsWith(` is outside ${rest}`)) ?? why;
  }
}

/**
 * The first half hour from which on a span of the same length is allowed.
 * @returns undefined when there is none within five weeks
 */
export function nextOpening(
  windows: readonly WindowEntry[],
  { from: earliest, to }: Span,
  named: NamedDays,
): Date | undefined {
  const halfHour = 30 * 60_000;
  const length = to.getTime() - earliest.getTime();
  const first = Math.ceil(earliest.getTime() / halfHour) * halfHour;
  for (let start = first; start < first + 35 * 86_400_000; start += halfHour) {
    const from = new Date(start);
    const isOpen = (until: Date) => judgeSpan(windows, { from, to: until }, named).refusals.length === 0;
    // Most beginnings are refused by themselves, which costs one look instead of one for each quarter of an hour.
    if (isOpen(from) && isOpen(new Date(start + length))) return from;
  }
  return undefined;
}

/** The emergency path of a contract, whatever the environment. */
export function emergencyPath(windows: readonly WindowEntry[]): Emergency | undefined {
  for (const { rule, also } of windows) {
    for (const each of [rule, ...(also ?? [])]) {
      if (each.kind === "emergency")
        return { roles: each.roles, skips: each.skips, watchSeconds: each.watchMinutes * 60 };
    }
  }
  return undefined;
}

function momentsOf({ from, to }: Span): readonly Date[] {
  const moments: Date[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += stepMilliseconds) moments.push(new Date(at));
  return [...moments, to];
}

/** Up to and including the last minute: a ramp may end when the window does. */
function isWithin({ weekday, minutes }: ZonedTime, { kind, days, from, to }: Hours): boolean {
  const end = minutesOf(to);
  const before = kind === "allowed" || kind === "preferred" ? minutes <= end : minutes < end;
  return (days as readonly string[]).includes(weekday) && minutes >= minutesOf(from) && before;
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number) as [number, number];
  return hours * 60 + minutes;
}

function hoursWords({ days, from, to }: Hours): string {
  return `${days.join(", ")} ${from} to ${to}`;
}

const dayWords: Readonly<Record<Freeze["on"], string>> = {
  holidays: "a holiday",
  endOfQuarter: "the end of a quarter",
  endOfMonth: "the end of a month",
  blackFriday: "Black Friday",
  cyberMonday: "Cyber Monday",
  yearEnd: "the end of the year",
  named: "a day that the owner named",
};

function freezeWords({ on }: Freeze): string {
  return dayWords[on];
}

function needsDays({ on }: Freeze): boolean {
  return on === "holidays" || on === "named";
}

function onePerEntry(refusals: readonly { entry: string; why: string }[]) {
  return refusals.filter(
    ({ entry, why }, index) =>
      refusals.findIndex((each) => each.entry === entry && each.why === why) === index && index < 6,
  );
}
