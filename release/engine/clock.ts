/** Time as the engine sees it. Injected, so that a simulation runs in virtual time and a rehearsal faster than life. */
export interface Clock {
  /** Wall clock; may be set back by its machine. */
  now(): Date;
  /** Milliseconds that only grow; durations are measured with it. */
  monotonic(): number;
  /** @throws the signal's reason when it is aborted first */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** How many seconds of a runbook pass in one real second. 1 but in a rehearsal. */
  readonly speed: number;
}
