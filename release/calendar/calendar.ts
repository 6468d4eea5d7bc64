import type { Entry } from "../../runbooks/vocabulary";
import { type Freeze, FrozenDays, holidaysSetting, lastNamed, type NamedDays } from "./special-days";
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

/** A rule as it stands in a window. */
interface PlacedRule {
  readonly entry: string;
  readonly timeZone: string;
  readonly rule: WindowRule;
  /** Of a rule of hours. */
  readonly isWithin: (local: ZonedTime) => boolean;
}

const stepMilliseconds = 15 * 60_000;

/**
 * The windows of a release and the days that only the owner knows. Looked at by the clock of each window's own time zone,
 * so that a change of clocks needs no thought.
 */
export class Calendar {
  private readonly rules: readonly PlacedRule[];
  /** Of open hours one alone has to be kept. */
  private readonly open: readonly {
    readonly kind: "allowed" | "preferred";
    readonly own: readonly PlacedRule[];
  }[];
  private readonly frozen: FrozenDays;
  /** What blocks by the owner's days: their setting, and the last that it names. */
  private readonly lists: readonly {
    readonly placed: PlacedRule & { readonly rule: Freeze };
    readonly setting: string;
    readonly last: string | undefined;
  }[];

  /** @param windows entries that hold for the release */
  constructor(windows: readonly WindowEntry[], named: NamedDays) {
    this.frozen = new FrozenDays(named);
    this.rules = windows.flatMap(({ name, timeZone, rule, also }) =>
      [rule, ...(also ?? [])].map((each) => ({
        entry: name,
        timeZone,
        rule: each,
        isWithin: isHours(each) ? within(each) : () => false,
      })),
    );
    this.lists = this.rules.flatMap((placed) => {
      const { rule } = placed;
      if (rule.kind !== "freeze" || !rule.blocks || !["holidays", "named"].includes(rule.on)) return [];
      const setting = rule.setting ?? holidaysSetting;
      return [{ placed: { ...placed, rule }, setting, last: lastNamed(named[setting]) }];
    });
    this.open = (["allowed", "preferred"] as const).map((kind) => ({
      kind,
      own: this.rules.filter(({ rule }) => rule.kind === kind),
    }));
  }

  /**
   * Whether a span lies where the windows want it, looked at every quarter of an hour and at both ends. Each window says
   * the first fault that it finds.
   *
   * @param skips of the emergency path
   */
  judge(span: Span, skips: readonly string[] = []): CalendarVerdict {
    const refusals = new Map<string, { entry: string; why: string }>();
    const warnings = new Map<string, string>();
    const say = ({ entry, rule }: PlacedRule, why: string, blocks: boolean) => {
      const key = `${entry} ${rule.kind} ${rule.kind === "freeze" ? rule.on : ""}`;
      if (blocks && !refusals.has(key)) refusals.set(key, { entry, why });
      if (!blocks && !warnings.has(key)) warnings.set(key, why);
    };
    for (const { placed, why, blocks } of this.daysMissing(span.to, skips)) say(placed, why, blocks);
    for (const moment of momentsOf(span)) {
      for (const { placed, why, blocks } of this.faultsAt(moment, skips)) say(placed, why, blocks);
    }
    return { refusals: [...refusals.values()], warnings: [...warnings.values()] };
  }

  /**
   * The first half hour from which on a span of the same length is allowed.
   *
   * @param skips of the emergency path
   * @returns undefined when there is none within five weeks
   */
  nextOpening({ from, to }: Span, skips: readonly string[] = []): Date | undefined {
    const halfHour = 30 * 60_000;
    const length = to.getTime() - from.getTime();
    const first = Math.ceil(from.getTime() / halfHour) * halfHour;
    for (let start = first; start < first + 35 * 86_400_000; start += halfHour) {
      const begin = new Date(start);
      const isOpen = (end: Date) => this.judge({ from: begin, to: end }, skips).refusals.length === 0;
      // Most beginnings are refused by themselves, which costs one look instead of one for each quarter of an hour.
      if (isOpen(begin) && isOpen(new Date(start + length))) return begin;
    }
    return undefined;
  }

  private *faultsAt(moment: Date, skips: readonly string[]) {
    const clocks = new Map<string, ZonedTime>();
    const at = (timeZone: string) => {
      const known = clocks.get(timeZone) ?? zonedTime(moment, timeZone);
      clocks.set(timeZone, known);
      return known;
    };
    for (const { kind, own } of this.open) {
      const [first] = own;
      if (first === undefined || own.some(({ isWithin, timeZone }) => isWithin(at(timeZone)))) continue;
      const hours = own.map(({ rule }) => hoursWords(rule as Hours)).join(" or ");
      const why = `${zonedWords(moment, first.timeZone)} is outside the ${kind} ${hours}`;
      yield { placed: first, why, blocks: kind === "allowed" && !skips.includes("windows") };
    }
    for (const placed of this.rules) {
      const { rule } = placed;
      const local = at(placed.timeZone);
      if ((rule.kind === "forbidden" || rule.kind === "avoided") && placed.isWithin(local)) {
        const why = `${local.weekday} ${local.date} is within the ${rule.kind} ${hoursWords(rule)}`;
        yield { placed, why, blocks: rule.kind === "forbidden" && !skips.includes("windows") };
      }
      if (rule.kind === "freeze" && this.frozen.has(local.date, rule)) {
        const why = `${local.date} lies in the freeze around ${dayWords[rule.on]}`;
        yield { placed, why, blocks: rule.blocks && !skips.includes("freezes") };
      }
    }
  }

  /**
   * A calendar without days would let everything through, and so would one of holidays that was not gone on with: they
   * come again, days that were named once do not. Time alone brings that about: whoever may skip freezes may skip it.
   */
  private daysMissing(until: Date, skips: readonly string[]) {
    return this.lists.flatMap(({ placed, setting, last }) => {
      if (last === undefined)
        return [{ placed, why: `${setting} names no day: nobody can tell whether it is one`, blocks: true }];
      const { date } = zonedTime(until, placed.timeZone);
      if (date <= last || placed.rule.on !== "holidays") return [];
      const why = `${setting} ends with ${last}: nobody can tell whether ${date} is one; add the days that come after it`;
      return [{ placed, why, blocks: !skips.includes("freezes") }];
    });
  }
}

export function windowsOf(entries: readonly Entry[]): readonly WindowEntry[] {
  return entries.filter((entry): entry is WindowEntry => entry.word === "window");
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

function isHours(rule: WindowRule): rule is Hours {
  return ["allowed", "preferred", "avoided", "forbidden"].includes(rule.kind);
}

/** Of open hours the last minute counts: a ramp may end when the window does. */
function within({ kind, days, from, to }: Hours): (local: ZonedTime) => boolean {
  const begin = minutesOf(from);
  const end = minutesOf(to) + (kind === "allowed" || kind === "preferred" ? 1 : 0);
  const weekdays: ReadonlySet<string> = new Set(days);
  return ({ weekday, minutes }) => weekdays.has(weekday) && minutes >= begin && minutes < end;
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
