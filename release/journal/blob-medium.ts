import type { AppendBlobClient, BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import { epochOf } from "./acknowledged";
import { appendAll, inContainer, namesBelow, readBlob, refusalOf } from "./blob-calls";
import type { BlobLease } from "./blob-lease";
import { type HeadMark, markIn, type WritableMedium } from "./medium";
import { PlaceTaken } from "./store-fault";

/** Blob Storage's refusals of a write whose lease is another's, was broken, or is gone. */
const leaseRefusals = [
  "LeaseIdMismatchWithBlobOperation",
  "LeaseLost",
  "LeaseNotPresentWithBlobOperation",
  "LeaseIdMissing",
];

/** Of an append behind which another one stands already. */
const notAtItsEnd = "AppendPositionConditionNotMet";

/** An append blob ends at 50,000 blocks, of which each entry is one. */
const full = "BlockCountExceedsLimit";

/**
 * The journal of one release in a container: append blobs and heads, each under a lease of its holder. Who takes over
 * breaks those first: what its predecessor still has on the way is refused by the service.
 */
export class BlobMedium implements WritableMedium {
  private hasHead = false;

  /** @param lease absent for whoever only reads */
  constructor(
    private readonly container: ContainerClient,
    private readonly system: string,
    private readonly release: string,
    private readonly lease?: BlobLease,
  ) {}

  place(journal: string): string {
    return `${this.container.url}/${this.journalName(journal)}`;
  }

  headPlace(epoch: number): string {
    return `${this.container.url}/${this.headName(String(epoch))}`;
  }

  async marked(): Promise<HeadMark | undefined> {
    const blob = this.container.getBlobClient(`${this.system}/lease.json`);
    return markIn((await readBlob(blob, this.container.url))?.toString("utf8"), this.release);
  }

  async headEpochs(): Promise<readonly number[]> {
    const names = await namesBelow(this.container, this.headName(""), this.container.url);
    return names.map(Number).filter(Number.isInteger);
  }

  async readHead(epoch: number): Promise<string | undefined> {
    return (await readBlob(this.head(epoch), this.container.url))?.toString("utf8");
  }

  async journals(): Promise<readonly string[]> {
    const names = await namesBelow(this.container, this.journalName("journal-"), this.container.url);
    return names.map((name) => `journal-${name}`);
  }

  async readJournal(journal: string): Promise<Buffer | undefined> {
    const blob = this.journal(journal);
    return readBlob(blob, this.place(journal));
  }

  async fence(epoch: number): Promise<void> {
    const earlier = (await this.headEpochs()).filter((one) => one < epoch).map((one) => this.head(one));
    // Not those of a later one: this holder may have slept, and its successor be at work.
    const journals = (await this.journals())
      .filter((name) => epochOf(name) < epoch)
      .map((name) => this.journal(name));
    await Promise.all([...earlier, ...journals].map((blob) => this.break(blob)));
  }

  /** A few large blocks, however many small ones its predecessor had: what has no place in that one goes on in this. */
  async begin(journal: string, content: Buffer): Promise<void> {
    const blob = this.journal(journal);
    const { id } = this.held;
    try {
      await inContainer(
        this.place(journal),
        (abortSignal) => blob.create({ conditions: { ifNoneMatch: "*" }, abortSignal }),
        409,
        412,
      );
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      throw new PlaceTaken(this.place(journal));
    }
    await this.leased(blob);
    try {
      await this.underLease(
        this.place(journal),
        (abortSignal) => appendAll(blob, content, id, abortSignal),
        notAtItsEnd,
      );
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      // Of a block that was sent twice the first one arrived.
      throw new PlaceTaken(this.place(journal));
    }
  }

  async append(journal: string, position: number, line: Buffer): Promise<void> {
    const blob = this.journal(journal);
    const conditions = { leaseId: this.held.id, appendPosition: position };
    const place = this.place(journal);
    try {
      await this.underLease(
        place,
        (abortSignal) => blob.appendBlock(line, line.length, { conditions, abortSignal }),
        notAtItsEnd,
        full,
      );
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      if (refusal.code === full) throw new PlaceTaken(place);
      // The first of two tries may have arrived: then it stands there, and nothing behind it.
      const all = await this.readJournal(journal);
      if (all?.subarray(position).equals(line)) return;
      throw new PlaceTaken(place);
    }
  }

  async writeHead(epoch: number, _count: number, text: string): Promise<void> {
    const blob = this.head(epoch);
    const bytes = Buffer.byteLength(text);
    if (!this.hasHead && (await this.createHead(blob, text))) return;
    const conditions = { leaseId: this.held.id };
    await this.underLease(blob.url, (abortSignal) => blob.upload(text, bytes, { conditions, abortSignal }));
  }

  /**
   * A head of this epoch that is there is this holder's own: made before, by a request whose answer was lost, or by one after
   * which its lease could not be had. It is leased in any case, since what has no lease takes no write under one.
   *
   * @returns false when it was there
   */
  private async createHead(blob: BlockBlobClient, text: string): Promise<boolean> {
    const conditions = { ifNoneMatch: "*" };
    let isNew = true;
    try {
      await inContainer(
        blob.url,
        (abortSignal) => blob.upload(text, Buffer.byteLength(text), { conditions, abortSignal }),
        409,
        412,
      );
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      isNew = false;
    }
    await this.leased(blob);
    this.hasHead = true;
    return isNew;
  }

  /** @throws LeaseLost when the service refuses the holder's id */
  private async underLease<T>(
    where: string,
    work: (abortSignal: AbortSignal) => Promise<T>,
    ...handled: readonly (string | number)[]
  ): Promise<T> {
    try {
      return await inContainer(where, work, ...handled, ...leaseRefusals);
    } catch (error) {
      const code = refusalOf(error)?.code ?? "";
      if (!leaseRefusals.includes(code) || handled.includes(code)) throw error;
      throw this.held.lose(`the store refused a write (${code})`);
    }
  }

  private async leased(blob: AppendBlobClient | BlockBlobClient): Promise<void> {
    const lease = blob.getBlobLeaseClient(this.held.id);
    await inContainer(blob.url, (abortSignal) => lease.acquireLease(-1, { abortSignal }));
    this.held.add(lease);
  }

  private async break(blob: AppendBlobClient | BlockBlobClient): Promise<void> {
    try {
      await inContainer(
        blob.url,
        (abortSignal) => blob.getBlobLeaseClient().breakLease(0, { abortSignal }),
        409,
        404,
      );
    } catch (error) {
      // There was no lease on it any more.
      if (refusalOf(error) === undefined) throw error;
    }
  }

  private get held(): BlobLease {
    if (this.lease === undefined) throw new Error("only the holder of the lease writes the journal");
    return this.lease;
  }

  private journal(name: string): AppendBlobClient {
    return this.container.getAppendBlobClient(this.journalName(name));
  }

  private head(epoch: number): BlockBlobClient {
    return this.container.getBlockBlobClient(this.headName(String(epoch)));
  }

  private journalName(name: string): string {
    return `${this.system}/${this.release}/${name}`;
  }

  private headName(epoch: string): string {
    return `${this.system}/heads/${this.release}/${epoch}`;
  }
}
