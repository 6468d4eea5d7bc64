import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import { entrySchema, type JournalEntry, type JournalRecord, journalFormat } from "./entry";
import type { FaultKind } from "./store-fault";

const recordSchema = z.strictObject({
  sequence: z.number().int().nonnegative(),
  at: z.iso.datetime(),
  previous: z.string(),
  entry: entrySchema,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Where a chain stands: what the next record follows. */
export interface ChainEnd {
  readonly count: number;
  /** Of the last record; of an empty chain, the release's id. */
  readonly hash: string;
}

/** The first record that does not fit, and how. */
export interface ChainFault {
  readonly sequence: number;
  readonly kind: FaultKind;
  readonly why: string;
}

export interface ReadChain {
  /** Those before the fault. */
  readonly records: readonly JournalRecord[];
  readonly fault?: ChainFault;
  /** Bytes of a last line without its end: a write that was under way when the process or the machine stopped. */
  readonly tornBytes: number;
}

/** @throws ZodError for an entry that is none: a fault of the caller */
export function nextRecord(end: ChainEnd, entry: JournalEntry, at: Date): JournalRecord {
  const content = {
    sequence: end.count,
    at: at.toISOString(),
    previous: end.hash,
    // What is read back is what was hashed: absent members are gone.
    entry: entrySchema.parse(JSON.parse(canonicalJson(entry))),
  };
  return { ...content, hash: hashOf(content) };
}

export function lineOf(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** @param release its id, which the first record follows */
export function endOf(records: readonly JournalRecord[], release: string): ChainEnd {
  const last = records.at(-1);
  return last === undefined ? { count: 0, hash: release } : { count: last.sequence + 1, hash: last.hash };
}

/**
 * Reads a journal's text and holds each record against the one before.
 *
 * @param release its id, which the first record must follow
 * @param before records that were read of it already; the text is what stands behind them
 */
export function readChain(text: string, release: string, before: readonly JournalRecord[] = []): ReadChain {
  const lines = text.split("\n");
  const torn = lines.pop() as string;
  const records = [...before];
  const stop = (fault: ChainFault): ReadChain => ({ records, fault, tornBytes: 0 });
  for (const line of lines) {
    const read = recordIn(line, records.length);
    if ("why" in read) return stop(read);
    const fault = misfit(read, endOf(records, release));
    if (fault !== undefined) return stop(fault);
    records.push(read);
  }
  return { records, tornBytes: Buffer.byteLength(torn) };
}

function recordIn(line: string, index: number): JournalRecord | ChainFault {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { sequence: index, kind: "unreadable", why: "it is no JSON" };
  }
  // Before its form: that of a newer version is unknown here.
  const format = formatOf(value);
  if (format !== undefined && format > journalFormat) return newer(index, format);
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "it";
  return { sequence: index, kind: "unreadable", why: `it is no record (${field}: ${issue?.message})` };
}

function newer(sequence: number, format: number): ChainFault {
  return {
    sequence,
    kind: "newer",
    why: `a newer Switchyard wrote it (format ${format}; this one reads ${journalFormat})`,
  };
}

function formatOf(value: unknown): number | undefined {
  const entry = (value as { entry?: { kind?: unknown; format?: unknown } } | null)?.entry;
  return entry?.kind === "started" && typeof entry.format === "number" ? entry.format : undefined;
}

function misfit({ hash, ...content }: JournalRecord, end: ChainEnd): ChainFault | undefined {
  const { sequence, previous } = content;
  if (hashOf(content) !== hash) {
    return {
      sequence: end.count,
      kind: "edited",
      why: "its content is not what its hash says: it was edited",
    };
  }
  if (sequence !== end.count) {
    const gap = sequence > end.count;
    return {
      sequence: end.count,
      kind: gap ? "removed" : "edited",
      why: gap
        ? `it is missing; record ${sequence} stands in its place`
        : `record ${sequence} stands in its place`,
    };
  }
  if (previous === end.hash) return undefined;
  if (end.count === 0) {
    return { sequence: 0, kind: "rewritten", why: `it begins the journal of another release, ${previous}` };
  }
  // Its own hash is right, and the next one follows another: this one was put in place of what stood there.
  return {
    sequence: end.count - 1,
    kind: "edited",
    why: `it is not the one that record ${sequence} follows: it was replaced`,
  };
}

function hashOf(content: Omit<JournalRecord, "hash">): string {
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}
