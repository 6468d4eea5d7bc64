import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../engine/clock";

/** Time as the machine has it. A sleep under it keeps no process alive. */
export const realClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  async sleep(milliseconds, signal) {
    try {
      await pause(milliseconds, undefined, { signal, ref: false });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
  speed: 1,
};
