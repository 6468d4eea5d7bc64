import { companyStep } from "../../../../release/engine/company";
import { type ReleaseState, stateOf } from "../../../../release/engine/state";
import type { JournalEntry } from "../../../../release/journal/entry";
import type { VirtualClock } from "../../../../release/simulation/virtual-clock";
import type { World } from "../../../../release/simulation/world";
import { neededBy, needing } from "../../../../release/train/order";
import type { TrainMember } from "../../../../release/train/train";
import type { TrainState } from "../../../../release/train/train-state";

/** As long as a release that goes back waits for those that need it (release/train/run-train.ts). */
const patienceSeconds = 300;

/** What must hold in every train, told by the traffic of the simulated worlds and by the journals of the releases. */
export class TrainInvariants {
  readonly violations: string[] = [];
  readonly #goesBackAt = new Map<string, number>();
  readonly #finished = new Set<string>();

  constructor(
    private readonly members: readonly TrainMember[],
    private readonly worlds: ReadonlyMap<string, World>,
    private readonly clock: VirtualClock,
  ) {}

  written(system: string, entry: JournalEntry): void {
    if (entry.kind === "started") this.#begins(system);
    if (entry.kind === "rollback") this.#goesBackAt.set(system, this.clock.monotonic() / 1000);
    if (entry.kind === "phase" && entry.phase === "finish") this.#finishes(system);
    if (entry.kind === "ended" && entry.outcome === "finished") {
      this.#finishes(system);
      this.#finished.add(system);
    }
  }

  /** Order: whatever it needs has all of its traffic on the new side, and does not go back. */
  #begins(system: string): void {
    for (const needed of neededBy(this.members, system)) {
      const state = this.#state(needed);
      const backAt = this.#goesBackAt.get(needed);
      // A word may come while a release is on its way into its first entry; then it begins and is taken back.
      if (backAt !== undefined && this.clock.monotonic() / 1000 - backAt < 1) continue;
      if (!this.#isAllNew(needed) || state === undefined || state.rollback !== undefined)
        this.violations.push(`${system} begins, and ${needed}, which it needs, does not serve`);
    }
  }

  /** Reverse: those that need it have gone back, or cannot, before its traffic moves back. */
  goesBack(system: string): void {
    const since = this.clock.monotonic() / 1000 - (this.#goesBackAt.get(system) ?? 0);
    for (const dependent of needing(this.members, system)) {
      if (this.#isAllOld(dependent) || this.#isStuck(dependent) || since >= patienceSeconds) continue;
      this.violations.push(
        `${system} goes back while ${dependent}, which needs it, has traffic on its new side`,
      );
    }
  }

  /** The way back is kept until all serve, or do not become live. */
  #finishes(system: string): void {
    const needed = neededBy(this.members, system);
    for (const { system: other } of this.members) {
      if (other === system) continue;
      const state = this.#state(other);
      const fails = state?.rollback !== undefined || state?.stopped !== undefined || this.#isLost(other);
      if (needed.has(other) && !this.#finished.has(other))
        this.violations.push(`${system} finishes before ${other}, which it needs`);
      if (!needed.has(other) && !fails && !this.#isAllNew(other))
        this.violations.push(`${system} finishes, and ${other} does not serve yet`);
    }
  }

  atEnd(end: string, { train, begun, over, ended }: TrainState): void {
    for (const { system } of train.members) {
      const state = this.#state(system);
      for (const needed of neededBy(this.members, system)) {
        if (this.#isAllOld(system) || this.#finished.has(needed) || this.#isStuck(system)) continue;
        if (end !== "held" || !this.#isAllNew(needed))
          this.violations.push(
            `at the end ${system} is on its new side, and ${needed}, which it needs, is not`,
          );
      }
      if (end === "held") continue;
      if (!over.has(system)) this.violations.push(`${end}, and ${system} is not over`);
      if (begun.has(system) && state !== undefined && state.ended === undefined)
        this.violations.push(`${end}, and the journal of ${system} has no end`);
      if (state?.ended !== undefined && over.get(system)?.outcome !== state.ended.outcome)
        this.violations.push(
          `${system} ended ${state.ended.outcome}; the train says ${over.get(system)?.outcome}`,
        );
    }
    if (end !== "held" && ended?.outcome !== end)
      this.violations.push(`it ended ${end}; its journal says ${ended?.outcome}`);
  }

  /** It will not begin: something that it needs does not become live. */
  #isLost(system: string): boolean {
    return [...neededBy(this.members, system)].some((needed) => {
      const state = this.#state(needed);
      return state?.rollback !== undefined || state?.stopped !== undefined;
    });
  }

  #isAllNew(system: string): boolean {
    return this.worlds.get(system)!.tracks.every(({ traffic }) => traffic.candidate === 100);
  }

  #isAllOld(system: string): boolean {
    return this.worlds.get(system)!.tracks.every(({ traffic }) => traffic.candidate === 0);
  }

  /** On hold on its way back, with the reason in its journal. */
  #isStuck(system: string): boolean {
    const state = this.#state(system);
    return state?.rollback !== undefined && state.held !== undefined && state.held.step !== companyStep;
  }

  #state(system: string): ReleaseState | undefined {
    const { records } = this.worlds.get(system)!.store;
    return records.length === 0 ? undefined : stateOf(records);
  }
}
