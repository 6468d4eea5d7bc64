import { Calendar, type CalendarVerdict, type NamedDays, type Span, windowsOf } from "../calendar/calendar";
import { skippedBy } from "./calendar-refusals";
import type { Plan } from "./plan";

/** The windows that hold for a plan, with what its path goes past. */
export interface PlanCalendar {
  /** Time zone in which its moments are told; undefined where the contract has no window. */
  readonly zone: string | undefined;
  refusals(span: Span): CalendarVerdict["refusals"];
  nextOpening(span: Span): Date | undefined;
}

/** Kept, since every step asks: what a calendar has found out about a day it knows from then on. */
const kept = new WeakMap<Plan, WeakMap<NamedDays, PlanCalendar>>();

/** @param days those of the plan, or as the owner has named them since */
export function calendarOf(plan: Plan, days: NamedDays = plan.days): PlanCalendar {
  let ofPlan = kept.get(plan);
  if (ofPlan === undefined) {
    ofPlan = new WeakMap();
    kept.set(plan, ofPlan);
  }
  let calendar = ofPlan.get(days);
  if (calendar === undefined) {
    calendar = madeOf(plan, days);
    ofPlan.set(days, calendar);
  }
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
