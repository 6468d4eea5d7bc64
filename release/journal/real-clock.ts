import { uptime } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../engine/clock";

/** Uptime is told in hundredths of a second and read a moment later; whoever closes a laptop is away for longer. */
const shortestSleepMilliseconds = 2_000;

/**
 * Time that goes on while the machine sleeps. What Node measures stands still then on Linux (clock_gettime(2),
 * CLOCK_MONOTONIC), and the machine's uptime does not.
 *
 * @param measured milliseconds that only grow
 * @param uptimeSeconds since the machine's start
 */
export function throughSleep(measured: () => number, uptimeSeconds: () => number): () => number {
  const [began, upAt] = [measured(), uptimeSeconds()];
  let slept = 0;
  return () => {
    const now = measured();
    const missing = (uptimeSeconds() - upAt) * 1000 - (now - began);
    if (missing - slept > shortestSleepMilliseconds) slept = missing;
    return now + slept;
  };
}

const measured = () => performance.now();

/** Time as the machine has it. A sleep under it keeps no process alive. */
export const realClock: Clock = {
  now: () => new Date(),
  monotonic: process.platform === "linux" ? throughSleep(measured, uptime) : measured,
  async sleep(milliseconds, signal) {
    try {
      await pause(milliseconds, undefined, { signal, ref: false });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
  speed: 1,
};
