import { randomUUID } from "node:crypto";
import type { BlobLeaseClient, BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import type { Clock } from "../engine/clock";
import { describeLease, parseLease } from "../targets/lease";
import { UserError } from "../user-error";
import { inContainer, namesBelow, orNothing, readBlob, refusalOf } from "./blob-calls";
import { HeartbeatLease, type LeaseAnswer, type LeaseFacts, type LeaseKeeping } from "./held-lease";
import type { HeadMark } from "./medium";

interface LeaseBlob {
  readonly release: string;
  readonly holder: string;
  readonly expiresAt: string;
  readonly epoch: number;
  readonly head?: HeadMark;
}

const notHeld = [409, 412, 404];

/**
 * A lease whose holder writes blobs under an id of its own. Those leases do not expire: they are broken by who takes
 * over, and released by who ends.
 */
export class BlobLease extends HeartbeatLease {
  private readonly held: BlobLeaseClient[] = [];

  constructor(
    facts: LeaseFacts,
    readonly id: string,
    keeping: LeaseKeeping,
    clock: Clock,
    durationMilliseconds: number,
  ) {
    const all: LeaseKeeping = {
      ...keeping,
      end: async () => {
        await this.releaseAll();
        await keeping.end();
      },
    };
    super(facts, all, clock, durationMilliseconds);
  }

  /** To be released when the release ends. */
  add(lease: BlobLeaseClient): void {
    this.held.push(lease);
  }

  private async releaseAll(): Promise<void> {
    for (const lease of this.held) {
      await inContainer("", (abortSignal) => lease.releaseLease({ abortSignal }), ...notHeld).catch(
        (error) => {
          // Another one broke it, or it is gone: there is nothing to release.
          if (refusalOf(error) === undefined) throw error;
        },
      );
    }
  }
}

/**
 * Leases of Blob Storage on `SYSTEM/lease.json`: the service measures their time, so that nobody's clock counts. What the
 * blob says is for readers.
 */
export class BlobLeases {
  private readonly blob: BlockBlobClient;

  constructor(
    private readonly system: string,
    private readonly container: ContainerClient,
    private readonly leaseSeconds: number,
    private readonly clock: Clock,
  ) {
    this.blob = container.getBlockBlobClient(`${system}/lease.json`);
  }

  async current(): Promise<LeaseBlob | undefined> {
    const text = await readBlob(this.blob, this.where);
    return text && (parseLease(text.toString("utf8"), this.where) as LeaseBlob);
  }

  async acquire(release: string, holder: string): Promise<BlobLease> {
    const facts = { system: this.system, release, holder, epoch: (await this.lastEpoch()) + 1 };
    const text = this.text(facts, this.leaseSeconds);
    try {
      const conditions = { ifNoneMatch: "*" };
      await inContainer(
        this.where,
        (abortSignal) => this.blob.upload(text, Buffer.byteLength(text), { conditions, abortSignal }),
        409,
        412,
      );
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      // Of two tries the first may have arrived and its answer not: then it is there, and the same.
      if ((await readBlob(this.blob, this.where))?.toString("utf8") !== text) throw await this.refused();
    }
    return this.take(facts);
  }

  async takeOver(holder: string): Promise<BlobLease> {
    const seen = await this.current();
    if (seen === undefined) {
      throw new UserError(`no release of ${this.system} is running, nor unfinished`, {
        mend: `switchyard release history ${this.system} lists those that have ended`,
      });
    }
    const id = await this.lease(seen);
    // Of several who saw the same, one has it now; what it holds is what the blob says since.
    const current = (await this.current()) ?? seen;
    const facts = {
      system: this.system,
      release: current.release,
      holder,
      epoch: current.epoch + 1,
      ...(current.head && { head: current.head }),
    };
    // This process slept between the two, and another one has it by now.
    if (!(await this.stillHeld(() => this.write(facts, id, this.leaseSeconds)))) throw await this.refused();
    return this.held(facts, id);
  }

  private async take(facts: LeaseFacts): Promise<BlobLease> {
    const id = await this.lease(facts);
    return this.held(facts, id);
  }

  private async lease(of: { readonly release: string; readonly holder: string }): Promise<string> {
    const id = randomUUID();
    try {
      await inContainer(
        this.where,
        (abortSignal) => this.blob.getBlobLeaseClient(id).acquireLease(this.leaseSeconds, { abortSignal }),
        409,
        404,
      );
      return id;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      const current = (await this.current()) ?? { ...of, expiresAt: this.clock.now().toISOString() };
      throw new UserError(`${this.system}: ${describeLease(current, this.clock.now())}: it is not over`, {
        mend: "a lease is taken over when it has expired",
        retriable: true,
      });
    }
  }

  private held(facts: LeaseFacts, id: string): BlobLease {
    const client = this.blob.getBlobLeaseClient(id);
    const keeping: LeaseKeeping = {
      renew: async () => {
        const renewed = await this.stillHeld((abortSignal) => client.renewLease({ abortSignal }));
        return renewed && (await this.stillHeld(() => this.write(facts, id, this.leaseSeconds)))
          ? "held"
          : "lost";
      },
      ask: async (): Promise<LeaseAnswer> =>
        // Refused is expired or another's; only a renewal tells which.
        (await this.stillHeld((abortSignal) =>
          this.blob.getProperties({ conditions: { leaseId: id }, abortSignal }),
        ))
          ? "held"
          : "expired",
      end: async () => {
        await this.stillHeld((abortSignal) => this.blob.delete({ conditions: { leaseId: id }, abortSignal }));
      },
      leave: async () => {
        await this.stillHeld(async (abortSignal) => {
          await this.write(facts, id, 0);
          await client.releaseLease({ abortSignal });
        });
      },
    };
    return new BlobLease(facts, id, keeping, this.clock, this.leaseSeconds * 1000);
  }

  private async stillHeld(work: (abortSignal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    try {
      await inContainer(this.where, work, ...notHeld);
      return true;
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      return false;
    }
  }

  private async write(facts: LeaseFacts, leaseId: string, seconds: number): Promise<void> {
    const text = this.text(facts, seconds);
    await inContainer(
      this.where,
      (abortSignal) =>
        this.blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId }, abortSignal }),
      ...notHeld,
    );
  }

  private text({ release, holder, epoch, head }: LeaseFacts, seconds: number): string {
    const expiresAt = new Date(this.clock.now().getTime() + seconds * 1000).toISOString();
    return `${JSON.stringify({ release, holder, expiresAt, epoch, ...(head && { head }) })}\n`;
  }

  /** Of the heads of all releases: the lease's own is gone when it was given back. */
  private async lastEpoch(): Promise<number> {
    const names = await namesBelow(this.container, `${this.system}/heads/`, this.where);
    return Math.max(0, ...names.map((name) => Number(name.split("/")[1])).filter(Number.isInteger));
  }

  private async refused(): Promise<UserError> {
    const held = await this.current();
    if (held === undefined)
      return new UserError(`${this.system}: another process was quicker`, {
        mend: "try again",
        retriable: true,
      });
    const state = (
      await orNothing(inContainer(this.where, (abortSignal) => this.blob.getProperties({ abortSignal }), 404))
    )?.leaseState;
    return new UserError(`${this.system} is being released: ${describeLease(held, this.clock.now())}`, {
      mend:
        state === "leased"
          ? `wait for it, or look at it: switchyard release status ${this.system}`
          : `it is unfinished; take it up first: switchyard release resume ${this.system}`,
    });
  }

  private get where(): string {
    return this.blob.url;
  }
}
