import { type Envelope, signersOf } from "../../attestation/dsse";
import type { Signer, VerificationKey } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import type { Clock } from "../engine/clock";
import type { EntryOfWord } from "../engine/parts";
import { rendered } from "../messages/rendered";
import { UserError } from "../user-error";
import { parseReleaseRecord, type ReleaseRecord, releaseRecordName, signedRecord } from "./release-record";

type RecordEntry = EntryOfWord<"record">;
type Fields = Readonly<Record<string, string>>;

/** Where records are kept: added, and never changed. */
export interface RecordStore {
  /** Path or address, for messages. */
  readonly name: string;
  /** @returns undefined when none of that name is there */
  find(name: string): Promise<string | undefined>;
  /** @throws UserError when it cannot be written, or one of that name is there */
  add(name: string, text: string): Promise<void>;
  /** @throws UserError when it cannot be used; makes it where it may */
  require(): Promise<void>;
}

export interface RecordingArgs {
  readonly release: string;
  readonly stack: string;
  readonly system: string;
  /** Asked when it is needed: a release that goes back must not end because nobody says where its records are. */
  store(): RecordStore;
  signer(): Promise<Signer>;
  /** Whose signatures count when a record is there already. */
  keys(): Promise<readonly VerificationKey[]>;
  /** What the release knows at this moment, by the names that entries use; it wins over what is given. */
  moreFields(entry: RecordEntry): Promise<Fields>;
  /** Writes it where else it belongs; what that gives is part of the record. */
  publish?(entry: RecordEntry, fields: Fields): Promise<Fields>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What is away for a moment (Azure Monitor, the container) ends no release: after 1, 4 and 16 s it is asked again. */
const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 16_000;

/**
 * Writes a record of a release: signed, once. Asked again, as by a release that is taken up, it finds the one that is
 * there and answers what that says.
 *
 * @returns a function that answers the fields as they were written
 */
export function recorder(args: RecordingArgs): (entry: RecordEntry, fields: Fields) => Promise<Fields> {
  const once = async (entry: RecordEntry, given: Fields): Promise<Fields> => {
    const phase = given.phase ?? "prepare";
    const name = releaseRecordName({ release: args.release, phase, entry: entry.name });
    const store = args.store();
    const before = await store.find(name);
    if (before !== undefined) return fieldsOf(await verified(name, before, store, args));
    const known = { ...given, ...(await args.moreFields(entry)) };
    const record = recordOf(entry, phase, known, (await args.publish?.(entry, known)) ?? {}, args);
    const text = await signedRecord(record, await args.signer());
    await store.require();
    await store.add(name, text);
    if ((await store.find(name)) === text) return fieldsOf(record);
    throw new UserError(`${store.name} took the record ${name} and does not have it as it was written`);
  };
  return async (entry, given) => {
    for (let pause = firstPauseMilliseconds; ; pause *= 4) {
      try {
        return await once(entry, given);
      } catch (error) {
        const mayPass = error instanceof UserError && error.retriable && pause <= longestPauseMilliseconds;
        if (!mayPass) throw error;
        await args.clock.sleep(pause, args.signal);
      }
    }
  };
}

function recordOf(
  entry: RecordEntry,
  phase: string,
  sources: Fields,
  published: Fields,
  { release, stack, system, clock }: RecordingArgs,
): ReleaseRecord {
  const now = clock.now();
  const known = { ...sources, ...(entry.kind === "deploymentsLog" && stampOf(now)), ...published };
  const fields: Record<string, string> = { ...published };
  const unknown: string[] = [];
  for (const field of entry.fields) {
    const value = known[field];
    if (value === undefined || value === "") unknown.push(field);
    else fields[field] = value;
  }
  const text = entry.template === undefined ? undefined : rendered(entry.template, known).text;
  return {
    release,
    stack,
    system,
    entry: entry.name,
    phase,
    kind: entry.kind,
    statements: [...entry.ids, ...(entry.supports ?? [])],
    fields,
    unknown,
    ...(text !== undefined && { text }),
    writtenAt: now.toISOString(),
  };
}

/** A line of a log is of the moment at which it is written, UTC: `2025-11-21`, `10:15:00`. */
function stampOf(now: Date): Fields {
  const text = now.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 19) };
}

/** @throws UserError for one that somebody else wrote, or that was changed */
async function verified(
  name: string,
  text: string,
  store: RecordStore,
  { keys }: RecordingArgs,
): Promise<ReleaseRecord> {
  const refused = (why: string) =>
    new UserError(`the record ${name} in ${store.name} is not to be relied on: ${why}`, {
      mend: "find out who wrote it; a release takes only what a known key signed",
    });
  let found: { record: ReleaseRecord; envelope: Envelope };
  try {
    found = parseReleaseRecord(text);
  } catch (error) {
    throw refused(`it is no record of a release (${(error as Error).message.split("\n")[0]!.slice(0, 200)})`);
  }
  if (releaseRecordName(found.record) !== name) throw refused("it belongs to another name");
  if (signersOf(found.envelope, statementPayloadType, await keys()).size === 0)
    throw refused("no key that is known here signed it, or it was changed afterwards");
  return found.record;
}

function fieldsOf({ fields, unknown, text }: ReleaseRecord): Fields {
  return {
    ...fields,
    ...(text !== undefined && { text }),
    ...(unknown.length > 0 && { unknown: unknown.join(", ") }),
  };
}
