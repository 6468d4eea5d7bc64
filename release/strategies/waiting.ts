import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";

export interface Waiting {
  readonly clock: Clock;
  readonly seconds: number;
  readonly lookMilliseconds: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks until something is there. The limit is the platform's own time, which no rehearsal makes faster.
 *
 * @param look a text says what is still missing
 * @throws UserError, retriable, with what was missing at the end
 */
export async function waitFor<T extends object>(
  what: string,
  look: () => Promise<T | string>,
  { clock, seconds, lookMilliseconds, signal }: Waiting,
): Promise<T> {
  const deadline = clock.monotonic() + seconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (typeof found !== "string") return found;
    if (clock.monotonic() >= deadline) {
      throw new UserError(`${what} within ${seconds} s: ${found}`, { retriable: true });
    }
    await clock.sleep(lookMilliseconds, signal);
  }
}

/** Says a line when it is another than the one before. */
export function whenChanged(progress: (line: string) => void): (line: string) => void {
  let last: string | undefined;
  return (line) => {
    if (line !== last) progress(line);
    last = line;
  };
}
