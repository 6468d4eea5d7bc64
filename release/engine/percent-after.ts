import { knownOfPlan } from "../plan/known-of-plan";
import type { Plan, PlanStep } from "../plan/plan";

const percents = knownOfPlan(
  (plan) => new Map([...plan.steps, ...plan.rollback].map((step) => [step.id, percentOf(plan, step)])),
);

/** Percent of the traffic that the candidate has once a step is done; undefined when the step moves none. */
export function percentAfter(plan: Plan, id: string): number | undefined {
  return percents(plan).get(id);
}

function percentOf(plan: Plan, step: PlanStep): number | undefined {
  if (step.does.as === "weight") return step.does.percent;
  const entry = plan.entries[step.entry];
  if (step.does.as !== "action" || entry?.word !== "step") return undefined;
  const { does } = entry;
  // What has one side only is deployed in place, and everybody gets it by that.
  if (does.action === "deploy") return does.to === "inPlace" && does.version !== "previous" ? 100 : undefined;
  if (does.action !== "traffic") return undefined;
  if (does.move === "switch") return 100;
  return does.move === "back" ? 0 : undefined;
}

/** Steps of the way back after which the candidate has no traffic any more. */
export function stepsBack(plan: Plan): readonly string[] {
  return plan.rollback.filter(({ id }) => percentAfter(plan, id) === 0).map(({ id }) => id);
}
