import type { Entry } from "../../runbooks/vocabulary";
import type { NamedDays } from "../calendar/calendar";
import type { DataAdapter } from "../data/data-adapter";
import type { GateContext, Sample } from "../gates/gate-provider";
import type { Command, HeldLease, Journal } from "../journal/journal";
import type { Plan } from "../plan/plan";
import type { Strategy } from "../strategies/strategy";
import type { Clock } from "./clock";
import type { Company } from "./company";
import type { MadeBackup } from "./data-done";

export type EntryOfWord<Word extends Entry["word"]> = Extract<Entry, { word: Word }>;
export type Gate = EntryOfWord<"metricGate"> | EntryOfWord<"checkGate">;

/** What an entry says, to go on after it with a colon. */
export function titleOf({ title }: Pick<Entry, "title">): string {
  return title.replace(/\.$/, "");
}

/** An answer to a demand for something that people or others made. */
export interface Finding {
  readonly holds: boolean;
  /** What was found, or what is missing and who can mend it. */
  readonly why: string;
}

/** Who may act as what. */
export interface People {
  /** @returns holds when this person may act in this role in this release */
  mayAct(person: string, role: string): Promise<Finding>;
}

/** Everything that the engine needs of the world; all of it injected, so that a simulation gives it another world. */
export interface EngineParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly lease: HeldLease;
  /** By track, in the contract's order. */
  readonly strategies: ReadonlyMap<string, Strategy>;
  look(gate: Gate, context: GateContext): Promise<Sample>;
  data(store: string): DataAdapter;
  /** Backups that releases before this one made, the newest first: a restore may go back to one of them. @default none */
  earlierBackups?(): Promise<readonly MadeBackup[]>;
  readonly people: People;
  /** Days that only the owner knows, as the stack's settings name them now. @default those of the plan */
  readonly days?: NamedDays;
  evidence(entry: EntryOfWord<"evidence">, plan: Plan): Promise<Finding>;
  /** Resolves when it was delivered, or was not; never throws. */
  tell(entry: EntryOfWord<"notify">, fields: Readonly<Record<string, string>>): Promise<Finding>;
  record(
    entry: EntryOfWord<"record">,
    fields: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** Actions on neither traffic nor data: purge, tag, workflow. Idempotent, and reads back what it says. */
  other(entry: EntryOfWord<"step">, fields: Readonly<Record<string, string>>): Promise<string>;
  /**
   * The next command that somebody gave, once it is there.
   * @throws the signal's reason
   */
  nextCommand(known: ReadonlySet<string>, signal: AbortSignal): Promise<Command>;
  /**
   * Commands that were given already, such as an approval for which a release was left: asked when it is taken up, and
   * before it is left. @default none
   */
  given?(known: ReadonlySet<string>): Promise<readonly Command[]>;
  progress(line: string): void;
  /** Whether this process waits for people before anything moves; otherwise it ends, and `resume` goes on. @default false */
  readonly waits?: boolean;
  /** Absent for a release that is in no train. */
  readonly company?: Company;
}
