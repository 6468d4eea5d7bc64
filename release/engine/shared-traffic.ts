import type { PlanStep } from "../plan/plan";
import { untilNothingHolds } from "./dwell";
import { untilItMay } from "./until-it-may";
import type { Walk } from "./walk";

/** Longer than this after a weight was over, what its gates said then is nothing to go on by. */
const freshSeconds = 60;

/**
 * Between two weights people may be asked, a window be closed or a check be repeated, for hours: before more traffic moves the
 * gates of the ramp have to pass as they had when the weight before was over.
 *
 * @returns whether that took so long that whatever was looked at before it may be old again
 */
export async function untilGatesPassStill(walk: Walk, step: PlanStep): Promise<boolean> {
  const { clock } = walk.parts;
  const { begun } = walk.diary.state;
  // One that has begun is brought to its end, and is held with its gates then.
  if (step.does.as !== "weight" || begun.includes(step.id) || !isShared(walk)) return false;
  const since = secondsSinceMove(walk);
  // A clock that was set back says nothing.
  if (since >= 0 && since <= freshSeconds) return false;
  const before = clock.monotonic();
  await untilNothingHolds(walk, before);
  return ((clock.monotonic() - before) / 1000) * clock.speed > freshSeconds;
}

/**
 * What a phase has to wait for before it moves traffic is waited for in the phase before while some have the new side
 * already: the gates that send them back are looked at there, and may be none of the next phase's.
 *
 * @param first step of the next phase
 */
export async function untilNextPhaseMay(walk: Walk, first: PlanStep): Promise<void> {
  const { phase } = walk.diary.state;
  if (phase === undefined || phase === first.phase || !isShared(walk)) return;
  const moving = walk.plan.steps.find(
    (step) => step.phase === first.phase && walk.plan.entries[step.entry]?.word === "step",
  );
  if (moving === undefined) return;
  // A process that takes the release up here has looked at no gate of the phase yet.
  await walk.enter(phase);
  while (await untilItMay(walk, moving)) await untilNothingHolds(walk, walk.parts.clock.monotonic());
}

function isShared({ diary }: Walk): boolean {
  const { servedPercent } = diary.state;
  return servedPercent > 0 && servedPercent < 100;
}

function secondsSinceMove({ diary, parts: { clock } }: Walk): number {
  const { movedAt, startedAt } = diary.state;
  return ((clock.now().getTime() - Date.parse(movedAt ?? startedAt)) / 1000) * clock.speed;
}
