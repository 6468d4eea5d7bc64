import type { PlanStep } from "../plan/plan";
import type { Walk } from "./walk";

/** Seconds of the runbook until a time that people were told of; 0 when it has come, and for any other step. */
export function secondsUntilAnnounced({ parts: { clock } }: Walk, { does }: PlanStep): number {
  if (does.as !== "wait") return 0;
  const passed = ((clock.now().getTime() - Date.parse(does.since)) / 1000) * clock.speed;
  return Math.max(0, does.seconds - passed);
}

/** Waits until a time that people were told of. Nothing is on hold by that: it is what is planned. */
export async function untilAnnounced(walk: Walk, step: PlanStep): Promise<void> {
  const { clock, progress } = walk.parts;
  const began = clock.monotonic();
  if (secondsUntilAnnounced(walk, step) > 0) progress(step.action);
  for (;;) {
    await walk.safePoint();
    const seconds = secondsUntilAnnounced(walk, step);
    if (seconds === 0) break;
    await walk.sleep(Math.max(1, (seconds * 1000) / clock.speed));
  }
  const waited = clock.monotonic() - began;
  await walk.done(step, { waited: waited / 1000 }, waited);
}
