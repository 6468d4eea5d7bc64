import { readAcknowledged } from "./acknowledged";
import type { JournalRecord } from "./entry";
import type { JournalMedium } from "./medium";
import { JournalFault } from "./store-fault";
import type { JournalIdentity } from "./stored-journal";

/** What a look at a journal brought out. */
export interface Inspection {
  readonly release: string;
  /** Empty when there is a fault. */
  readonly records: readonly JournalRecord[];
  readonly fault?: JournalFault;
  /** Ids of the keys by whose warrant the head is signed. */
  readonly signedBy: readonly string[];
  /** Bytes of a write that never was acknowledged: one that is under way, or was when its process ended. */
  readonly unacknowledgedBytes: number;
  /** As its last record says; undefined for a release that has not ended. */
  readonly outcome?: "finished" | "rolledBack" | "refused" | "aborted";
}

export async function inspect(medium: JournalMedium, identity: JournalIdentity): Promise<Inspection> {
  const { release } = identity;
  try {
    const read = await readAcknowledged(medium, identity, await identity.keys());
    // One that was killed as it ended is taken up once more, and is over all the same.
    const last = read.records.findLast(({ entry }) => entry.kind !== "takenOver")?.entry;
    return {
      release,
      records: read.records,
      signedBy: read.head?.signedBy ?? [],
      unacknowledgedBytes: read.unacknowledgedBytes,
      ...(last?.kind === "ended" && { outcome: last.outcome }),
    };
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    return { release, records: [], fault: error, signedBy: [], unacknowledgedBytes: 0 };
  }
}
