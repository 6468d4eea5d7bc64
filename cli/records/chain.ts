import { type Envelope, payloadOf, signersOf } from "../../attestation/dsse";
import type { VerificationKey } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import { envelopeSchema } from "../../attestation/trust-root";
import { type ChangePredicate, type ChangeRecord, parseChangeStatement, recordDigest } from "./change-record";
import { type RecordPlace, recordName } from "./record-place";

/** One record as it was read. */
export interface ReadRecord {
  readonly name: string;
  /** Absent when it could not be read as a record. */
  readonly record?: ChangeRecord;
  readonly digest?: string;
  /** Ids of the keys that the envelope names; hints until verified. */
  readonly keyIds: readonly string[];
  readonly faults: readonly string[];
  readonly envelope?: Envelope;
}

export async function readRecords(place: RecordPlace, stack: string, newest?: number): Promise<ReadRecord[]> {
  const names = await place.list(stack);
  const wanted = newest === undefined ? names : names.slice(-newest);
  const records: ReadRecord[] = [];
  for (const name of wanted) records.push(readRecord(name, await place.read(name)));
  return records;
}

/** Reads one record and holds its name against its content. Signatures are looked at by `verifyChain`. */
export function readRecord(name: string, text: string): ReadRecord {
  try {
    const envelope = envelopeSchema.parse(JSON.parse(text));
    const payload = payloadOf(envelope);
    const digest = recordDigest(payload);
    const record = parseChangeStatement(payload.toString("utf8"));
    const { stack, endedAt, startedAt } = record.predicate;
    const expected = recordName(endedAt ?? startedAt, stack, digest);
    return {
      name,
      record,
      digest,
      envelope,
      keyIds: envelope.signatures.map(({ keyid }) => keyid),
      faults: expected === name ? [] : [`its content belongs to the name ${expected}`],
    };
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    return { name, keyIds: [], faults: [`it is no record of a change: ${line?.slice(0, 200)}`] };
  }
}

/** Records that no other one follows: what the next one names. */
export function headsOf(records: readonly ReadRecord[]): string[] {
  const followed = new Set(records.flatMap(({ record }) => record?.predicate.previous ?? []));
  return records
    .flatMap(({ digest }) => (digest !== undefined && !followed.has(digest) ? [digest] : []))
    .sort();
}

export interface ChainFault {
  /** Name of the record. */
  readonly name: string;
  readonly reason: string;
}

/**
 * What is wrong with the records of a stack: unreadable ones, signatures by nobody who is known, gaps, updates that
 * began and never said how they ended. That the newest
 * were cut off does not show in a chain; a container with an immutability policy keeps that from happening.
 *
 * @param keys Whose signatures count.
 * @param running Updates that run now, by `updateOf`: that they have no end yet is no fault.
 */
export function verifyChain(
  records: readonly ReadRecord[],
  keys: readonly VerificationKey[],
  running: ReadonlySet<string> = new Set(),
): ChainFault[] {
  const known = new Set(records.map(({ digest }) => digest));
  const faults = records.flatMap(({ name, faults: own, envelope, record }) => {
    const reasons = [...own];
    if (envelope && signersOf(envelope, statementPayloadType, keys).size === 0)
      reasons.push("no key that is known here signed it, or it was changed afterwards");
    for (const previous of record?.predicate.previous ?? []) {
      if (!known.has(previous)) reasons.push(`the record before it is missing: ${previous}`);
    }
    return reasons.map((reason) => ({ name, reason }));
  });
  const first = records.filter(({ record }) => record?.predicate.previous.length === 0);
  return [
    ...faults,
    ...withoutEnd(records)
      .filter(({ record }) => !running.has(updateOf(record.predicate)))
      .map(({ name, record }) => ({
        name,
        reason: `an update began and no record says how it ended: it runs still at ${record.predicate.actor.where}, or it was killed; the next up that changes the stack closes it`,
      })),
    ...first.slice(1).map(({ name }) => ({
      name,
      reason: "it follows no record, although there is an earlier one: what was between them is missing",
    })),
  ];
}

/** Records of updates that began, and of which no other one says how they ended. */
export function withoutEnd(
  records: readonly ReadRecord[],
): readonly { readonly name: string; readonly record: ChangeRecord }[] {
  const ended = new Set(
    records.flatMap(({ record }) =>
      record !== undefined && record.predicate.result !== "begun" ? [updateOf(record.predicate)] : [],
    ),
  );
  return records.flatMap(({ name, record }) =>
    record?.predicate.result === "begun" && !ended.has(updateOf(record.predicate)) ? [{ name, record }] : [],
  );
}

/** What tells an update from all others: it says when it began, and who began it where, in both of its records. */
export function updateOf({ startedAt, actor }: Pick<ChangePredicate, "startedAt" | "actor">): string {
  return `${startedAt} ${actor.kind} ${actor.name} ${actor.where}`;
}
