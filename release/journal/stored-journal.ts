import type { Signer, VerificationKey } from "../../attestation/keys";
import type { Clock } from "../engine/clock";
import { type Acknowledged, readAcknowledged } from "./acknowledged";
import { type ChainEnd, lineOf, nextRecord } from "./chain";
import type { JournalEntry, JournalRecord } from "./entry";
import { HeadSigner } from "./head";
import type { HeartbeatLease } from "./held-lease";
import type { Journal } from "./journal";
import type { JournalMedium, WritableMedium } from "./medium";
import { PlaceTaken } from "./store-fault";

/** Whose journal it is and how its head is verified. */
export interface JournalIdentity {
  readonly system: string;
  readonly release: string;
  /** Whose signatures count. */
  keys(): Promise<readonly VerificationKey[]>;
}

/** A journal of which the time of an entry can be given: one that was written elsewhere first. */
export interface DatedJournal extends Journal {
  /** @param at @default the clock */
  append(entry: JournalEntry, at?: Date): Promise<JournalRecord>;
}

/** A journal for whoever holds no lease. */
export class ReadOnlyJournal implements Journal {
  private before: Acknowledged | undefined;

  constructor(
    private readonly medium: JournalMedium,
    private readonly identity: JournalIdentity,
  ) {}

  async read(): Promise<readonly JournalRecord[]> {
    const { identity } = this;
    this.before = await readAcknowledged(this.medium, identity, await identity.keys(), this.before);
    return this.before.records;
  }

  append(): Promise<JournalRecord> {
    throw new Error("only the holder of the lease writes the journal");
  }
}

interface Writing {
  readonly signer: HeadSigner;
  journal: string;
  end: ChainEnd;
  bytes: number;
}

/**
 * A journal as its holder writes it. Each holder writes to a file of its own, which begins with a copy of what was
 * acknowledged before: a holder that lost its lease and does not know it yet writes where nobody reads.
 */
export class StoredJournal implements DatedJournal {
  private writing: Writing | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private parts = 0;

  constructor(
    private readonly medium: WritableMedium,
    private readonly identity: JournalIdentity,
    private readonly lease: HeartbeatLease,
    private readonly signer: () => Promise<Signer>,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<readonly JournalRecord[]> {
    return (await this.acknowledged()).records;
  }

  append(entry: JournalEntry, at?: Date): Promise<JournalRecord> {
    const appended = this.queue.then(() => this.write(entry, at));
    this.queue = appended.catch(() => undefined);
    return appended;
  }

  private async write(entry: JournalEntry, at: Date = this.clock.now()): Promise<JournalRecord> {
    this.lease.refuseWhenLost();
    this.writing ??= await this.begin();
    const record = nextRecord(this.writing.end, entry, at);
    const line = Buffer.from(lineOf(record));
    try {
      await this.medium.append(this.writing.journal, this.writing.bytes, line);
    } catch (error) {
      if (!(error instanceof PlaceTaken)) throw error;
      // An earlier write reached the store and its acknowledgement did not: it was reported as failed, so it must not count.
      this.writing = await this.begin(this.writing.signer);
      await this.medium.append(this.writing.journal, this.writing.bytes, line);
    }
    const { journal, bytes, signer } = this.writing;
    const next = { count: record.sequence + 1, hash: record.hash };
    await this.acknowledge(signer, journal, next, bytes + line.length);
    this.writing = { signer, journal, end: next, bytes: bytes + line.length };
    // Taken over meanwhile, the new holder may not have seen it.
    await this.lease.check();
    return record;
  }

  /** Makes this holder's own file of what was acknowledged so far, and signs that it is the journal from here on. */
  private async begin(signer?: HeadSigner): Promise<Writing> {
    const { epoch } = this.lease;
    await this.medium.fence(epoch);
    await this.lease.check();
    const { end, content } = await this.acknowledged();
    const own = signer ?? (await HeadSigner.for({ ...this.of(), epoch }, await this.signer()));
    for (;;) {
      const journal = `journal-${epoch}${this.parts === 0 ? "" : `-${this.parts}`}.jsonl`;
      this.parts++;
      try {
        await this.medium.begin(journal, content);
      } catch (error) {
        if (error instanceof PlaceTaken) continue;
        throw error;
      }
      // Nothing to acknowledge yet: a head of no records would hide that the first one is missing.
      if (end.count > 0) await this.acknowledge(own, journal, end, content.length);
      return { signer: own, journal, end, bytes: content.length };
    }
  }

  private async acknowledge(
    signer: HeadSigner,
    journal: string,
    end: ChainEnd,
    bytes: number,
  ): Promise<void> {
    const { epoch } = this.lease;
    const head = await signer.sign({ ...this.of(), epoch, journal, bytes, count: end.count, hash: end.hash });
    await this.medium.writeHead(epoch, end.count, head);
    this.lease.acknowledged(end.count);
  }

  private async acknowledged(): Promise<Acknowledged> {
    return readAcknowledged(this.medium, this.of(), await this.identity.keys());
  }

  private of(): { readonly system: string; readonly release: string } {
    const { system, release } = this.identity;
    return { system, release };
  }
}
