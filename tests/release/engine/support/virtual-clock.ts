import type { Clock } from "../../../../release/engine/clock";

interface Sleeper {
  readonly until: number;
  readonly order: number;
  wake(): void;
}

/** Time that passes only when everybody waits for it. */
export class VirtualClock implements Clock {
  readonly speed = 1;
  #milliseconds = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];

  constructor(private readonly begins = Date.parse("2026-03-03T10:00:00Z")) {}

  now(): Date {
    return new Date(this.begins + this.#milliseconds);
  }

  monotonic(): number {
    return this.#milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = {
        until: this.#milliseconds + Math.max(milliseconds, 0),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Lets time pass until the work is done. @throws Error when it waits for something that no time brings */
  async until<T>(work: Promise<T>): Promise<T> {
    const outcome: { over: boolean } = { over: false };
    const watched = work.finally(() => {
      outcome.over = true;
    });
    watched.catch(() => undefined);
    for (;;) {
      // Several turns of the loop: whatever is ready goes on before time does.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (outcome.over) return watched;
      const [first] = [...this.#sleepers].sort((a, b) => a.until - b.until || a.order - b.order);
      if (first === undefined) throw new Error("everybody waits and nobody sleeps");
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== first);
      this.#milliseconds = first.until;
      first.wake();
    }
  }
}
