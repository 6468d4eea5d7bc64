import type { Clock } from "../engine/clock";
import type { JournalStore } from "../journal/journal";
import { asHolder } from "../journal/short-write";
import type { IncidentEvent } from "./events";
import { type IncidentState, incidentState } from "./state";

const laneEnding = ".incidents";

/** Under which name the store has the journals of a system's incidents. */
export function incidentLane(system: string): string {
  return `${system}${laneEnding}`;
}

/** @returns whose incidents a name of the store is of; undefined for any other name */
export function systemOfIncidentLane(lane: string): string | undefined {
  return lane.endsWith(laneEnding) ? lane.slice(0, -laneEnding.length) : undefined;
}

/**
 * The journals of a system's incidents, beside those of its releases in the same store: `SYSTEM.incidents`. Many people
 * act in one incident, so its lease is held for one write only, and what is there is read anew before each.
 */
export class IncidentBook {
  private readonly lane: string;

  /** @param holder this process, as leases name it */
  constructor(
    private readonly store: JournalStore,
    readonly system: string,
    private readonly holder: string,
    private readonly clock: Clock,
  ) {
    this.lane = incidentLane(system);
  }

  /** In words, for messages. */
  get where(): string {
    return this.store.where;
  }

  /** Ids, the newest last. */
  ids(): Promise<readonly string[]> {
    return this.store.releases(this.lane);
  }

  /** @throws UserError when there is no such incident, or its journal cannot be relied on */
  async read(incident: string): Promise<IncidentState> {
    return incidentState(await this.store.open(this.lane, incident).read());
  }

  /** States of the incidents that are open, the newest last. */
  async open(): Promise<readonly IncidentState[]> {
    const states = await Promise.all((await this.ids()).map((id) => this.read(id)));
    return states.filter(({ closed }) => closed === undefined);
  }

  /**
   * Writes what follows from what is there, as one holder of the incident's lease.
   *
   * @param next given the state, undefined for one that has not begun; answers what is to be written
   * @throws UserError when another process holds the journal for too long
   */
  async write(
    incident: string,
    next: (state: IncidentState | undefined) => readonly IncidentEvent[],
  ): Promise<IncidentState | undefined> {
    const { store, lane, holder, clock } = this;
    return asHolder({ store, lane, holder, clock }, incident, async (journal) => {
      const before = await journal.read();
      const events = next(before.length === 0 ? undefined : incidentState(before));
      for (const event of events) await journal.append({ kind: "incident", event });
      const after = events.length === 0 ? before : await journal.read();
      return after.length === 0 ? undefined : incidentState(after);
    });
  }
}

/** `incident-20261121T190500Z-4f2a`: sorts by time, and two that begin at once differ. */
export function incidentId(now: Date, random: string): string {
  return `incident-${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${random}`;
}
