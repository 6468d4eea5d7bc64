import { LeaseLost } from "../journal/journal";
import { UserError } from "../user-error";
import type { Clock } from "./clock";
import type { Diary } from "./diary";

const firstPauseMilliseconds = 1000;
const longestPauseMilliseconds = 30_000;

/** What came of an action: it is done, or it cannot be, with the reason. */
export type Outcome<Seen> = { readonly seen: Seen; readonly milliseconds: number } | { readonly why: string };

/**
 * Tries an action until it is done, its time is over, or it fails in a way that trying again does not mend. Actions look
 * first and do what is missing, so that trying again does nothing twice.
 *
 * @throws LeaseLost, the signal's reason, and what is no UserError: a bug
 */
export async function attempt<Seen>(
  step: { readonly id: string; readonly timeoutSeconds: number },
  act: () => Promise<Seen>,
  { clock, diary, signal }: { clock: Clock; diary: Diary; signal: AbortSignal },
): Promise<Outcome<Seen>> {
  const began = clock.monotonic();
  const until = began + (step.timeoutSeconds * 1000) / clock.speed;
  for (
    let tries = 1, pause = firstPauseMilliseconds;
    ;
    tries++, pause = Math.min(pause * 2, longestPauseMilliseconds)
  ) {
    try {
      const seen = await act();
      return { seen, milliseconds: clock.monotonic() - began };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof LeaseLost || !(error instanceof UserError)) throw error;
      const why = error.mend === undefined ? error.message : `${error.message} (${error.mend})`;
      await diary.write(
        { kind: "failed", step: step.id, why, retriable: error.retriable, attempt: tries },
        signal,
      );
      const late = clock.monotonic() + pause / clock.speed > until;
      if (!error.retriable) return { why };
      if (late) return { why: `${why}; tried ${tries} times in ${step.timeoutSeconds} s` };
      await clock.sleep(pause / clock.speed, signal);
    }
  }
}
