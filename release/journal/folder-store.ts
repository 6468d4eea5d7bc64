import { join } from "node:path";
import type { Signer, VerificationKey } from "../../attestation/keys";
import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import { readChain } from "./chain";
import { codeOf, inStore, makeFolder, namesIn, readIfThere, writeOnce } from "./files";
import { FolderLeases } from "./folder-lease";
import { FolderMedium } from "./folder-medium";
import { HeartbeatLease } from "./held-lease";
import type { Command, HeldLease, Journal, JournalStore } from "./journal";
import { type Machine, thisMachine } from "./machine";
import { commandName, commandText, newCommands, parseCommand, requireId } from "./names";
import { realClock } from "./real-clock";
import { type DatedJournal, ReadOnlyJournal, StoredJournal } from "./stored-journal";
import { type Inspection, inspect } from "./verify";

/** What a store that can be verified needs beside its place. */
export interface StoreOptions {
  /** What signs the heads; asked once per held lease. */
  readonly signer: () => Promise<Signer>;
  /** Whose signatures of heads count. */
  readonly keys: () => Promise<readonly VerificationKey[]>;
  /** Of speed 1: other processes look at the same leases. @default the machine's */
  readonly clock?: Clock;
  /** How long a lease lasts without a heartbeat, in seconds. @default 30 */
  readonly leaseSeconds?: number;
  /** Told of what is passed over, such as a command that cannot be read. @default nobody */
  readonly warn?: (text: string) => void;
}

/** A store that says what is wrong with a journal, and whose holders can write what happened earlier. */
export interface VerifiableStore extends JournalStore {
  open(system: string, release: string, lease: HeldLease): DatedJournal;
  open(system: string, release: string, lease?: HeldLease): Journal;
  inspect(system: string, release: string): Promise<Inspection>;
}

export const defaultLeaseSeconds = 30;

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

  async lease(system: string) {
    const file = await this.leases(system).current();
    return (
      file && { release: file.release, holder: file.holder, expiresAt: file.expiresAt, epoch: file.epoch }
    );
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
      requireOwn(lease, system, release),
      this.options.signer,
      this.clock,
    );
  }

  async releases(system: string): Promise<readonly string[]> {
    const folder = this.folder(system);
    const names = await inStore(folder, () => namesIn(folder));
    const begun = await Promise.all(
      names
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

/** @throws Error for a lease of another release or of a store of another kind: a fault of the caller */
export function requireOwn(lease: HeldLease, system: string, release: string): HeartbeatLease {
  if (!(lease instanceof HeartbeatLease) || lease.system !== system || lease.release !== release)
    throw new Error(`the lease is not the one that this store gave for ${release} of ${system}`);
  return lease;
}

/** @throws UserError when the release never began: nobody would ever read the command */
export async function requireBegun(
  store: JournalStore,
  medium: FolderMedium | { journals(): Promise<readonly string[]> },
  system: string,
  release: string,
): Promise<void> {
  if ((await medium.journals()).length > 0) return;
  const known = (await store.releases(system)).slice(-3);
  throw new UserError(`${system} has no release ${release} in ${store.where}`, {
    mend: known.length === 0 ? "there is none at all" : `the newest are: ${known.join(", ")}`,
  });
}

/** Those that can be read; the others are said and passed over, so that none of them keeps a rollback from its release. */
export function commandsIn(
  read: readonly { readonly name: string; readonly text: Buffer | string | undefined }[],
  where: string,
  warn: (text: string) => void = () => {},
): readonly Command[] {
  return read.flatMap(({ name, text }) => {
    const command = text === undefined ? "it is gone" : parseCommand(text.toString());
    if (typeof command !== "string") return [command];
    warn(`${where}/${name} is no command and is passed over: ${command}`);
    return [];
  });
}

function isRelease(name: string): boolean {
  return !name.startsWith(".") && !["heads", "leases", "lease.json"].includes(name);
}

async function firstTime(medium: FolderMedium, release: string): Promise<string | undefined> {
  const [journal] = [...(await medium.journals())].sort();
  const content = journal && (await medium.readJournal(journal));
  if (!content) return undefined;
  const line = content.subarray(0, content.indexOf("\n") + 1).toString("utf8");
  // One that cannot be read is listed all the same: `verify` says what is wrong with it.
  return readChain(line, release).records[0]?.at ?? "";
}
