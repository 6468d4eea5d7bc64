import { setTimeout as wait } from "node:timers/promises";

/**
 * Waits until `condition` gives something other than undefined or false.
 *
 * @throws Error that names `what` when `withinMilliseconds` have passed.
 */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  withinMilliseconds = 60_000,
): Promise<T> {
  const deadline = Date.now() + withinMilliseconds;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMilliseconds / 1000} s`);
    await wait(20);
  }
}
