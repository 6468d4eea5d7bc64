import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import { type ChainEnd, endOf, lineOf, nextRecord } from "./chain";
import { entrySchema, type JournalEntry, type JournalRecord } from "./entry";
import { makeFolder, readIfThere, replaceFile, syncFolder } from "./files";
import type { HeldLease } from "./journal";
import { requireId } from "./names";
import { StoreAway } from "./store-fault";
import type { DatedJournal } from "./stored-journal";

/** One line of the local file. `count`: how many records the store had acknowledged when the first one was kept here. */
const pendingSchema = z.strictObject({
  count: z.number().int().nonnegative(),
  at: z.iso.datetime(),
  entry: entrySchema,
});
type Pending = z.infer<typeof pendingSchema>;

/** Name of the file that keeps what the store did not take. */
export function pendingFile(system: string, release: string): string {
  return `${requireId(system, "system")}.${requireId(release, "release")}.pending.jsonl`;
}

export interface LocalOptions {
  readonly system: string;
  readonly release: string;
  /** Folder on this machine; made when it is needed. */
  readonly folder: string;
  /** Whether the release is rolling back. Only then is it better to act than to have written it to the store. */
  readonly rollingBack: () => boolean;
  readonly clock: Pick<Clock, "now">;
  /** Told when the store was given up, and when it has everything. */
  readonly say?: (text: string) => void;
}

/**
 * A journal that a rollback can go on with when its store does not answer. What the store does not take is kept in a file
 * of this machine, and in memory where even that is full; from the first such entry on nothing is asked of the store, so
 * that a rollback waits for it once. `reconcile` writes all of it to the store. A forward step is told that the store is away.
 */
