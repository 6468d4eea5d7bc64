import { withReason } from "../engine/people-words";
import type { EntryOf, JournalEntry, JournalRecord } from "../journal/entry";
import type { Train } from "./train";

/** How a release of a train ended; `notBegun`: it never began, because of what another one came to. */
export const memberOutcomes = ["finished", "rolledBack", "refused", "aborted", "notBegun"] as const;
export type MemberOutcome = (typeof memberOutcomes)[number];

export interface MemberEnd {
  readonly outcome: MemberOutcome;
  readonly why: string;
  readonly at: string;
}

type Given = EntryOf<"command"> & { readonly at: string };

/** What the journal of a train says. Computed from the records alone; how far a release is, its own journal says. */
export interface TrainState {
  readonly id: string;
  readonly train: Train;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly speed: number;
  readonly runner: string;
  /** Systems whose releases began, or were about to. */
  readonly begun: ReadonlySet<string>;
  readonly over: ReadonlyMap<string, MemberEnd>;
  readonly commands: readonly Given[];
  /** The word on which everything goes back. */
  readonly back?: Given;
  /** The hold that stands: nothing more begins. */
  readonly hold?: Given;
  /** The word that ended the last hold. */
  readonly goesOn?: Given;
  readonly ended?: EntryOf<"ended"> & { readonly at: string };
}

/**
 * @param records of one train, from the first one on
 * @throws Error when the first record starts none: the journal checks that before
 */
export function trainStateOf(records: readonly JournalRecord[]): TrainState {
  const [first] = records;
  if (first?.entry.kind !== "started") throw new Error("a journal begins with `started`");
  const { release, by, plan, speed = 1 } = first.entry;
  const begins: TrainState = {
    id: release,
    train: plan as unknown as Train,
    startedBy: by,
    startedAt: first.at,
    speed,
    runner: by,
    begun: new Set(),
    over: new Map(),
    commands: [],
  };
  return records.slice(1).reduce(afterEntry, begins);
}

/** The state once one more record is written. */
export function afterEntry(state: TrainState, { at, entry }: JournalRecord): TrainState {
  switch (entry.kind) {
    case "intent":
      return { ...state, begun: new Set(state.begun).add(entry.step) };
    case "done":
      return { ...state, over: new Map(state.over).set(entry.step, { ...endIn(entry.seen), at }) };
    case "command":
      return withCommand(state, { ...entry, at });
    case "takenOver":
      return { ...state, runner: entry.by };
    case "ended":
      return { ...state, ended: { ...entry, at } };
    default:
      return state;
  }
}

/** Who answers holds of several people answers all of them, and has to know of all. */
function together(before: Given | undefined, given: Given): Given {
  if (before?.reason === undefined || given.reason === undefined) return given;
  return { ...given, reason: withReason(before.reason, given.reason) };
}

function withCommand(state: TrainState, given: Given): TrainState {
  const commands = [...state.commands, given];
  switch (given.command) {
    case "rollback":
    case "abort":
      return { ...state, commands, back: state.back ?? given };
    case "hold":
      return { ...state, commands, hold: together(state.hold, given), goesOn: undefined };
    case "promote":
    case "resume":
      return state.hold === undefined
        ? { ...state, commands }
        : { ...state, commands, hold: undefined, goesOn: given };
    default:
      return { ...state, commands };
  }
}

/** What the journal says once a release of the train is over. */
export function doneEntry(system: string, end: { outcome: MemberOutcome; why: string }): JournalEntry {
  return { kind: "done", step: system, seen: { ...end }, milliseconds: 0 };
}

function endIn(seen: unknown): Omit<MemberEnd, "at"> {
  return seen as Omit<MemberEnd, "at">;
}
