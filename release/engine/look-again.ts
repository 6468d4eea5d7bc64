import type { PlanStep } from "../plan/plan";
import { isLook } from "../plan/way-back";
import type { Gate } from "./parts";
import { passGate } from "./pass-gate";
import { untilItMay } from "./until-it-may";
import type { Walk } from "./walk";

/** Older than this, what was seen before says nothing about now. */
const staleMinutes = 30;

/**
 * Before something moves, what must hold for it is looked at again: gates where that was too long ago, approvals and the
 * calendar always. Where those had to be waited for, the gates may be old again.
 */
export async function lookAgain(walk: Walk, step: PlanStep): Promise<void> {
  do await lookAtGates(walk, step);
  while (await untilItMay(walk, step));
}

async function lookAtGates(walk: Walk, step: PlanStep): Promise<void> {
  const { plan, parts, diary } = walk;
  if (!moves(walk, step)) return;
  for (const id of step.precondition) {
    const before = plan.steps.find((candidate) => candidate.id === id);
    const entry = before && plan.entries[before.entry];
    const done = diary.state.done.get(id);
    if (before?.does.as !== "gate" || done === undefined || !isLook(entry as Gate)) continue;
    const minutes = ((parts.clock.now().getTime() - Date.parse(done.at)) * parts.clock.speed) / 60_000;
    if (minutes > staleMinutes) await passGate(walk, before, entry as Gate, false);
  }
}

function moves({ plan }: Walk, { does, entry }: PlanStep): boolean {
  if (does.as === "weight") return true;
  const named = plan.entries[entry];
  if (does.as !== "action" || named?.word !== "step") return false;
  return named.does.action === "traffic" || named.does.action === "migrate";
}
