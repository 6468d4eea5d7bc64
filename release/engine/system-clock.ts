import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "./clock";

/** The machine's clock. @param speed above 1 for a rehearsal */
export function systemClock(speed = 1): Clock {
  return {
    speed,
    now: () => new Date(),
    monotonic: () => performance.now(),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      try {
        await pause(milliseconds, undefined, { signal });
      } catch (error) {
        throw signal?.aborted ? signal.reason : error;
      }
    },
  };
}
