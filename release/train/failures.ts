import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";

const retryMilliseconds = 15_000;
/** Longer than two leases last. */
const mostAttempts = 5;

/** Why a release does not run in the process that walks its train. */
export interface Failure {
  readonly error: unknown;
  readonly why: string;
  /** Whether it may mend itself, such as a lease that has not run out yet. */
  readonly retriable: boolean;
  readonly attempt: number;
  /** Of the monotonic clock. */
  readonly retryAt: number;
}

/** Releases that failed in this process, and when each is taken up again as a new process would. */
export class Failures {
  readonly #of = new Map<string, Failure>();

  constructor(private readonly clock: Clock) {}

  /** @returns the failure when it is another one than before: that is told and written down */
  add(system: string, error: unknown): Failure | undefined {
    const before = this.#of.get(system);
    const failure: Failure = {
      error,
      why: error instanceof Error ? error.message : String(error),
      retriable: error instanceof UserError && error.retriable,
      attempt: (before?.attempt ?? 0) + 1,
      retryAt: this.clock.monotonic() + retryMilliseconds,
    };
    this.#of.set(system, failure);
    return before?.why === failure.why ? undefined : failure;
  }

  forget(system: string): void {
    this.#of.delete(system);
  }

  get first(): Failure | undefined {
    return [...this.#of.values()][0];
  }

  /** Whether it is worth to stay for one of them, with nothing else to do. */
  get mayMend(): boolean {
    return [...this.#of.values()].some(({ retriable, attempt }) => retriable && attempt < mostAttempts);
  }

  due(): readonly string[] {
    const now = this.clock.monotonic();
    return [...this.#of].flatMap(([system, { retryAt }]) => (retryAt <= now ? [system] : []));
  }

  /** Milliseconds until the next one is due; undefined when there is none. */
  untilDue(): number | undefined {
    const times = [...this.#of.values()].map(({ retryAt }) => retryAt - this.clock.monotonic());
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
