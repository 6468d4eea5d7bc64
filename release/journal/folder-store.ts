import { join } from "node:path";
import type { Clock } from "../engine/clock";
import { readChain } from "./chain";
import { codeOf, inStore, makeFolder, namesIn, readIfThere, writeOnce } from "./files";
import { FolderLeases } from "./folder-lease";
import { FolderMedium } from "./folder-medium";
import { HeartbeatLease } from "./held-lease";
import type { Command, HeldLease, Journal, SeenLease } from "./journal";
import { type Machine, thisMachine } from "./machine";
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

/** Journals in a folder of this machine: `SYSTEM/lease.json`, `SYSTEM/heads/RELEASE/`, `SYSTEM/RELEASE/`. 0700 and 0600. */
export class FolderStore implements VerifiableStore {
  private readonly clock: Clock;
  private readonly machine: Machine;

  /** @param where the folder; made when it is first written to */
  constructor(
    readonly where: string,
    private readonly options: StoreOptions & { readonly machine?: Machine },
  ) {
    this.clock = options.clock ?? realClock;
    this.machine = options.machine ?? thisMachine();
  }

  async acquire(system: string, release: string, holder: string): Promise<HeldLease> {
    return this.leases(system).acquire(requireId(release, "release"), holder);
  }

  async takeOver(system: string, holder: string): Promise<HeldLease> {
    return this.leases(system).takeOver(holder);
  }

  async lease(system: string): Promise<SeenLease | undefined> {
    const leases = this.leases(system);
    const file = await leases.current();
    if (file === undefined) return undefined;
    const { release, holder, expiresAt, epoch } = file;
    return { release, holder, expiresAt, epoch, isOver: leases.isOver(file) };
  }

  open(system: string, release: string, lease: HeldLease): DatedJournal;
  open(system: string, release: string, lease?: HeldLease): Journal;
  open(system: string, release: string, lease?: HeldLease): Journal {
    const identity = { system, release, keys: this.options.keys };
    const medium = this.medium(system, release);
    if (lease === undefined) return new ReadOnlyJournal(medium, identity);
    return new StoredJournal(
      medium,
      identity,
      requireOwn(lease, HeartbeatLease, system, release),
      this.options.signer,
      this.clock,
    );
  }

  async releases(system: string): Promise<readonly string[]> {
    const folder = this.folder(system);
    const heads = join(folder, "heads");
    // One whose journal is gone is told by its head alone.
    const names = new Set(
      await inStore(folder, async () => [...(await namesIn(folder)), ...(await namesIn(heads))]),
    );
    const begun = await Promise.all(
      [...names]
        .filter((name) => isRelease(name))
        .map(async (release) => ({ release, at: await firstTime(this.medium(system, release), release) })),
    );
    return begun
      .filter(({ at }) => at !== undefined)
      .sort((left, right) => ((left.at as string) < (right.at as string) ? -1 : 1))
      .map(({ release }) => release);
  }

  async send(system: string, release: string, command: Command): Promise<void> {
    const text = commandText(command);
    await requireBegun(this, this.medium(system, release), system, release);
    const folder = this.commandsFolder(system, release);
    await inStore(folder, async () => {
      await makeFolder(folder);
      const file = join(folder, commandName(command));
      try {
        await writeOnce(file, text);
      } catch (error) {
        // Sent twice is sent once.
        if (codeOf(error) !== "EEXIST" || (await readIfThere(file))?.toString("utf8") !== text) throw error;
      }
    });
  }

  async commands(system: string, release: string, known: ReadonlySet<string>): Promise<readonly Command[]> {
    const folder = this.commandsFolder(system, release);
    const names = newCommands(await inStore(folder, () => namesIn(folder)), known);
    const read = await Promise.all(
      names.map(async (name) => ({
        name,
        text: await inStore(folder, () => readIfThere(join(folder, name))),
      })),
    );
    return commandsIn(read, folder, this.options.warn);
  }

  async inspect(system: string, release: string): Promise<Inspection> {
    return inspect(this.medium(system, release), { system, release, keys: this.options.keys });
  }

  private leases(system: string): FolderLeases {
    const milliseconds = (this.options.leaseSeconds ?? defaultLeaseSeconds) * 1000;
    return new FolderLeases(system, this.folder(system), milliseconds, this.clock, this.machine);
  }

  private medium(system: string, release: string): FolderMedium {
    const folder = this.folder(system);
    return new FolderMedium(join(folder, requireId(release, "release")), folder, release);
  }

  private commandsFolder(system: string, release: string): string {
    return join(this.folder(system), requireId(release, "release"), "commands");
  }

  private folder(system: string): string {
    return join(this.where, requireId(system, "system"));
  }
}

function isRelease(name: string): boolean {
  return !name.startsWith(".") && !["heads", "leases", "lease.json"].includes(name);
}

async function firstTime(medium: FolderMedium, release: string): Promise<string | undefined> {
  if (!(await hasBegun(medium))) return undefined;
  const [journal] = [...(await medium.journals())].sort();
  const content = (journal && (await medium.readJournal(journal))) || Buffer.alloc(0);
  const line = content.subarray(0, content.indexOf("\n") + 1).toString("utf8");
  // One that is gone or cannot be read is listed all the same, as the oldest: `verify` says what is wrong with it.
  return readChain(line, release).records[0]?.at ?? "";
}
