import type { PlanStep } from "./plan";

/** How long steps take without the time that people need: as planned, and when each takes all that it may. */
export function planSeconds(steps: readonly PlanStep[]): { planned: number; atMost: number } {
  const machine = steps.filter(({ does }) => does.as !== "approval" && does.as !== "question");
  return {
    planned: machine.reduce((sum, { plannedSeconds }) => sum + plannedSeconds, 0),
    atMost: machine.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0),
  };
}
