import { daysOf } from "../../runbooks/days";
import type { Entry } from "../../runbooks/vocabulary";

type Rule = Extract<Entry, { word: "window" }>["rule"];
export type Freeze = Extract<Rule, { kind: "freeze" }>;

/**
 * Days that only the owner knows, by setting: `switchyard:holidays` to dates such as `2026-12-25` and periods by first and
 * last day, `2026-12-21/2026-12-31`.
 */
export type NamedDays = Readonly<Record<string, readonly string[]>>;

/** Setting in which holidays stand where a rule names none. */
export const holidaysSetting = "switchyard:holidays";

const dayMilliseconds = 86_400_000;

/** Which days are frozen, asked once for each. */
export class FrozenDays {
  private readonly known = new Map<Freeze, Map<string, boolean>>();

  constructor(private readonly named: NamedDays) {}

  has(date: string, freeze: Freeze): boolean {
    const days = this.known.get(freeze) ?? new Map<string, boolean>();
    this.known.set(freeze, days);
    const known = days.get(date) ?? isFrozen(date, freeze, this.named);
    days.set(date, known);
    return known;
  }
}

/** The last day that a list names; undefined when it names none. */
export function lastNamed(list: readonly string[] | undefined): string | undefined {
  return (list ?? [])
    .flatMap((text) => daysOf(text)?.last ?? [])
    .sort()
    .at(-1);
}

/** Whether a date lies in a freeze, with the days before and after it. Dates are those of a calendar, without a zone. */
export function isFrozen(date: string, freeze: Freeze, named: NamedDays): boolean {
  for (let shift = -freeze.daysAfter; shift <= freeze.daysBefore; shift++) {
    if (isSpecialDay(shifted(date, shift), freeze, named)) return true;
  }
  return false;
}

function isSpecialDay(date: string, { on, setting }: Freeze, named: NamedDays): boolean {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  switch (on) {
    case "holidays":
    case "named":
      return (named[setting ?? holidaysSetting] ?? []).some((text) => {
        const days = daysOf(text);
        return days !== undefined && days.first <= date && date <= days.last;
      });
    case "endOfMonth":
      return day === lastDayOf(year, month);
    case "endOfQuarter":
      return month % 3 === 0 && day === lastDayOf(year, month);
    case "yearEnd":
      return month === 12 && day === 31;
    case "blackFriday":
      return date === blackFridayOf(year);
    case "cyberMonday":
      return date === shifted(blackFridayOf(year), 3);
  }
}

/** The day after the fourth Thursday of November. */
function blackFridayOf(year: number): string {
  const firstWeekday = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  const fourthThursday = 1 + ((4 - firstWeekday + 7) % 7) + 21;
  return shifted(isoDate(Date.UTC(year, 10, fourthThursday)), 1);
}

function lastDayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function shifted(date: string, days: number): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) + days * dayMilliseconds);
}

function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
