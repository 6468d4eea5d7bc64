import { attempt } from "./attempts";
import type { Walk } from "./walk";

const limitSeconds = 600;

/**
 * Does what must be done before a release can end and is no step of its plan. What fails waits for a person, and is then
 * tried again.
 *
 * @param what in words; under this name its failures stand in the journal
 */
export async function untilDone(
  walk: Walk,
  what: string,
  work: (limit: AbortSignal) => Promise<void>,
): Promise<void> {
  const { diary, parts } = walk;
  for (;;) {
    const outcome = await attempt({ id: what, timeoutSeconds: limitSeconds }, work, {
      clock: parts.clock,
      diary,
      signal: walk.signal,
    });
    if ("seen" in outcome) return;
    await walk.hold({ why: `${what}: ${outcome.why}`, step: what, needsPerson: true });
    while (diary.state.held !== undefined) await walk.stay(outcome.why);
  }
}
