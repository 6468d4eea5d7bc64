import type { Signer, VerificationKey } from "../../attestation/keys";
import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import type { HeartbeatLease } from "./held-lease";
import type { Command, HeldLease, Journal, JournalStore } from "./journal";
import type { JournalMedium } from "./medium";
import { parseCommand } from "./names";
import type { DatedJournal } from "./stored-journal";
import type { Inspection } from "./verify";

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

/** @throws Error for a lease of another release or of a store of another kind: a fault of the caller */
export function requireOwn<T extends HeartbeatLease>(
  lease: HeldLease,
  kind: abstract new (...given: never[]) => T,
  system: string,
  release: string,
): T {
  if (!(lease instanceof kind) || lease.system !== system || lease.release !== release)
    throw new Error(`the lease is not the one that this store gave for ${release} of ${system}`);
  return lease;
}

/** @throws UserError when the release never began: nobody would ever read the command */
export async function requireBegun(
  store: JournalStore,
  medium: JournalMedium,
  system: string,
  release: string,
): Promise<void> {
  if ((await medium.journals()).length > 0) return;
  const known = (await store.releases(system)).slice(-3);
  throw new UserError(`${system} has no release ${release} in ${store.where}`, {
    mend: known.length === 0 ? "there is none at all" : `the newest are: ${known.join(", ")}`,
  });
}

/**
 * Whether anything of the release was acknowledged; of one whose head is gone, whether there is more than what may have been
 * under way. One that has not begun did nothing, and nobody need know of it.
 */
export async function hasBegun(medium: JournalMedium): Promise<boolean> {
  if ((await medium.headEpochs()).length > 0) return true;
  const contents = await Promise.all((await medium.journals()).map((journal) => medium.readJournal(journal)));
  return contents.some(
    (content) => content !== undefined && content.indexOf("\n") !== content.lastIndexOf("\n"),
  );
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
