import type { PlanStep } from "../plan/plan";
import type { Walk } from "./walk";

/**
 * The way back does not wait for a step or a gate: people may be on a version that fails. What it said is written down, and
 * told to whoever is told of the rollback.
 *
 * @param said of it, in words
 * @param seen written down beside that it was not waited for
 */
export function goOnWithout(
  walk: Walk,
  step: PlanStep,
  said: string,
  seen: { readonly why: string; readonly verdict?: string },
): Promise<void> {
  walk.parts.progress(`the way back does not wait for ${step.entry}: ${seen.why}`);
  const reason = [walk.diary.state.rollback?.why, said].filter(Boolean).join("; ");
  walk.tellAll(({ at }) => at === "rollback" || at === "breach", { gate: step.entry, reason });
  return walk.done(step, { ...seen, waitedFor: false }, 0);
}
