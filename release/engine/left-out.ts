import type { Plan } from "../plan/plan";
import { givenTraffic } from "./given-traffic";
import type { EntryOfWord } from "./parts";
import { isGivenBy, type ReleaseState } from "./state";

/** Pods of the old side that stay for longer are no reason to take back what is live: it waits. */
export function onlyTidies({ does }: EntryOfWord<"step">): boolean {
  return does.action === "scale" && does.side === "old" && does.to === 0;
}

/** Traffic that does not go back is no detail that can be left out: the rollback is not over without it. */
export function canBeLeftOut({ does }: EntryOfWord<"step">): boolean {
  return does.action !== "traffic" && does.action !== "deploy";
}

/** Whether `promote` does more for what holds a release than `resume`, which tries or looks again. */
export function promoteHelps(state: Pick<ReleaseState, "plan" | "held" | "begun" | "done">): boolean {
  const { plan, held, begun } = state;
  // A gate that is let pass, or what a person held.
  if (held?.step === undefined) return true;
  const { step: id } = held;
  // Traffic that was taken back elsewhere is given again by what comes next, if anything does.
  if (isGivenBy(id)) return givenTraffic(state).every(({ isGivenMore }) => isGivenMore);
  // Data that nobody has begun to restore stay as they are.
  if (plan.restore.some((step) => step.id === id) && !begun.includes(id)) return true;
  const entry = plan.entries[stepOf(plan, id)?.entry ?? ""];
  if (entry?.word !== "step") return false;
  return onlyTidies(entry) || (!plan.steps.some((step) => step.id === id) && canBeLeftOut(entry));
}

function stepOf({ steps, rollback, restore, aborted }: Plan, id: string) {
  return [...steps, ...rollback, ...restore, ...aborted].find((step) => step.id === id);
}