export class LocalJournal implements DatedJournal {
  private readonly file: string;
  private pending: readonly Pending[] | undefined;
  private looked = false;
  /** Whether the file may end in a part of a line, or lack one: a line behind that would not be read again. */
  private isTorn = false;
  private end: ChainEnd | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: DatedJournal,
    private readonly options: LocalOptions,
  ) {
    const { folder, system, release } = options;
    this.file = join(folder, pendingFile(system, release));
  }

  /** Whether entries wait here for the store. */
  get isBehind(): boolean {
    return this.pending !== undefined;
  }

  /** What the store has and, behind it, what waits here: those have the hash that they would have had. */
  async read(): Promise<readonly JournalRecord[]> {
    const records = [...(await this.store.read())];
    this.end = endOf(records, this.options.release);
    const waiting = missing(await this.kept(), records);
    for (const { entry, at } of waiting)
      records.push(nextRecord(endOf(records, this.options.release), entry, new Date(at)));
    return records;
  }

  append(entry: JournalEntry, at?: Date): Promise<JournalRecord> {
    return this.inTurn(() => this.write(entry, at ?? this.options.clock.now()));
  }

  /**
   * Writes what waits here to the store, in its order and with its times. What the store has of it already is recognised.
   * @throws StoreAway when it is still away; what was not written stays here
   */
  reconcile(): Promise<void> {
    return this.inTurn(() => this.writeWaiting());
  }

  private async writeWaiting(): Promise<void> {
    const kept = await this.kept();
    if (kept.length === 0) return;
    const records = await this.store.read();
    const waiting = missing(kept, records);
    let end = endOf(records, this.options.release);
    for (const { entry, at } of waiting) {
      const { sequence, hash } = await this.store.append(entry, new Date(at));
      end = { count: sequence + 1, hash };
    }
    if ((await readIfThere(this.file)) !== undefined) await rm(this.file);
    this.pending = undefined;
    this.end = end;
    this.options.say?.(`the store of the journals has all of it again (${waiting.length} written later)`);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async write(entry: JournalEntry, at: Date): Promise<JournalRecord> {
    const isFirst = !this.looked;
    await this.lookForWaiting();
    // Of a rollback the store is asked once and then no more.
    if (this.pending === undefined || isFirst || !this.options.rollingBack()) {
      try {
        await this.writeWaiting();
        const record = await this.store.append(entry, at);
        this.end = { count: record.sequence + 1, hash: record.hash };
        return record;
      } catch (error) {
        // A rollback waits for nothing that a person has to mend. A lost lease is no such thing, and ends it.
        if (!(error instanceof UserError) || !this.options.rollingBack()) throw error;
        this.options.say?.(`${error.message}; the rollback goes on and is written to ${this.file}`);
      }
    }
    return this.keep(entry, at);
  }

  /** A process that ended before it could reconcile left its file. */
  private async lookForWaiting(): Promise<void> {
    if (this.looked) return;
    const left = await this.kept();
    this.looked = true;
    if (left.length === 0) return;
    this.pending = left;
    this.end ??= { count: (left[0]?.count ?? 0) + left.length, hash: this.options.release };
  }

  private async keep(entry: JournalEntry, at: Date): Promise<JournalRecord> {
    const end = this.end ?? { count: 0, hash: this.options.release };
    const record = nextRecord(end, entry, at);
    const count = this.pending?.[0]?.count ?? end.count;
    const line: Pending = { count, at: record.at, entry: record.entry };
    this.pending = [...(this.pending ?? []), line];
    this.end = { count: record.sequence + 1, hash: record.hash };
    try {
      await makeFolder(this.options.folder);
      if (this.isTorn) await replaceFile(this.file, this.pending.map(textOf).join(""));
      else await appendDurably(this.file, textOf(line));
      this.isTorn = false;
    } catch (error) {
      this.isTorn = true;
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      this.options.say?.(
        `${this.file} cannot be written either (${(error as Error).message}); this process keeps it in memory: ${lineOf(record).trim()}`,
      );
    }
    return record;
  }

  /** In memory, or left by a process that ended before it could reconcile. */
  private async kept(): Promise<readonly Pending[]> {
    if (this.pending !== undefined) return this.pending;
    const lines = ((await readIfThere(this.file))?.toString("utf8") ?? "").split("\n");
    // A last line without its end was being written when the process stopped.
    if (lines.pop() !== "") this.isTorn = true;
    return lines.map((line, index) => pendingIn(line, index, this.file));
  }
}

function textOf(line: Pending): string {
  return `${JSON.stringify(line)}\n`;
}

function pendingIn(line: string, index: number, file: string): Pending {
  try {
    return pendingSchema.parse(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new UserError(
      `${file}, which a rollback wrote while its store was away: line ${index + 1} is no entry`,
      {
        mend: "move the file away; what it says is then not in the journal",
      },
    );
  }
}

/** Those that the store does not have: it may have taken some when its answer was lost, or a reconciliation was cut off. */
function missing(kept: readonly Pending[], records: readonly JournalRecord[]): readonly Pending[] {
  const later = records.slice(kept[0]?.count ?? 0);
  let taken = 0;
  for (const { entry, at } of later) {
    const next = kept[taken];
    if (next !== undefined && next.at === at && canonicalJson(next.entry) === canonicalJson(entry)) taken++;
  }
  return kept.slice(taken);
}

async function appendDurably(file: string, line: string): Promise<void> {
  const handle = await open(file, "a", 0o600);
  try {
    await handle.writeFile(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(join(file, ".."));
}

/**
 * The same for the lease: while the release rolls back, a store that does not answer is no reason to stop. A lease that is
 * known to be lost is.
 */
export function leaseForRollback(lease: HeldLease, rollingBack: () => boolean): HeldLease {
  return {
    release: lease.release,
    holder: lease.holder,
    epoch: lease.epoch,
    giveBack: () => lease.giveBack(),
    leave: () => lease.leave(),
    async check() {
      try {
        await lease.check();
      } catch (error) {
        if (!(error instanceof StoreAway) || !rollingBack()) throw error;
      }
    },
  };
}
