import type { ContainerClient } from "@azure/storage-blob";
import type { Clock } from "../engine/clock";
import { inContainer, namesBelow, readBlob, refusalOf } from "./blob-calls";
import { BlobLease, BlobLeases } from "./blob-lease";
import { BlobMedium } from "./blob-medium";
import type { Command, HeldLease, Journal, SeenLease } from "./journal";
import { commandName, commandText, newCommands, requireId } from "./names";
import { realClock } from "./real-clock";
import { type DatedJournal, ReadOnlyJournal, StoredJournal } from "./stored-journal";
import {
  commandsIn,
  defaultLeaseSeconds,
  hasBegun,
  requireBegun,
  requireOwn,
  type StoreOptions,
  type VerifiableStore,
} from "./verifiable-store";
import { type Inspection, inspect } from "./verify";

/** Blob Storage gives leases of this many seconds (REST, "Lease Blob"). */
const leaseRange = { least: 15, most: 60 };

/**
 * Journals in a container of Blob Storage: `SYSTEM/lease.json` under a lease of the service, `SYSTEM/RELEASE/journal-EPOCH.jsonl`
 * (append blobs), `SYSTEM/heads/RELEASE/EPOCH`, `SYSTEM/RELEASE/commands/`. Whoever releases needs Storage Blob Data
 * Contributor on it, whoever looks Storage Blob Data Reader.
 */
export class BlobStore implements VerifiableStore {
  readonly where: string;
  private readonly clock: Clock;
  private readonly leaseSeconds: number;

  /** @param container by `containerOf`, or with any other credential */
  constructor(
    private readonly container: ContainerClient,
    private readonly options: StoreOptions,
  ) {
    this.where = container.url;
    this.clock = options.clock ?? realClock;
    this.leaseSeconds = options.leaseSeconds ?? defaultLeaseSeconds;
    const { least, most } = leaseRange;
    if (this.leaseSeconds < least || this.leaseSeconds > most)
      throw new Error(`a lease of Blob Storage lasts ${least} to ${most} s, not ${this.leaseSeconds}`);
  }

  async acquire(system: string, release: string, holder: string): Promise<HeldLease> {
    return this.leases(system).acquire(requireId(release, "release"), holder);
  }

  async takeOver(system: string, holder: string): Promise<HeldLease> {
    return this.leases(system).takeOver(holder);
  }

  async lease(system: string): Promise<SeenLease | undefined> {
    const held = await this.leases(system).current();
    return held && { ...held, isOver: Date.parse(held.expiresAt) <= this.clock.now().getTime() };
  }

  open(system: string, release: string, lease: HeldLease): DatedJournal;
  open(system: string, release: string, lease?: HeldLease): Journal;
  open(system: string, release: string, lease?: HeldLease): Journal {
    const identity = { system, release, keys: this.options.keys };
    if (lease === undefined) return new ReadOnlyJournal(this.medium(system, release), identity);
    const own = requireOwn(lease, BlobLease, system, release);
    const medium = this.medium(system, release, own);
    return new StoredJournal(medium, identity, own, this.options.signer, this.clock);
  }

  async releases(system: string): Promise<readonly string[]> {
    const prefix = `${requireId(system, "system")}/`;
    const begun = await inContainer(this.where, async (abortSignal) => {
      const first = new Map<string, number>();
      const headed = new Set<string>();
      for await (const { name, properties } of this.container.listBlobsFlat({ prefix, abortSignal })) {
        const release = releaseIn(name.slice(prefix.length));
        if (release === undefined) continue;
        if (name.startsWith(`${prefix}heads/`)) headed.add(release);
        const made = properties.createdOn?.getTime() ?? 0;
        first.set(release, Math.min(made, first.get(release) ?? made));
      }
      return [...first].map(([release, at]) => ({ release, at, isHeaded: headed.has(release) }));
    });
    const kept = await Promise.all(
      begun.map(async (one) =>
        one.isHeaded || (await hasBegun(this.medium(system, one.release))) ? [one] : [],
      ),
    );
    return kept
      .flat()
      .sort((left, right) => left.at - right.at)
      .map(({ release }) => release);
  }

  async send(system: string, release: string, command: Command): Promise<void> {
    const text = commandText(command);
    await requireBegun(this, this.medium(system, release), system, release);
    const name = `${this.commandsPrefix(system, release)}${commandName(command)}`;
    const blob = this.container.getBlockBlobClient(name);
    const conditions = { ifNoneMatch: "*" };
    try {
      await inContainer(
        blob.url,
        (abortSignal) => blob.upload(text, Buffer.byteLength(text), { conditions, abortSignal }),
        409,
        412,
      );
    } catch (error) {
      // Sent twice is sent once.
      const there = refusalOf(error) && (await readBlob(blob, this.where));
      if (there?.toString("utf8") !== text) throw error;
    }
  }

  async commands(system: string, release: string, known: ReadonlySet<string>): Promise<readonly Command[]> {
    const prefix = this.commandsPrefix(system, release);
    const names = newCommands(await namesBelow(this.container, prefix, this.where), known);
    const read = await Promise.all(
      names.map(async (name) => ({
        name,
        text: await readBlob(this.container.getBlobClient(`${prefix}${name}`), this.where),
      })),
    );
    return commandsIn(read, `${this.where}/${prefix}`.replace(/\/$/, ""), this.options.warn);
  }

  async inspect(system: string, release: string): Promise<Inspection> {
    return inspect(this.medium(system, release), { system, release, keys: this.options.keys });
  }

  private leases(system: string): BlobLeases {
    return new BlobLeases(requireId(system, "system"), this.container, this.leaseSeconds, this.clock);
  }

  private medium(system: string, release: string, lease?: BlobLease): BlobMedium {
    return new BlobMedium(this.container, requireId(system, "system"), requireId(release, "release"), lease);
  }

  private commandsPrefix(system: string, release: string): string {
    return `${requireId(system, "system")}/${requireId(release, "release")}/commands/`;
  }
}

/** Of which release a blob of a system is the journal or, since that may be gone, its head; undefined for any other blob. */
function releaseIn(name: string): string | undefined {
  const [first, second] = name.split("/");
  if (first === "heads") return second;
  return second?.startsWith("journal-") ? first : undefined;
}
