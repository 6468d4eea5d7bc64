import { type JournalRecord, journalFormat } from "../journal/entry";
import type { HeldLease, JournalStore } from "../journal/journal";
import type { Plan } from "../plan/plan";
import { UserError } from "../user-error";
import { stateOf } from "./state";

/** A release that this process may run: its lease, and the record by which the process came to it. */
export interface Taken {
  readonly lease: HeldLease;
  readonly record: JournalRecord;
}

/** How a release begins. */
export interface Beginning {
  readonly release: string;
  readonly plan: Plan;
  /** The process that runs it. */
  readonly holder: string;
  /** The person who started it. */
  readonly by: string;
  /** Seconds of the runbook in a second; 1 but in a rehearsal on dev. */
  readonly speed: number;
}

/** Its process ended between the lease and the first entry: there is nothing to take up, and the system is free. */
export class NeverBegan extends UserError {}

/** Takes the lease of the system and writes down that a release of it begins. When that fails the system is free again. */
export async function begin(
  store: JournalStore,
  { release, plan, holder, by, speed }: Beginning,
): Promise<Taken> {
  const { system, reason } = plan;
  const lease = await store.acquire(system, release, holder);
  try {
    const record = await store.open(system, release, lease).append({
      kind: "started",
      format: journalFormat,
      release,
      by,
      ...(reason !== undefined && { reason }),
      ...(speed !== 1 && { speed }),
      // As it is read again: without what is undefined.
      plan: JSON.parse(JSON.stringify(plan)),
    });
    return { lease, record };
  } catch (error) {
    // Where that fails too, the lease runs out, and `takeUp` finds nothing.
    await lease.giveBack().catch(() => undefined);
    throw error;
  }
}

/**
 * Takes up a release that no process runs any more.
 *
 * @throws UserError when one does; NeverBegan when there is nothing to go on with
 */
export async function takeUp(
  store: JournalStore,
  system: string,
  holder: string,
): Promise<Taken & { readonly from: string; readonly speed: number }> {
  const before = await store.lease(system);
  const lease = await store.takeOver(system, holder);
  const { release, epoch } = lease;
  const journal = store.open(system, release, lease);
  const records = await journal.read();
  if (records.length === 0) {
    await lease.giveBack();
    throw new NeverBegan(
      `release ${release} of ${system} had not begun when its process ended: nothing was done, and ${system} is free`,
      { mend: `start it again: switchyard release start ${system} --to MANIFEST` },
    );
  }
  const from = before?.holder ?? "nobody";
  const record = await journal.append({ kind: "takenOver", by: holder, epoch, from });
  return { lease, record, from, speed: stateOf(records).speed };
}
