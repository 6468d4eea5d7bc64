import type { Entry, Phase } from "../../runbooks/vocabulary";
import type { Plan, PlanStep } from "../plan/plan";
import { durationWords } from "../plan/words";

export type Notify = Extract<Entry, { word: "notify" }>;

/** A message that is told before a release begins. */
export interface AheadMessage {
  readonly entry: Notify;
  /** When it is to be told at the latest; absent: as soon as the release is scheduled. */
  readonly by?: Date;
  /** Beginning of what it announces: the release, or one of its phases as planned. */
  readonly of: Date;
}

/**
 * Messages that people get before a release begins, in the plan's order: those of its scheduling, and those of a phase so
 * near to the beginning that its minutes before it are minutes before the release. Others the release itself tells.
 */
export function aheadMessages(plan: Plan): readonly AheadMessage[] {
  const startsAt = Date.parse(plan.startsAt);
  return plan.steps.flatMap(({ entry: name, does }): AheadMessage[] => {
    const entry = plan.entries[name];
    if (does.as !== "message" || entry?.word !== "notify") return [];
    if (entry.at === "scheduled") {
      const { offsetMinutes } = entry;
      const of = new Date(startsAt);
      if (offsetMinutes === undefined) return [{ entry, of }];
      return offsetMinutes < 0 ? [{ entry, by: minutesAfter(of, offsetMinutes), of }] : [];
    }
    const minutes = minutesBeforePhase(entry);
    if (minutes === undefined) return [];
    const of = new Date(startsAt + secondsUntil(plan, phaseOf(plan, name)) * 1000);
    const by = minutesAfter(of, -minutes);
    return by.getTime() < startsAt ? [{ entry, by, of }] : [];
  });
}

/** Minutes that a message is told before a phase begins; undefined for one that is told otherwise. */
export function minutesBeforePhase({ at, offsetMinutes = 0 }: Notify): number | undefined {
  return at === "phaseStart" && offsetMinutes < 0 ? -offsetMinutes : undefined;
}

/** Seconds from a step, or from the release's beginning, to that of a phase, as planned. */
export function secondsUntil({ steps }: Pick<Plan, "steps">, phase: Phase, from?: PlanStep): number {
  const first = steps.findIndex((step) => step.phase === phase);
  return steps
    .slice(from === undefined ? 0 : steps.indexOf(from), first)
    .reduce((sum, { plannedSeconds }) => sum + plannedSeconds, 0);
}

function phaseOf({ steps }: Plan, entry: string): Phase {
  return steps.find((step) => step.entry === entry)!.phase;
}

/** `in 30 minutes`, `now`: the field `startsIn`. */
export function startsInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes <= 0) return "now";
  if (minutes === 1) return "in 1 minute";
  return minutes < 90 ? `in ${minutes} minutes` : `in ${durationWords(seconds)}`;
}

function minutesAfter(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * 60_000);
}
