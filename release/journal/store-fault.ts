import { UserError } from "../user-error";

/**
 * The store of the journals cannot be asked or does not take what is written: away, full, read-only. A release that
 * rolls back goes on without it (local-journal.ts); a forward step stops.
 */
export class StoreAway extends UserError {
  constructor(where: string, why: string, cause?: unknown) {
    super(`the store of the journals ${where} cannot be used: ${why}`, {
      mend: "free space, permission or the way to it; then: switchyard release resume",
      cause,
      retriable: true,
    });
  }
}

/** Where a record was to be written there is something else, or no more place; the journal is continued in a new file. */
export class PlaceTaken extends Error {
  override readonly name = "PlaceTaken";
}

/** The journal is not what its release wrote. */
export class JournalFault extends UserError {
  /**
   * @param where path or address of the journal; of the head, where that is at fault
   * @param sequence number of the first record that does not fit
   */
  constructor(
    readonly where: string,
    readonly sequence: number,
    readonly kind: FaultKind,
    why: string,
  ) {
    const at =
      kind === "headUnsigned"
        ? `the head ${where} of a journal cannot be relied on`
        : `the journal ${where} cannot be relied on: record ${sequence}`;
    super(`${at}: ${why}`, { mend: mends[kind] });
  }
}

export type FaultKind =
  | "edited"
  | "removed"
  | "cut"
  | "rewritten"
  | "unreadable"
  | "newer"
  | "headMissing"
  | "headUnsigned";

/** The commands that would look at the release read the same journal: the way on is not another of them. */
const restore =
  'restore journal and head as they were: of a container the versions of their blobs, of a folder a backup; where there is neither, docs/release.md, "A damaged journal or lease". What is live stands in the world and not in the journal: switchyard drift';

const mends: Readonly<Record<FaultKind, string>> = {
  edited: restore,
  removed: restore,
  cut: restore,
  rewritten: restore,
  unreadable: restore,
  newer: "take a checkout as new as the one that started the release",
  headMissing: restore,
  headUnsigned: `${restore}. Whose signatures count says switchyard:trustRoot, on dev the key operator-key.pem of the state folder`,
};
