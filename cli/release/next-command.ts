import type { Clock } from "../../release/engine/clock";
import type { Command } from "../../release/journal/journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import { UserError } from "../../release/user-error";

/** How often a store is asked for commands: a folder of this machine, or a container far away. */
const askMilliseconds = { near: 50, far: 1000 } as const;

/** @throws the signal's reason */
export type CommandReader = (known: ReadonlySet<string>, signal: AbortSignal) => Promise<Command>;

export interface CommandReading {
  readonly clock: Clock;
  /** Whether the store is of this machine. */
  readonly near: boolean;
  say(line: string): void;
}

/** Waits for the next command that somebody gives; a store that is away is asked again. */
export function commandReader(
  store: VerifiableStore,
  system: string,
  release: string,
  { clock, near, say }: CommandReading,
): CommandReader {
  const pause = near ? askMilliseconds.near : askMilliseconds.far;
  return async (known, signal) => {
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
}
