import { knownOfPlan } from "../plan/known-of-plan";
import type { PlanStep } from "../plan/plan";
import { updatesStack } from "../plan/selection";
import { isLook } from "../plan/way-back";
import type { EntryOfWord, Gate } from "./parts";
import { passGate } from "./pass-gate";
import { untilGatesPassStill } from "./shared-traffic";
import { untilItMay } from "./until-it-may";
import type { Walk } from "./walk";

/** Older than this, what was seen before says nothing about now. */
const staleMinutes = 30;

/**
 * Before something moves, what must hold for it is looked at again: gates where that was too long ago, approvals and the
 * calendar always, and of a ramp what is watched. Where those had to be waited for, the gates may be old again.
 */
export async function lookAgain(walk: Walk, step: PlanStep): Promise<void> {
  do {
    await lookAtWhatIsTooOld(walk, step);
    await lookAtGates(walk, step);
  } while ((await untilItMay(walk, step)) || (await untilGatesPassStill(walk, step)));
}

/**
 * What a blocking target wants to be no older when a step begins: the gates from the first of its span on are looked at
 * again, and decide as they did.
 */
async function lookAtWhatIsTooOld(walk: Walk, step: PlanStep): Promise<void> {
  const { entries, steps } = walk.plan;
  for (const target of blockingTargets(walk.plan)) {
    if (target.span.to !== step.entry) continue;
    const from = steps.findIndex(({ entry }) => entry === target.span.from);
    const seconds = from < 0 ? undefined : secondsSince(walk, steps[from]!.id);
    if (seconds === undefined || seconds <= (target.atMostSeconds ?? seconds)) continue;
    for (const before of steps.slice(from, steps.indexOf(step))) {
      const entry = entries[before.entry];
      if (before.does.as === "gate" && isLook(entry as Gate))
        await passGate(walk, before, entry as Gate, false);
    }
  }
}

const blockingTargets = knownOfPlan(({ entries }) =>
  Object.values(entries).filter(
    (entry): entry is EntryOfWord<"target"> => entry.word === "target" && entry.blocking === true,
  ),
);

/** Runbook seconds since a step was done. */
function secondsSince({ diary, parts }: Walk, id: string): number | undefined {
  const done = diary.state.done.get(id);
  if (done === undefined) return undefined;
  return ((parts.clock.now().getTime() - Date.parse(done.at)) * parts.clock.speed) / 1000;
}

async function lookAtGates(walk: Walk, step: PlanStep): Promise<void> {
  const { plan, diary } = walk;
  if (!moves(walk, step)) return;
  // What it found before is not there any more once it has begun: it is brought to its end.
  if (updatesStack(plan.entries[step.entry]) && diary.state.begun.includes(step.id)) return;
  for (const id of step.precondition) {
    const before = plan.steps.find((candidate) => candidate.id === id);
    const entry = before && plan.entries[before.entry];
    if (before?.does.as !== "gate" || !isLook(entry as Gate)) continue;
    if ((secondsSince(walk, id) ?? 0) > staleMinutes * 60) await passGate(walk, before, entry as Gate, false);
  }
}

function moves({ plan }: Walk, { does, entry }: PlanStep): boolean {
  if (does.as === "weight") return true;
  const named = plan.entries[entry];
  if (does.as !== "action" || named?.word !== "step") return false;
  return named.does.action === "traffic" || named.does.action === "migrate" || updatesStack(named);
}
