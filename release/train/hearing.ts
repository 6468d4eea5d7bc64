import type { Command } from "../journal/journal";
import type { Changes } from "./changes";
import type { TrainDiary } from "./train-diary";

interface Speakers {
  /** Commands to the train that were given already. */
  given(known: ReadonlySet<string>): Promise<readonly Command[]>;
  /** The next command to the train, once it is there. @throws the signal's reason */
  nextCommand(known: ReadonlySet<string>, signal: AbortSignal): Promise<Command>;
  progress(line: string): void;
}

/** Takes down what people say to a train; what follows from it, its state says. */
export class Hearing {
  #deaf: unknown;

  constructor(
    private readonly speakers: Speakers,
    private readonly diary: TrainDiary,
    private readonly changes: Changes,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws what keeps it from hearing */
  throwIfDeaf(): void {
    if (this.#deaf !== undefined) throw this.#deaf;
  }

  /** @returns whether anything was said while nobody listened */
  async takeIn(): Promise<boolean> {
    const commands = await this.speakers.given(this.#known);
    for (const command of commands) await this.#takeDown(command);
    return commands.length > 0;
  }

  /** Until the signal is aborted. */
  async listen(): Promise<void> {
    try {
      for (;;) await this.#takeDown(await this.speakers.nextCommand(this.#known, this.signal));
    } catch (error) {
      if (!this.signal.aborted) this.#deaf = error;
      this.changes.happened();
    }
  }

  get #known(): ReadonlySet<string> {
    return new Set(this.diary.state.commands.map(({ id }) => id));
  }

  async #takeDown({ id, command, by, reason }: Command): Promise<void> {
    if (this.#known.has(id)) return;
    const entry = { kind: "command", id, command, by, ...(reason !== undefined && { reason }) } as const;
    await this.diary.write(entry, this.signal);
    this.speakers.progress(`${command} of the train by ${by}${reason === undefined ? "" : `: ${reason}`}`);
    this.changes.happened();
  }
}
