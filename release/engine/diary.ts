import type { JournalEntry, JournalRecord } from "../journal/entry";
import type { Journal } from "../journal/journal";
import { UserError } from "../user-error";
import type { Clock } from "./clock";
import { after, type ReleaseState, stateOf } from "./state";

const firstPauseMilliseconds = 500;
const longestPauseMilliseconds = 15_000;

/**
 * The journal of a running release together with what it says: one entry after the other, however many loops write.
 * Nothing is done before what is meant to be done is written down; a store that does not answer is asked again for as
 * long as it takes, since a release that cannot write must not act either.
 */
export class Diary {
  #state: ReleaseState;
  #queue: Promise<unknown> = Promise.resolve();
  #rollsBack = false;
  #isAway = false;
  #goesAway!: () => void;
  #away = this.#nextAway();
  #hurry!: () => void;
  readonly #hurried = new Promise<void>((resolve) => {
    this.#hurry = resolve;
  });

  private constructor(
    private readonly journal: Journal,
    records: readonly JournalRecord[],
    private readonly clock: Clock,
    private readonly progress: (line: string) => void,
  ) {
    this.#state = stateOf(records);
  }

  static async open(journal: Journal, clock: Clock, progress: (line: string) => void): Promise<Diary> {
    return new Diary(journal, await journal.read(), clock, progress);
  }

  /** As it is now; its maps go on with the journal. */
  get state(): ReleaseState {
    return this.#state;
  }

  /**
   * Whether all traffic goes back, or is about to. From then on a journal must not wait for its store
   * (release/journal/local-journal.ts): the verdict that leads to the rollback is the first entry that cannot.
   */
  get rollsBack(): boolean {
    const { rollback, reopened } = this.#state;
    return this.#rollsBack || rollback !== undefined || reopened !== undefined;
  }

  rollBackNow(): void {
    this.#rollsBack = true;
    this.#hurry();
  }

  /** @throws LeaseLost, the signal's reason, and what is wrong with a journal that takes nothing for good */
  write(entry: JournalEntry, signal?: AbortSignal): Promise<JournalRecord> {
    const written = this.#queue.then(async () => {
      const record = await this.#persist(entry, signal);
      this.#state = after(this.#state, record, true);
      return record;
    });
    this.#queue = written.catch(() => undefined);
    return written;
  }

  /**
   * Written, or in its turn behind a store that is away: whoever watches watches on meanwhile, or a breach would not be
   * counted for as long as nobody can write it down.
   */
  async writeOrWait(entry: JournalEntry): Promise<void> {
    const written = this.write(entry);
    // When the store is there again, what then fails fails for the next entry too.
    written.catch(() => undefined);
    await Promise.race([written, this.#away]);
  }

  #nextAway(): Promise<void> {
    return new Promise((resolve) => {
      this.#goesAway = resolve;
    });
  }

  async #persist(entry: JournalEntry, signal: AbortSignal | undefined): Promise<JournalRecord> {
    for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
      try {
        const record = await this.journal.append(entry);
        if (this.#isAway) this.#away = this.#nextAway();
        this.#isAway = false;
        return record;
      } catch (error) {
        if (!(error instanceof UserError && error.retriable)) throw error;
        this.#isAway = true;
        this.#goesAway();
        this.progress(`the journal does not take what is to be written: ${error.message}; asked again`);
        const slept = this.clock.sleep(pause, signal);
        if (this.#rollsBack) await slept;
        else {
          slept.catch(() => undefined);
          await Promise.race([slept, this.#hurried]);
        }
      }
    }
  }
}
