import { Calendar, type CalendarVerdict, type NamedDays, type Span, windowsOf } from "../calendar/calendar";
import { skippedBy } from "./calendar-refusals";
import { knownOfPlan } from "./known-of-plan";
import type { Plan } from "./plan";

/** The windows that hold for a plan, with what its path goes past. */
export interface PlanCalendar {
  /** Time zone in which its moments are told; undefined where the contract has no window. */
  readonly zone: string | undefined;
  refusals(span: Span): CalendarVerdict["refusals"];
  nextOpening(span: Span): Date | undefined;
}

/** By the days that the owner has named: what a calendar has found out about a day it knows from then on. */
const calendars = knownOfPlan(() => new WeakMap<NamedDays, PlanCalendar>());

/** @param days those of the plan, or as the owner has named them since */
export function calendarOf(plan: Plan, days: NamedDays = plan.days): PlanCalendar {
  const ofPlan = calendars(plan);
  const calendar = ofPlan.get(days) ?? madeOf(plan, days);
  ofPlan.set(days, calendar);
  return calendar;
}

function madeOf({ entries, types }: Plan, days: NamedDays): PlanCalendar {
  const windows = windowsOf(Object.values(entries));
  const skips = skippedBy(types, windows);
  const calendar = new Calendar(windows, days);
  return {
    zone: windows[0]?.timeZone,
    refusals: (span) => calendar.judge(span, skips).refusals,
    nextOpening: (span) => calendar.nextOpening(span, skips),
  };
}
