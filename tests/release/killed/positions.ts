import type { JournalRecord } from "../../../release/journal/entry";
import type { FarRelease } from "./outcome";
import type { Blow } from "./protocol";
import { wordsOf } from "./words-of";

/** A place where a release's process is struck. */
export interface Position {
  /** Such as `in the middle of writing entry 12 (done deploy-idle/deploy-idle)`. */
  readonly name: string;
  readonly blow: Blow;
}

type Placed = Position & { readonly place: number };

/**
 * Every place at which what is on the disk or in the world differs from the place before: each entry with half of its line
 * written, which is also the place right after the entry before it; each change of the world not made yet, with its intent
 * written, and made, with no answer to it yet; and the end. Between two of them a process leaves the same behind wherever it
 * is killed.
 *
 * @param whole the same release, undisturbed
 * @param isMeant entries at which it is to be killed. @default all
 */
export function killPositions(
  { records, changes }: FarRelease,
  isMeant: (record: JournalRecord) => boolean = () => true,
): readonly Position[] {
  const meant = records.filter(isMeant);
  const torn = meant.map((record) => at(record, -0.5, "in the middle of writing", "torn"));
  const unchanged = [...new Set(changes.map(({ afterRecord }) => afterRecord))]
    .map((number) => records[number]!)
    .filter(isMeant)
    .map((record) => at(record, 0, "before the world is changed after", "durable"));
  const changed = changes.flatMap(({ name, afterRecord }, index): Placed[] => {
    const record = records[afterRecord]!;
    if (!isMeant(record)) return [];
    return [
      {
        place: afterRecord + (index + 1) / (changes.length + 2) / 2,
        name: `with the world changed (${name}) after entry ${afterRecord} (${wordsOf(record.entry)})`,
        blow: { how: "changed", at: name },
      },
    ];
  });
  const end = records.slice(-1).filter(isMeant);
  return [...torn, ...unchanged, ...changed, ...end.map((record) => at(record, 0, "after", "durable"))].sort(
    (left, right) => left.place - right.place,
  );
}

/** Ctrl-C at the beginning of each phase, and whenever something is about to act. */
export function interruptPositions({ records }: FarRelease): readonly Position[] {
  return records
    .filter(({ entry }) => entry.kind === "phase" || entry.kind === "intent")
    .map((record) => at(record, 0, "at", "interrupted"));
}

function at({ sequence, entry }: JournalRecord, beside: number, words: string, how: Blow["how"]): Placed {
  const said = wordsOf(entry);
  return {
    place: sequence + beside,
    name: `${words} entry ${sequence} (${said})`,
    blow: { how, at: said },
  };
}
