import { setMaxListeners } from "node:events";

/**
 * Work that is told to stop when its time is over, or when whoever asked for it is told to. As in release/clients, which
 * local/ may not import: `AbortSignal.any` would hold an `AbortSignal.timeout` weakly, and lose it to a garbage collection.
 *
 * @throws what the work throws, which is a `TimeoutError` by name when its time was over
 */
export async function withinTime<T>(
  milliseconds: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController();
  const passOn = () => ends.abort(outer.reason);
  if (outer.aborted) passOn();
  // Many calls of one operation wait at once; each takes its listener away when it ends.
  setMaxListeners(0, outer);
  outer.addEventListener("abort", passOn, { once: true });
  const timeOver = () =>
    ends.abort(new DOMException(`it has not ended within ${milliseconds / 1000} s`, "TimeoutError"));
  const timer = setTimeout(timeOver, milliseconds);
  try {
    return await work(ends.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener("abort", passOn);
  }
}
