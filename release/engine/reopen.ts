import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { HeldLease, Journal, JournalStore } from "../journal/journal";
import { UserError } from "../user-error";
import { type ReleaseState, stateOf } from "./state";
import type { Taken } from "./take-up";

/** How a release that has finished is taken back. */
export interface Reopening {
  readonly system: string;
  readonly release: string;
  /** The process that runs it. */
  readonly holder: string;
  /** The person who wants it, and why. */
  readonly by: string;
  readonly why: string;
  /** The data are restored as well. @default false */
  readonly restore?: boolean;
  /** Where things of the system are by now. */
  readonly facts: ReleaseFacts;
  /**
   * Looks whether the way back is there. Asked under the lease, so that no release begins and no update changes a side
   * between the look and what follows from it.
   *
   * @throws UserError with what stands against it
   */
  requireWayBack(state: ReleaseState): Promise<void>;
}

/**
 * Takes the lease of a system for the release of it that finished last, and writes down that it goes back. When anything
 * stands against it the system is free again, and the journal says nothing of it.
 *
 * @throws UserError when another release holds the system or began since, or this one has not finished
 */
export async function reopen(
  store: JournalStore,
  { system, release, holder, by, why, restore, facts, requireWayBack }: Reopening,
): Promise<Taken & { readonly speed: number }> {
  const lease = await leaseFor(store, { system, release, holder });
  const journal = store.open(system, release, lease);
  const { state, passedOver } = await lookedAt(store, journal, lease, { system, release, requireWayBack });
  try {
    const record = await journal.append({
      kind: "reopened",
      by,
      why,
      ...(restore === true && { restore }),
      runner: holder,
      epoch: lease.epoch,
      facts: JSON.parse(JSON.stringify(facts)),
      passedOver: [...passedOver],
    });
    return { lease, record, speed: state.speed };
  } catch (error) {
    // Whether it is in the journal nobody knows: the system stays this release's, and whoever goes on with it looks.
    await lease.leave().catch(() => undefined);
    throw error;
  }
}

/** One whose process ended before it had written that the release goes back left its lease. */
async function leaseFor(
  store: JournalStore,
  { system, release, holder }: Pick<Reopening, "system" | "release" | "holder">,
): Promise<HeldLease> {
  const left = await store.lease(system);
  const isOwn = left?.release === release && left.isOver;
  return isOwn ? store.takeOver(system, holder) : store.acquire(system, release, holder);
}

async function lookedAt(
  store: JournalStore,
  journal: Journal,
  lease: HeldLease,
  { system, release, requireWayBack }: Pick<Reopening, "system" | "release" | "requireWayBack">,
): Promise<{ readonly state: ReleaseState; readonly passedOver: readonly string[] }> {
  let state: ReleaseState | undefined;
  try {
    state = stateOf(await journal.read());
    requireFinished(state, system);
    requireNewest(await store.releases(system), system, release);
    await requireWayBack(state);
    const given = await store.commands(system, release, state.heard);
    return { state, passedOver: given.map(({ id }) => id) };
  } catch (error) {
    // Another process may have reopened it just before: then it is unfinished, and must not be set free.
    const isUnfinished = state !== undefined && state.ended === undefined;
    await (isUnfinished ? lease.leave() : lease.giveBack()).catch(() => undefined);
    throw error;
  }
}

/** @throws UserError for a release that is not live */
export function requireFinished({ ended, release }: ReleaseState, system: string): void {
  if (ended?.outcome === "finished") return;
  throw new UserError(
    ended === undefined
      ? `release ${release} of ${system} is under way, and not finished`
      : `release ${release} of ${system} has ended: ${ended.outcome}, ${ended.why}`,
    { mend: `where it stands: switchyard release status ${system} --release ${release}` },
  );
}

function requireNewest(known: readonly string[], system: string, release: string): void {
  const later = known.slice(known.indexOf(release) + 1);
  if (later.length === 0) return;
  throw new UserError(
    `release ${release} of ${system} cannot be taken back any more: ${later.join(", ")} began since`,
    {
      mend: `release the version that is wanted: switchyard release prepare ${system} --to MANIFEST, then release start`,
    },
  );
}
