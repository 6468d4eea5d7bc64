import { setTimeout as wait } from "node:timers/promises";

/** Looks again after these many milliseconds: at once for what is nearly there, seldom for what takes seconds. */
const pauses = { first: 2, longest: 40 } as const;

/**
 * Waits until `condition` gives something other than undefined or false; what it throws counts as not yet.
 *
 * @throws Error that names `what` when `withinMilliseconds` have passed, by a clock that nobody sets; its cause is what
 *   `condition` threw last
 */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  withinMilliseconds = 60_000,
): Promise<T> {
  const deadline = performance.now() + withinMilliseconds;
  for (let pause: number = pauses.first; ; pause = Math.min(2 * pause, pauses.longest)) {
    let thrown: unknown;
    try {
      const result = await condition();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() > deadline) {
      const why = thrown instanceof Error ? ` (${thrown.message})` : "";
      throw new Error(`${what}: not within ${withinMilliseconds / 1000} s${why}`, { cause: thrown });
    }
    await wait(pause);
  }
}

/** Of what is to happen at once: by the same rules, within 5 s. */
export function soon<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  return until(what, condition, 5_000);
}
