import type { Clock } from "../engine/clock";
import type { Timing } from "./strategy";

/** Measures a call, and what of it the platform took: starting pods, a swap, a deployment. */
export class Stopwatch {
  private readonly began: number;
  private platformMilliseconds = 0;

  constructor(private readonly clock: Pick<Clock, "monotonic">) {
    this.began = clock.monotonic();
  }

  /** Work that is the platform's. */
  async platform<T>(work: () => Promise<T>): Promise<T> {
    const began = this.clock.monotonic();
    try {
      return await work();
    } finally {
      this.platformMilliseconds += this.clock.monotonic() - began;
    }
  }

  timing(): Timing {
    const all = this.clock.monotonic() - this.began;
    const platformMilliseconds = Math.min(all, this.platformMilliseconds);
    return { ownMilliseconds: all - platformMilliseconds, platformMilliseconds };
  }
}
