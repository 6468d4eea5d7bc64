import type { Clock } from "../engine/clock";
import type { JournalEntry } from "../journal/entry";
import type { Journal } from "../journal/journal";
import { UserError } from "../user-error";
import { afterEntry, type TrainState, trainStateOf } from "./train-state";

const pauseMilliseconds = 15_000;

/** The journal of a running train together with what it says: one entry after the other, whoever writes. */
export class TrainDiary {
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly journal: Journal,
    public state: TrainState,
    private readonly clock: Clock,
    private readonly progress: (line: string) => void,
  ) {}

  static async open(journal: Journal, clock: Clock, progress: (line: string) => void): Promise<TrainDiary> {
    return new TrainDiary(journal, trainStateOf(await journal.read()), clock, progress);
  }

  /**
   * A store that does not answer is asked again: meanwhile nothing begins, and no release waits for it that goes back.
   * @throws LeaseLost, the signal's reason, and what is wrong with a journal that takes nothing for good
   */
  write(entry: JournalEntry, signal: AbortSignal): Promise<void> {
    const written = this.#queue.then(async () => {
      for (;;) {
        try {
          this.state = afterEntry(this.state, await this.journal.append(entry));
          return;
        } catch (error) {
          if (!(error instanceof UserError && error.retriable)) throw error;
          this.progress(`the journal of the train does not take an entry: ${error.message}; asked again`);
          await this.clock.sleep(pauseMilliseconds, signal);
        }
      }
    });
    this.#queue = written.catch(() => undefined);
    return written;
  }
}
