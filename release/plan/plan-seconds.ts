import type { PlanStep } from "./plan";

/** How long steps take without the time that people need: as planned, and when each takes all that it may. */
export function planSeconds(steps: readonly PlanStep[]): { planned: number; atMost: number } {
  const machine = steps.filter(({ does }) => does.as !== "approval" && does.as !== "question");
  return {
    planned: machine.reduce((sum, { plannedSeconds }) => sum + plannedSeconds, 0),
    atMost: machine.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0),
  };
}

/**
 * When the steps that are not done yet are planned to be, without the time that people need.
 *
 * @param done ids of steps
 * @param speed how many times faster than planned it is walked
 */
export function plannedEnd(
  steps: readonly PlanStep[],
  done: { has(step: string): boolean },
  now: Date,
  speed: number,
): Date {
  const { planned } = planSeconds(steps.filter(({ id }) => !done.has(id)));
  return new Date(now.getTime() + (planned * 1000) / speed);
}
