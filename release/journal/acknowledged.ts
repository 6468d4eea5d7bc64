import type { VerificationKey } from "../../attestation/keys";
import { type ChainEnd, endOf, readChain } from "./chain";
import type { JournalRecord } from "./entry";
import { HeadError, type OpenedHead, openHead } from "./head";
import type { HeadMark, JournalMedium } from "./medium";
import { JournalFault } from "./store-fault";

/** What a release wrote down and was told that it is kept. */
export interface Acknowledged {
  readonly records: readonly JournalRecord[];
  readonly end: ChainEnd;
  /** Bytes of the records. */
  readonly content: Buffer;
  readonly head?: OpenedHead;
  /** Bytes behind them: of a write that never was acknowledged. */
  readonly unacknowledgedBytes: number;
}

/**
 * Reads a journal as far as its newest head goes. The lease's mark is read first, then the head, then the journal: a writer
 * that is at work then only adds. Each holder writes its head before its first record, so that a journal of a later epoch
 * than the newest head holds nothing else than what was acknowledged before: one with more has lost its head.
 *
 * @param keys whose signatures of heads count
 * @param before what was read of the same journal earlier: where it still begins with that, the rest alone is looked at
 * @throws JournalFault with the first record that does not fit
 */
export async function readAcknowledged(
  medium: JournalMedium,
  { system, release }: { readonly system: string; readonly release: string },
  keys: readonly VerificationKey[],
  before?: Acknowledged,
): Promise<Acknowledged> {
  const mark = await medium.marked();
  const epoch = await newestEpoch(medium);
  const text = epoch === 0 ? undefined : await medium.readHead(epoch);
  if (text === undefined) return withoutHead(medium, release, mark);
  const head = opened(text, { system, release, epoch }, keys, medium);
  const place = medium.place(head.journal);
  const all = await medium.readJournal(head.journal);
  if (all === undefined)
    throw new JournalFault(place, 0, "cut", `the journal is gone; ${counted(head.count)}`);
  const content = all.subarray(0, head.bytes);
  const known = before !== undefined && startsWith(content, before.content) ? before : nothingKnown;
  const rest = content.subarray(known.content.length).toString("utf8");
  const { records, fault } = readChain(rest, release, known.records);
  if (fault !== undefined) throw new JournalFault(place, fault.sequence, fault.kind, fault.why);
  if (records.length < head.count) {
    const isCut = all.length < head.bytes;
    const what = isCut ? "it and what follows is cut off" : "what stood here was shorter: it was rewritten";
    throw new JournalFault(
      place,
      records.length,
      isCut ? "cut" : "rewritten",
      `${what}; ${counted(head.count)}`,
    );
  }
  const end = endOf(records, release);
  if (end.count !== head.count || end.hash !== head.hash) {
    const why = "the records fit each other and are not those that the signed head names: it was rewritten";
    throw new JournalFault(place, Math.max(0, head.count - 1), "rewritten", why);
  }
  if (mark !== undefined && (epoch < mark.epoch || end.count < mark.count)) {
    const missing = epoch < mark.epoch ? ("headMissing" as const) : ("cut" as const);
    const why = `the lease knows of ${recordsOf(mark.count)} under the head of epoch ${mark.epoch}; the newest head is of epoch ${epoch}, and ${counted(head.count)}`;
    throw new JournalFault(place, end.count, missing, why);
  }
  if (await hasLaterRecords(medium, epoch, content)) {
    // Its head came between: it is read anew.
    if ((await newestEpoch(medium)) !== epoch)
      return readAcknowledged(medium, { system, release }, keys, before);
    const why = `a journal of a later epoch has more, and its head is missing; of epoch ${epoch} ${counted(head.count)}`;
    throw new JournalFault(place, end.count, "headMissing", why);
  }
  return { records, end, content, head, unacknowledgedBytes: all.length - content.length };
}

async function newestEpoch(medium: JournalMedium): Promise<number> {
  return Math.max(0, ...(await medium.headEpochs()));
}

/** Whether a journal of a later epoch than the newest head has anything but the beginning of what was acknowledged. */
async function hasLaterRecords(medium: JournalMedium, epoch: number, content: Buffer): Promise<boolean> {
  const later = (await medium.journals()).filter((journal) => epochOf(journal) > epoch);
  const contents = await Promise.all(later.map((journal) => medium.readJournal(journal)));
  return contents.some((one) => one !== undefined && !startsWith(content, one));
}

/** Of `journal-EPOCH.jsonl` and `journal-EPOCH-PART.jsonl`. */
export function epochOf(journal: string): number {
  return Number(/^journal-(\d+)/.exec(journal)?.[1] ?? 0);
}

const nothingKnown = { records: [], content: Buffer.alloc(0) } as const;

function startsWith(content: Buffer, start: Buffer): boolean {
  return content.subarray(0, start.length).equals(start);
}

/** Before the first acknowledgement at most one record is under way. */
async function withoutHead(
  medium: JournalMedium,
  release: string,
  mark: HeadMark | undefined,
): Promise<Acknowledged> {
  let unacknowledgedBytes = 0;
  for (const journal of await medium.journals()) {
    const content = await medium.readJournal(journal);
    if (content === undefined) continue;
    unacknowledgedBytes += content.length;
    const { records } = readChain(content.toString("utf8"), release);
    if (records.length < 2) continue;
    const why = "its head, which says how many there were and is signed, is missing";
    throw new JournalFault(medium.place(journal), records.length, "headMissing", why);
  }
  if (mark !== undefined) {
    const why = `no head is left, and the lease knows of ${recordsOf(mark.count)} under the head of epoch ${mark.epoch}`;
    throw new JournalFault(medium.headPlace(mark.epoch), 0, "headMissing", why);
  }
  return { records: [], end: endOf([], release), content: Buffer.alloc(0), unacknowledgedBytes };
}

function opened(
  text: string,
  expected: { system: string; release: string; epoch: number },
  keys: readonly VerificationKey[],
  medium: JournalMedium,
): OpenedHead {
  try {
    return openHead(text, expected, keys);
  } catch (error) {
    if (!(error instanceof HeadError)) throw error;
    throw new JournalFault(medium.headPlace(expected.epoch), 0, "headUnsigned", error.message);
  }
}

function counted(count: number): string {
  return `the signed head counts ${recordsOf(count)}`;
}

function recordsOf(count: number): string {
  return `${count} ${count === 1 ? "record" : "records"}`;
}
