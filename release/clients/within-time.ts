import { setMaxListeners } from "node:events";

/**
 * Work that is told to stop when its time is over, or when whoever asked for it is told to. The limit is held by its timer:
 * `AbortSignal.any` holds its sources weakly, so that a garbage collection takes an `AbortSignal.timeout` among them away,
 * and what waits for it then waits for ever (seen with Node 20.20.2; `lint/signal-of-timeout.grit` refuses it).
 *
 * @param outer its reason is passed on
 * @returns what the work gives; it ends early only as far as the work heeds its signal
 * @throws what the work throws, which is the signal's reason for what heeds it: a `TimeoutError` by name when its time was over
 */
export async function withinTime<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController();
  const passOn = () => ends.abort(outer?.reason);
  if (outer?.aborted) passOn();
  // Many calls of one operation wait at once; each takes its listener away when it ends.
  if (outer) setMaxListeners(0, outer);
  outer?.addEventListener("abort", passOn, { once: true });
  const timer = setTimeout(() => ends.abort(timeOver(milliseconds)), milliseconds);
  try {
    return await work(ends.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", passOn);
  }
}

function timeOver(milliseconds: number): DOMException {
  return new DOMException(`it has not ended within ${milliseconds / 1000} s`, "TimeoutError");
}
