import { LeaseLost } from "../journal/journal";
import { UserError } from "../user-error";
import type { Clock } from "./clock";
import type { Diary } from "./diary";

const firstPauseMilliseconds = 1000;
const longestPauseMilliseconds = 30_000;
/**
 * For what is under way when the time is over: a call to the outside, which has a limit of its own, and a Job, whose
 * deadline may be the step's. A write that nobody waited for could come after a look of the way back.
 */
const settlingMilliseconds = 60_000;

/** Made once: without a reason each would be an exception with the stack of its place, of which nobody hears. */
const tryOver = new Error("the try is over");

/** What came of an action: it is done, or it cannot be, with the reason. */
export type Outcome<Seen> = { readonly seen: Seen; readonly milliseconds: number } | { readonly why: string };

/**
 * Tries an action until it is done, its time is over, or it fails in a way that trying again does not mend. Actions look
 * first and do what is missing, so that trying again does nothing twice. A try is told when the time is over, and given up
 * when it goes on nevertheless; it is the platform's own time, which no rehearsal makes faster.
 *
 * @param act its signal is aborted with a UserError: from then on it waits for nothing and begins no write
 * @throws LeaseLost, the signal's reason, and what is no UserError: a bug
 */
export async function attempt<Seen>(
  step: { readonly id: string; readonly timeoutSeconds: number },
  act: (limit: AbortSignal) => Promise<Seen>,
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
      const left = step.timeoutSeconds * 1000 - (clock.monotonic() - began);
      const seen = await withinStep(step, Math.max(left, 0), act, clock);
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

/** @throws UserError, retriable, when the try does not answer */
async function withinStep<Seen>(
  { timeoutSeconds }: { readonly timeoutSeconds: number },
  milliseconds: number,
  act: (limit: AbortSignal) => Promise<Seen>,
  clock: Clock,
): Promise<Seen> {
  const limit = new AbortController();
  const ended = new AbortController();
  const giveUp = async (): Promise<never> => {
    await clock.sleep(milliseconds, ended.signal);
    const noAnswer = new UserError(`no answer within ${timeoutSeconds} s`, { retriable: true });
    limit.abort(noAnswer);
    await clock.sleep(settlingMilliseconds, ended.signal);
    throw noAnswer;
  };
  try {
    return await Promise.race([act(limit.signal), giveUp()]);
  } finally {
    ended.abort(tryOver);
  }
}
