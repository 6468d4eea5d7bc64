import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import type { HeldLease, Journal, JournalStore } from "./journal";

const pauseMilliseconds = 200;
/** Another process writes an event or two; one that takes longer has stopped. */
const longestMilliseconds = 20_000;

/** Where journals are that many people write, beside those of releases. */
export interface Lane {
  readonly store: JournalStore;
  /** Name of the store under which they are: `SYSTEM.incidents`. */
  readonly lane: string;
  /** This process, as leases name it. */
  readonly holder: string;
  readonly clock: Clock;
}

/**
 * Does something as the one holder of a lane's lease, which is free again afterwards; waits for whoever has it.
 *
 * @throws UserError when another process holds it for too long
 */
export async function asHolder<Result>(
  lane: Lane,
  id: string,
  work: (journal: Journal) => Promise<Result>,
): Promise<Result> {
  const lease = await hold(lane, id);
  try {
    return await work(lane.store.open(lane.lane, id, lease));
  } finally {
    await lease.giveBack();
  }
}

async function hold(lane: Lane, id: string): Promise<HeldLease> {
  const { store, clock, holder } = lane;
  const began = clock.monotonic();
  for (;;) {
    try {
      return await store.acquire(lane.lane, id, holder);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (clock.monotonic() - began > longestMilliseconds) throw error;
      await freeWhatIsLeft(lane);
      await clock.sleep(pauseMilliseconds);
    }
  }
}

/** A process that ended in the middle of a write left its lease, which then runs out. */
async function freeWhatIsLeft({ store, lane, holder }: Lane): Promise<void> {
  try {
    await (await store.takeOver(lane, holder)).giveBack();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}
