import type { Clock } from "../../release/engine/clock";
import type { CommandsHere } from "../../release/journal/commands-here";
import type { Command } from "../../release/journal/journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import { UserError } from "../../release/user-error";

/** How often a store is asked for commands: a folder of this machine, or a container far away. */
const askMilliseconds = { near: 50, far: 1000 } as const;
/** How often this machine is looked at for commands that came past the store. */
const lookMilliseconds = 250;

/** @throws the signal's reason */
export type CommandReader = (known: ReadonlySet<string>, signal: AbortSignal) => Promise<Command>;

export interface CommandReading {
  readonly clock: Clock;
  /** Whether the store is of this machine. */
  readonly near: boolean;
  /** What people of this machine say while the store is away; a train hears them in its releases. */
  readonly here?: CommandsHere;
  say(line: string): void;
}

/**
 * Waits for the next command that somebody gives. A store that is away is asked again, and a person beside this process is
 * heard meanwhile.
 */
export function commandReader(
  store: VerifiableStore,
  system: string,
  release: string,
  { clock, near, here, say }: CommandReading,
): CommandReader {
  const pause = near ? askMilliseconds.near : askMilliseconds.far;
  const fromStore: CommandReader = async (known, signal) => {
    for (let said = false; ; ) {
      try {
        const [command] = await store.commands(system, release, known);
        if (command !== undefined) return command;
        said = false;
      } catch (error) {
        if (!(error instanceof UserError && error.retriable)) throw error;
        if (!said) say(`commands cannot be read: ${error.message}; asked again`);
        said = true;
      }
      await clock.sleep(pause, signal);
    }
  };
  if (here === undefined) return fromStore;
  const fromHere: CommandReader = async (known, signal) => {
    for (;;) {
      const [command] = await here.given(known, say);
      if (command !== undefined) return command;
      await clock.sleep(lookMilliseconds, signal);
    }
  };
  return async (known, signal) => {
    const answered = new AbortController();
    const until = AbortSignal.any([signal, answered.signal]);
    try {
      return await Promise.race([fromHere(known, until), fromStore(known, until)]);
    } finally {
      answered.abort(new Error("another way had a command"));
    }
  };
}
