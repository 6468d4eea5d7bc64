import type { Clock } from "../engine/clock";
import { type ReleaseState, stateOf } from "../engine/state";
import type { Journal, JournalStore } from "../journal/journal";
import { asHolder } from "../journal/short-write";
import { releasedWords } from "../plan/plan-sides";
import { UserError } from "../user-error";
import type { EventOf, ScheduleEvent } from "./events";
import { type SaidByRelease, saidByReleases, withSaid } from "./of-releases";
import { isOpen, type ScheduleState, scheduleState } from "./state";

const laneEnding = ".schedule";
/** So many of a system's newest releases are asked whether they are the one that was scheduled. */
const releasesAsked = 20;
/** Clocks of two machines that write journals are no further apart. */
const clocksApartMilliseconds = 3_600_000;
/** So many of a system's newest schedules are looked through: one at most is open, and it is the newest. */
const lookedThrough = 5;

/** Under which name the store has the journals of a system's schedules. */
export function scheduleLane(system: string): string {
  return `${system}${laneEnding}`;
}

/** @returns whose schedules a name of the store is of; undefined for any other name */
export function systemOfScheduleLane(lane: string): string | undefined {
  return lane.endsWith(laneEnding) ? lane.slice(0, -laneEnding.length) : undefined;
}

/** A schedule as its holder has it. */
export interface HeldSchedule {
  readonly state: ScheduleState;
  /** @returns the state afterwards */
  write(event: ScheduleEvent): Promise<ScheduleState>;
}

/**
 * The journals of releases that are yet to begin, beside those of the releases in the same store: `SYSTEM.schedule`. Signed
 * and chained as those are. Their lease is held for one write, or for one message, and what is there is read anew before.
 * What the releases' own journals say of a schedule counts as if it stood there, and is written down by its next holder.
 */
export class ScheduleBook {
  private readonly lane: string;

  /** @param holder this process, as leases name it */
  constructor(
    private readonly store: JournalStore,
    readonly system: string,
    private readonly holder: string,
    private readonly clock: Clock,
  ) {
    this.lane = scheduleLane(system);
  }

  /** In words, for messages. */
  get where(): string {
    return this.store.where;
  }

  /** Ids, the newest last. */
  ids(): Promise<readonly string[]> {
    return this.store.releases(this.lane);
  }

  /** @throws UserError when there is no such schedule, or its journal cannot be relied on */
  async read(schedule: string): Promise<ScheduleState> {
    const state = await this.written(schedule);
    return withSaid(state, await this.saidOf(state));
  }

  /** The newest ones, the newest last. @throws UserError when a journal cannot be relied on */
  async newest(): Promise<readonly ScheduleState[]> {
    const ids = (await this.ids()).slice(-lookedThrough);
    return Promise.all(ids.map((id) => this.read(id)));
  }

  /** The release that is to come; a system has one at most. */
  async open(): Promise<ScheduleState | undefined> {
    return (await this.newest()).findLast(isOpen);
  }

  /** @throws UserError when a release is scheduled already */
  async begin(planned: EventOf<"planned">): Promise<ScheduleState> {
    await this.settle();
    return this.asHolder(planned.schedule, async (journal) => {
      // Asked once nobody else can write another one, and of the releases as well.
      const open = await this.open();
      if (open !== undefined)
        throw new UserError(
          `${releasedWords(open.plan)} is scheduled for ${open.plan.startsAt} already, and one release of a system is scheduled at a time`,
          {
            mend: `npx switchyard release schedule ${this.system} --move TIME, or --cancel, and then schedule the other one`,
          },
        );
      await journal.append({ kind: "schedule", event: planned });
      return scheduleState(await journal.read());
    });
  }

  /** Writes down what the releases say of the newest schedules. @throws UserError when that cannot be written now */
  async settle(): Promise<void> {
    for (const id of (await this.ids()).slice(-lookedThrough))
      if ((await this.saidOf(await this.written(id))).length > 0) await this.hold(id, async () => {});
  }

  /** Does something with a schedule as the one holder of its lease. */
  async hold<Result>(schedule: string, work: (held: HeldSchedule) => Promise<Result>): Promise<Result> {
    return this.asHolder(schedule, async (journal) => {
      const write = async (event: ScheduleEvent) => {
        await journal.append({ kind: "schedule", event });
        return scheduleState(await journal.read());
      };
      let state = scheduleState(await journal.read());
      for (const { at: _, ...event } of await this.saidOf(state)) state = await write(event);
      return work({ state, write });
    });
  }

  /** As its journal has it. */
  private async written(schedule: string): Promise<ScheduleState> {
    return scheduleState(await this.store.open(this.lane, schedule).read());
  }

  /** What the releases say of it beyond that. */
  private async saidOf(state: ScheduleState): Promise<readonly SaidByRelease[]> {
    const isNewest = (await this.ids()).at(-1) === state.schedule;
    if (state.cancelled !== undefined || (state.started !== undefined && !isNewest)) return [];
    // The one that is written down is asked first: mostly it has not given anything back.
    if (state.started !== undefined) {
      const written = await this.release(state.started.release);
      if (written === undefined || saidByReleases(state, [written], isNewest).length === 0) return [];
    }
    return saidByReleases(state, await this.releasesSince(Date.parse(state.times[0]!.at)), isNewest);
  }

  /** The newest first. A journal that cannot be read is passed over. */
  private async releasesSince(planned: number): Promise<readonly ReleaseState[]> {
    const ids = (await this.store.releases(this.system)).slice(-releasesAsked).reverse();
    const found: ReleaseState[] = [];
    for (const id of ids) {
      const state = await this.release(id);
      if (state === undefined) continue;
      // Began before anybody could have it in its plan, and so did those before it.
      if (Date.parse(state.startedAt) < planned - clocksApartMilliseconds) break;
      found.push(state);
    }
    return found;
  }

  /** @returns undefined for one whose journal cannot be relied on: `verify` says why */
  private async release(id: string): Promise<ReleaseState | undefined> {
    try {
      return stateOf(await this.store.open(this.system, id).read());
    } catch {
      return undefined;
    }
  }

  private asHolder<Result>(id: string, work: (journal: Journal) => Promise<Result>): Promise<Result> {
    const { store, lane, holder, clock } = this;
    return asHolder({ store, lane, holder, clock }, id, work);
  }
}
