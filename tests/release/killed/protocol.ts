import type { RunResult } from "../../../release/engine/run";
import type { JournalEntry } from "../../../release/journal/entry";

/**
 * What a release in a process of its own and the world outside of it say to each other, one line of JSON each, in turns:
 * the release says what it did and asks for until it can only wait; the world then lets time pass until it has an answer.
 */

/**
 * What strikes a process, and where: it is killed with half of an entry's line on the disk, or once the entry is durable, or
 * when a change of the world is made and not answered; or Ctrl-C, once the entry is written.
 */
export interface Blow {
  readonly how: "torn" | "durable" | "changed" | "interrupted";
  /** Entry (`wordsOf`) or change. */
  readonly at: string;
}

/** What a process is started with. */
export interface ReleaseSpec {
  /** Of the journals. */
  readonly folder: string;
  /** Private key, PEM, by which the heads are signed. */
  readonly keyFile: string;
  readonly system: string;
  readonly release: string;
  readonly holder: string;
  /** JSON of the plan that it begins; absent for a process that takes the release up. */
  readonly planFile?: string;
  readonly blow?: Blow;
  /** From this entry on (`wordsOf`) the disk is full whenever a record is written for the first time. */
  readonly fullFrom?: string;
  readonly time: Time;
}

/** Of the world's clock. */
export interface Time {
  /** Milliseconds since 1970. */
  readonly wall: number;
  readonly monotonic: number;
}

/** Of an entry without its plan, which both have. */
export interface WrittenRecord {
  readonly sequence: number;
  readonly entry: JournalEntry;
}

export interface WorldCall {
  readonly id: number;
  readonly what: string;
  readonly with: readonly unknown[];
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly mend?: string;
  readonly retriable: boolean;
}

export type TurnEvent =
  | { readonly written: WrittenRecord }
  | { readonly call: WorldCall }
  | { readonly calledOff: number }
  | { readonly said: string }
  /** To a question of the world. */
  | { readonly answered: number; readonly failure?: Failure };

/** All that a release did until it waits. */
export interface Turn {
  readonly events: readonly TurnEvent[];
  /** Its last. */
  readonly end?: RunResult | { readonly failure: Failure };
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure };

/** What the world answers. */
export interface Answers {
  readonly time: Time;
  readonly replies: readonly Reply[];
  /** Whether the lease is still this process's is asked before each change, as the clients of the platforms do. */
  readonly checks: readonly number[];
}

export function failureOf(error: unknown): Failure {
  const { name, message, mend, retriable = false } = error as Error & { mend?: string; retriable?: boolean };
  return { name, message, retriable, ...(mend !== undefined && { mend }) };
}
