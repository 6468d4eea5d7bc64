import type { CalendarVerdict, Span } from "../calendar/calendar";
import { zonedWords } from "../calendar/zoned-time";
import { movingSpan } from "../plan/calendar-refusals";
import type { PlanStep } from "../plan/plan";
import { calendarOf } from "../plan/plan-calendar";
import { movingPhases } from "../plan/selection";
import type { EntryOfWord } from "./parts";
import { hasChanged } from "./state";
import { standingOfApproval } from "./waiting";
import type { Walk } from "./walk";

/** Why a step may not be taken although the plan has come to it. */
interface Obstacle {
  readonly why: string;
  /** What is waited for: an approval that has to be given again, or the step itself until a window opens. */
  readonly step: string;
  readonly needsPerson: boolean;
  /** A window's, where it has a next one. */
  readonly opensAt?: Date;
  readonly approval?: EntryOfWord<"approval">;
}

/** A window that opens within so many hours is waited for by the process: no person is, and a pipeline's job lasts as long. */
export const patienceHours = 6;

/**
 * Waits until a step that moves traffic or data forward may be taken: its approvals still stand, and no window is closed.
 * Both were so once; a release that was on hold, or that no process ran, may come to the step days later. A person cannot
 * let it pass: past a window goes the emergency path alone, past an approval nobody. Asked for nothing on the way back.
 *
 * @returns whether it had to wait
 */
export async function untilItMay(walk: Walk, step: PlanStep): Promise<boolean> {
  if (!movesForward(step)) return false;
  const { diary } = walk;
  let waitsFor: string | undefined;
  let opening: Date | undefined;
  for (;;) {
    await personsHold(walk, waitsFor);
    const obstacle = (await approvalMissing(walk, step)) ?? windowClosed(walk, step, opening);
    if (obstacle === undefined) break;
    opening = obstacle.opensAt;
    if (diary.state.held?.step !== obstacle.step) {
      if (waitsFor !== obstacle.step) await ask(walk, obstacle);
      await walk.hold({ why: obstacle.why, step: obstacle.step, needsPerson: obstacle.needsPerson });
    }
    waitsFor = obstacle.step;
    await walk.stay(obstacle.why, opensSoon(walk, obstacle));
  }
  if (waitsFor === undefined) return false;
  if (diary.state.held?.step === waitsFor)
    await diary.write({ kind: "goesOn", by: "switchyard", why: `${step.title}: it may go on` });
  return true;
}

/**
 * Seconds for which a step that is come to at some moment would wait for a window; infinite where none opens within weeks.
 * Only steps that ask the calendar wait for it.
 */
export function secondsUntilOpen(walk: Walk, step: PlanStep, from: Date): number {
  const { plan, parts } = walk;
  if (!movesForward(step)) return 0;
  const calendar = calendarOf(plan, parts.days);
  const span = spanFrom(walk, step, from);
  if (calendar.refusals(span).length === 0) return 0;
  const opening = calendar.nextOpening(span);
  return opening === undefined ? Number.POSITIVE_INFINITY : (opening.getTime() - from.getTime()) / 1000;
}

function movesForward({ phase, does }: PlanStep): boolean {
  return movingPhases.includes(phase) && (does.as === "action" || does.as === "weight");
}

/** What a person holds stays held until somebody says otherwise, however open the window is. */
async function personsHold(walk: Walk, waitsFor: string | undefined): Promise<void> {
  walk.throwTurn();
  for (;;) {
    const { held } = walk.diary.state;
    if (held === undefined || !held.needsPerson || held.step === waitsFor) return;
    await walk.stay(held.why);
  }
}

function opensSoon({ parts }: Walk, { opensAt }: Obstacle): boolean {
  if (opensAt === undefined) return false;
  return opensAt.getTime() - parts.clock.now().getTime() <= patienceHours * 3_600_000;
}

/** Whom the process before this one asked is not asked again. */
async function ask({ diary }: Walk, { approval, step }: Obstacle): Promise<void> {
  const { left, done } = diary.state;
  if (left?.step === step && left.at > (done.get(step)?.at ?? "")) return;
  for (const role of approval?.roles ?? [])
    await diary.write({ kind: "asked", entry: approval!.name, role, question: approval!.title });
}

async function approvalMissing(walk: Walk, { precondition }: PlanStep): Promise<Obstacle | undefined> {
  for (const id of precondition) {
    const before = walk.plan.steps.find((one) => one.id === id);
    const approval = before && walk.plan.entries[before.entry];
    if (approval?.word !== "approval") continue;
    const { holds, why } = await standingOfApproval(approval, walk);
    if (!holds) return { why, step: id, needsPerson: true, approval };
  }
  return undefined;
}

/** @param known the next opening as it was found before; the search costs milliseconds, and a hold looks for hours */
function windowClosed(walk: Walk, step: PlanStep, known: Date | undefined): Obstacle | undefined {
  const { plan, parts } = walk;
  const calendar = calendarOf(plan, parts.days);
  if (calendar.zone === undefined) return undefined;
  const span = spanFrom(walk, step);
  const refusals = calendar.refusals(span);
  if (refusals.length === 0) return undefined;
  const opensAt = known !== undefined && known > span.from ? known : calendar.nextOpening(span);
  const why = closedWords(refusals, opensAt, calendar.zone);
  return { why, step: step.id, needsPerson: false, ...(opensAt !== undefined && { opensAt }) };
}

/** Before anything has moved, all that is going to: what does not fit is not begun. Then only this moment. */
function spanFrom({ diary, plan, parts }: Walk, step: PlanStep, now = parts.clock.now()): Span {
  const at = { from: now, to: now };
  return hasChanged(diary.state) ? at : (movingSpan(plan.steps.slice(plan.steps.indexOf(step)), now) ?? at);
}

function closedWords(refusals: CalendarVerdict["refusals"], opening: Date | undefined, zone: string): string {
  const closed = refusals.map(({ entry, why }) => `window ${entry}: ${why}`).join("; ");
  const open = opening === undefined ? "not within five weeks" : zonedWords(opening, zone);
  return `${closed}; open again: ${open}`;
}
