import { knownOfPlan } from "../plan/known-of-plan";
import type { PlanStep } from "../plan/plan";
import { minutesBeforePhase, type Notify, secondsUntil, startsInWords } from "../schedule/ahead";
import { secondsUntilAnnounced } from "./until-announced";
import { secondsUntilOpen } from "./until-it-may";
import type { Walk } from "./walk";

/**
 * While a step is waited for and done, tells what is told so many minutes before a later phase begins, once so much of the
 * plan is left before it. Nothing is told ahead of what a person may still refuse.
 *
 * @returns what stops it, when the step is over
 */
export function tellAhead(walk: Walk, step: PlanStep): () => void {
  const ahead = aheadOfPhases(walk, step);
  if (ahead.length === 0) return () => {};
  const { clock } = walk.parts;
  const stop = new AbortController();
  for (const { entry, minutes, until } of ahead) {
    const { seconds, ofStep } = secondsBefore(walk, step, until);
    const wait = Math.max(0, seconds - minutes * 60);
    // A later step is nearer to it.
    if (wait > ofStep || !Number.isFinite(wait)) continue;
    const tell = () => {
      // Nobody knows when one that a person holds goes on: it is told when it has.
      if (walk.diary.state.held?.needsPerson) return;
      walk.tellOnce(entry, { startsIn: startsInWords(seconds - wait) });
    };
    if (wait === 0) tell();
    else void clock.sleep((wait * 1000) / clock.speed, stop.signal).then(tell, () => undefined);
  }
  return () => stop.abort(stepOver);
}

/** Made once: nobody hears of it. */
const stepOver = new Error("the step is over");

interface Ahead {
  readonly entry: Notify;
  readonly minutes: number;
  /** Step at which the release tells it where nobody has before. */
  readonly until: PlanStep;
}

/** Most plans have none. */
const allAhead = knownOfPlan((plan) =>
  plan.steps.flatMap((until): Ahead[] => {
    const entry = plan.entries[until.entry];
    if (until.does.as !== "message" || entry?.word !== "notify") return [];
    const minutes = minutesBeforePhase(entry);
    if (minutes === undefined || plan.scheduled?.told[entry.name] !== undefined) return [];
    return [{ entry, minutes, until }];
  }),
);

function aheadOfPhases({ plan }: Walk, step: PlanStep): readonly Ahead[] {
  return allAhead(plan).filter(({ until }) => {
    if (until.phase === step.phase) return false;
    const [here, there] = [plan.steps.indexOf(step), plan.steps.indexOf(until)];
    if (there < here) return false;
    return plan.steps
      .slice(here, there)
      .every(({ does }) => does.as !== "approval" && does.as !== "question");
  });
}

/** As planned, with the time for which what moves waits until it was announced to begin, and its first step for a window. */
function secondsBefore(
  walk: Walk,
  step: PlanStep,
  until: PlanStep,
): { readonly seconds: number; readonly ofStep: number } {
  const { plan, parts } = walk;
  const now = parts.clock.now().getTime();
  const { steps } = plan;
  let planned = 0;
  let announced = 0;
  for (const one of steps.slice(steps.indexOf(step), steps.indexOf(until) + 1)) {
    if (one.does.as === "wait") {
      announced = Math.max(0, secondsUntilAnnounced(walk, one) - planned);
      planned += announced;
    }
    const closed = secondsUntilOpen(walk, one, new Date(now + planned * 1000));
    if (closed > 0) {
      const seconds = secondsUntil(plan, until.phase, step) + announced + closed;
      return { seconds, ofStep: step.plannedSeconds + (one === step ? closed : 0) };
    }
    planned += one.plannedSeconds;
  }
  return {
    seconds: secondsUntil(plan, until.phase, step) + announced,
    ofStep: step.plannedSeconds + (step.does.as === "wait" ? announced : 0),
  };
}
