import type { Company } from "../engine/company";
import type { EngineParts } from "../engine/parts";
import type { RunResult } from "../engine/run";
import { after, type ReleaseState, stateOf } from "../engine/state";
import type { JournalRecord } from "../journal/entry";
import type { Command, Journal } from "../journal/journal";

/** What a train does with one of its releases; each has its own lease, journal and plan as it would alone. */
export interface MemberPort {
  /** What its journal says; undefined while it has none. */
  state(): Promise<ReleaseState | undefined>;
  /**
   * Begins the release, or takes it up from wherever its journal says it is, and walks it to where it ends or waits.
   * @throws whatever keeps it from that now; the train tries again
   */
  walk(company: MemberCompany, signal: AbortSignal): Promise<RunResult>;
}

/** What a release is given that runs in a train. */
export interface MemberCompany extends Company {
  /** Whether its process stays while it waits for people before anything moved. */
  readonly waits: boolean;
  /** Told of what its journal says, whenever that is more. */
  stands(state: ReleaseState): void;
  /** What the train said to it. */
  readonly words: Words;
}

/** What a train says to a release; like a person's commands, but from the same process. */
export class Words {
  readonly #said: Command[] = [];
  #waiters: (() => void)[] = [];

  /** A word with the same id is said once. */
  say(command: Command): void {
    if (this.#said.some(({ id }) => id === command.id)) return;
    this.#said.push(command);
    for (const wake of this.#waiters.splice(0)) wake();
  }

  given(known: ReadonlySet<string>): readonly Command[] {
    return this.#said.filter(({ id }) => !known.has(id));
  }

  /** @throws the signal's reason */
  async next(known: ReadonlySet<string>, signal: AbortSignal): Promise<Command> {
    for (;;) {
      signal.throwIfAborted();
      const [command] = this.given(known);
      if (command !== undefined) return command;
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          this.#waiters = this.#waiters.filter((other) => other !== wake);
          reject(signal.reason);
        };
        const wake = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        this.#waiters.push(wake);
        signal.addEventListener("abort", leave, { once: true });
      });
    }
  }
}

/** The parts of a release in company: it hears the train as well. Its diary is opened on a journal that is read along. */
export function accompanied(parts: EngineParts, company: MemberCompany): EngineParts {
  const { words } = company;
  return {
    ...parts,
    company,
    get waits() {
      return company.waits;
    },
    async given(known) {
      return [...words.given(known), ...((await parts.given?.(known)) ?? [])];
    },
    async nextCommand(known, signal) {
      const [said] = words.given(known);
      if (said !== undefined) return said;
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const both = [words.next(known, either), parts.nextCommand(known, either)];
      try {
        return await Promise.race(both);
      } finally {
        over.abort(new Error("the other one was heard first"));
        for (const one of both) one.catch(() => undefined);
      }
    },
  };
}

/** The same journal, of which the train is told what it says. */
export function readAlong(journal: Journal, { stands }: MemberCompany): Journal {
  let state: ReleaseState | undefined;
  const read = (records: readonly JournalRecord[]) => {
    if (records.length === 0) return;
    state = stateOf(records);
    stands(state);
  };
  return {
    async read() {
      const records = await journal.read();
      read(records);
      return records;
    },
    async append(entry) {
      const record = await journal.append(entry);
      if (state !== undefined) {
        state = after(state, record);
        stands(state);
      }
      return record;
    },
  };
}
