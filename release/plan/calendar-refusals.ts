import type { Contract, Entry } from "../../runbooks/vocabulary";
import { Calendar, emergencyPath, type Span, type WindowEntry, windowsOf } from "../calendar/calendar";
import { zonedWords } from "../calendar/zoned-time";
import type { Plan, PlanStep, ReleaseType } from "./plan";
import type { PlanQuestion } from "./planner";
import type { Refusal } from "./refusal";
import { movingPhases } from "./selection";

/**
 * Whether the windows are open from the first move to the end of the ramp, as the plan puts them: a watch may run on after
 * the window, and a rollback asks no calendar.
 */
export function calendarJudgement(
  { steps, types, startsAt }: Plan,
  { system }: Contract,
  entries: readonly Entry[],
  { days }: Pick<PlanQuestion, "days">,
): { readonly refusals: readonly Refusal[]; readonly warnings: readonly string[] } {
  const windows = windowsOf(entries);
  const span = movingSpan(steps, new Date(startsAt));
  const [zone] = windows.map(({ timeZone }) => timeZone);
  if (span === undefined || zone === undefined) return { refusals: [], warnings: [] };
  const skips = skippedBy(types, windows);
  const calendar = new Calendar(windows, days);
  const { refusals, warnings } = calendar.judge(span, skips);
  if (refusals.length === 0) return { refusals: [], warnings };
  const opening = calendar.nextOpening(span);
  const lead = span.from.getTime() - Date.parse(startsAt);
  const when =
    opening === undefined
      ? "Within five weeks there is no open window that is long enough."
      : `It could move from ${zonedWords(opening, zone)} on: release plan ${system} --at ${new Date(opening.getTime() - lead).toISOString().replace(/\.\d+Z$/, "Z")}.`;
  const planned = `planned from ${zonedWords(span.from, zone)} to ${zonedWords(span.to, zone)}`;
  return {
    refusals: refusals.map(({ entry, why }) => ({
      kind: "window-closed",
      message: `window ${entry}: ${why} (what moves is ${planned})`,
      mend: when,
    })),
    warnings,
  };
}

/** What of the calendar the emergency path goes past, where the release takes it. */
export function skippedBy(types: readonly ReleaseType[], windows: readonly WindowEntry[]): readonly string[] {
  return types.includes("emergency") ? (emergencyPath(windows)?.skips ?? []) : [];
}

/**
 * When what is still to move is going to, as it is planned: from the time on for which the release is scheduled, or from now on
 * where that has passed. Only now, when nothing is left to move.
 *
 * @param done ids of steps
 */
export function plannedMove(
  { steps, startsAt }: Pick<Plan, "steps" | "startsAt">,
  done: { has(id: string): boolean },
  now: Date,
): Span {
  const begins = new Date(Math.max(now.getTime(), Date.parse(startsAt)));
  const left = steps.filter(({ id }) => !done.has(id));
  return movingSpan(left, begins) ?? { from: now, to: now };
}

/** From the first step that moves something to the last, by the time that is planned for each, and what is waited for. */
export function movingSpan(steps: readonly PlanStep[], startsAt: Date): Span | undefined {
  let at = startsAt.getTime();
  let from: number | undefined;
  let to: number | undefined;
  for (const { phase, plannedSeconds, does } of steps) {
    if (does.as === "wait") at = Math.max(at, Date.parse(does.since) + does.seconds * 1000);
    const moves = movingPhases.includes(phase);
    if (moves) from ??= at;
    at += plannedSeconds * 1000;
    if (moves) to = at;
  }
  return from === undefined || to === undefined ? undefined : { from: new Date(from), to: new Date(to) };
}
