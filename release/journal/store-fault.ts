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

/** There is something else at the place where a record was to be written; the journal is continued in a new file. */
export class PlaceTaken extends Error {
  override readonly name = "PlaceTaken";
}

/** The journal is not what its release wrote. */
export class JournalFault extends UserError {
  /**
   * @param where path or address of the journal
   * @param sequence number of the first record that does not fit
   */
  constructor(
    readonly where: string,
    readonly sequence: number,
    readonly kind: FaultKind,
    why: string,
  ) {
    super(`the journal ${where} cannot be relied on: record ${sequence}: ${why}`, {
      mend: mends[kind],
    });
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

const look =
  "look at it with: switchyard release verify; what is live is read from the world and not from the journal: switchyard release status";

const mends: Readonly<Record<FaultKind, string>> = {
  edited: look,
  removed: look,
  cut: look,
  rewritten: look,
  unreadable: look,
  newer: "take a checkout as new as the one that started the release",
  headMissing: look,
  headUnsigned: `${look}; whose signatures count says switchyard:trustRoot, on dev the key operator-key.pem of the state folder`,
};
