import type { Clock } from "../engine/clock";

/** What wakes those who wait for something in a train to change: each looks again at what he waits for. */
export class Changes {
  #wake!: () => void;
  #next = this.#following();

  constructor(private readonly clock: Clock) {}

  /** Resolves with the next change; taken before one looks, so that none is missed. */
  get next(): Promise<void> {
    return this.#next;
  }

  happened(): void {
    const wake = this.#wake;
    this.#next = this.#following();
    wake();
  }

  /** Until a change, or so long; without a time only until a change. @throws the signal's reason */
  async until(change: Promise<void>, milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const others: Promise<void>[] = [aborted(either)];
    if (milliseconds !== undefined) others.push(this.clock.sleep(Math.max(1, milliseconds), either));
    for (const other of others) other.catch(() => undefined);
    try {
      await Promise.race([change, ...others]);
    } finally {
      over.abort(new Error("something has changed"));
    }
  }

  #following(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Never resolves. @throws the signal's reason once it is aborted */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
