import type { JournalEntry, JournalRecord } from "../journal/entry";
import type { HeldLease, Journal } from "../journal/journal";
import { StoreAway } from "../journal/store-fault";
import type { Invariants } from "./invariants";
import { SimulatedProcess } from "./process";
import type { Random } from "./random";
import { type Fault, isWithin, type Scenario } from "./scenario";
import type { VirtualClock } from "./virtual-clock";

type Of<Kind extends Fault["kind"]> = Extract<Fault, { kind: Kind }>;

/** What a rollback writes on its machine while the store is away (release/journal/local-journal.ts). */
interface Kept {
  readonly record: JournalRecord;
  readonly seconds: number;
}

/**
 * Journal and lease of one simulated release. Records are kept as they are, without the hashes of the real stores: what
 * is simulated is the engine, and those have tests of their own.
 */
export class SimulatedStore {
  readonly records: JournalRecord[] = [];
  /** When each was written, in seconds from the start; their own times are those of a wall clock, which may be set. */
  readonly seconds: number[] = [];
  #epoch = 0;
  /** By machine; what lies on one nobody sees on another. */
  readonly #kept = new Map<number, readonly Kept[]>();
  readonly #away: readonly Of<"storeAway">[];
  #kills: readonly Of<"killedAtEntry">[];
  /** What the process that runs the release says of itself. */
  rollingBack: () => boolean = () => false;
  /** Whoever reads along, such as people who see that they are asked. */
  readonly readers: ((record: JournalRecord) => void)[] = [];

  constructor(
    readonly release: string,
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly invariants: Invariants,
    private readonly scenario: Scenario,
    private readonly quiet: () => number,
  ) {
    this.#away = scenario.faults.filter((fault) => fault.kind === "storeAway");
    this.#kills = scenario.faults.filter((fault) => fault.kind === "killedAtEntry");
  }

  /** Of the process that holds the lease. */
  get epoch(): number {
    return this.#epoch;
  }

  isAway(): boolean {
    const seconds = this.clock.monotonic() / 1000;
    return this.#away.some((span) => isWithin(span, seconds));
  }

  /** A process that takes the lease, from whoever had it. */
  enter(): SimulatedProcess {
    this.#epoch++;
    return new SimulatedProcess(this.#epoch, this.clock, this.quiet);
  }

  leaseOf(process: SimulatedProcess): HeldLease {
    return {
      release: this.release,
      holder: `process ${process.epoch}`,
      epoch: process.epoch,
      check: async () => {
        await process.arrival();
        process.refuseWhenLost(this.#epoch);
        if (this.isAway() && !this.#rollsBack) throw this.#unavailable();
      },
      giveBack: async () => {
        process.refuseWhenLost(this.#epoch);
        this.invariants.freed = true;
      },
      leave: async () => {},
    };
  }

  journalOf(process: SimulatedProcess): Journal {
    const machine = this.#machineOf(process);
    let isFirst = true;
    return {
      read: async () => {
        await process.arrival();
        if (this.isAway()) throw this.#unavailable();
        return [
          ...this.records,
          ...this.#keptOn(machine).map(({ record }, place) => this.#behind(record, place)),
        ];
      },
      append: async (entry) => {
        if (this.scenario.latency) await process.wait(this.random.between(2, 60));
        await process.arrival();
        process.refuseWhenLost(this.#epoch);
        const kept = this.#keptOn(machine).length;
        // A rollback asks the store once, and then goes on without it.
        const asks = isFirst || kept === 0 || !this.#rollsBack;
        const isAway = this.isAway();
        if (isAway && !this.#rollsBack) throw this.#unavailable();
        isFirst = false;
        if (asks && !isAway) this.#reconcile(machine);
        const number = this.records.length + this.#keptOn(machine).length;
        const kill = this.#kills.find((one) => one.number === number);
        this.#kills = this.#kills.filter((one) => one !== kill);
        if (kill !== undefined && !kill.durable) return this.#kill(process);
        const record = asks && !isAway ? this.write(entry, process) : this.#keep(entry, process, machine);
        if (kill !== undefined) return this.#kill(process);
        return record;
      },
      reconcile: async () => {
        await process.arrival();
        if (this.#keptOn(machine).length === 0) return;
        process.refuseWhenLost(this.#epoch);
        if (this.isAway()) throw this.#unavailable();
        this.#reconcile(machine);
      },
    };
  }

  /** What a process writes first that takes a release up. */
  takeOver(process: SimulatedProcess): void {
    const { epoch } = process;
    const machine = this.#machineOf(process);
    const isLost = [...this.#kept].some(([other, kept]) => other !== machine && kept.length > 0);
    if (isLost) this.invariants.knowOnly(this.records);
    this.write({ kind: "takenOver", by: `process ${epoch}`, epoch, from: `process ${epoch - 1}` }, process);
  }

  write(entry: JournalEntry, process?: SimulatedProcess): JournalRecord {
    const record = this.#record(entry, this.records.length);
    this.invariants.entryWritten(record, process);
    this.records.push(record);
    this.seconds.push(this.clock.monotonic() / 1000);
    for (const read of this.readers) read(record);
    return record;
  }

  /** People at the machine read along there too. */
  #keep(entry: JournalEntry, process: SimulatedProcess, machine: number): JournalRecord {
    const kept = this.#keptOn(machine);
    const record = this.#record(entry, this.records.length + kept.length);
    this.invariants.entryWritten(record, process);
    this.#kept.set(machine, [...kept, { record, seconds: this.clock.monotonic() / 1000 }]);
    for (const read of this.readers) read(record);
    return record;
  }

  /** What was kept goes to the store, with the times that it had. */
  #reconcile(machine: number): void {
    for (const { record, seconds } of this.#keptOn(machine)) {
      this.records.push(this.#behind(record, 0));
      this.seconds.push(seconds);
    }
    this.#kept.delete(machine);
  }

  #behind(record: JournalRecord, place: number): JournalRecord {
    return { ...record, sequence: this.records.length + place };
  }

  #keptOn(machine: number): readonly Kept[] {
    return this.#kept.get(machine) ?? [];
  }

  #machineOf({ epoch }: SimulatedProcess): number {
    return this.scenario.elsewhere ? epoch : 0;
  }

  #record(entry: JournalEntry, sequence: number): JournalRecord {
    return { sequence, at: this.#now(), previous: "", hash: "", entry };
  }

  /** Many entries are of the same moment. */
  #now(): string {
    const now = this.clock.now();
    if (now !== this.#moment) {
      this.#moment = now;
      this.#text = now.toISOString();
    }
    return this.#text;
  }
  #moment: Date | undefined;
  #text = "";

  get #rollsBack(): boolean {
    return this.invariants.state.rollsBack || this.rollingBack();
  }

  async #kill(process: SimulatedProcess): Promise<never> {
    process.kill();
    await process.arrival();
    throw new Error("a dead process went on");
  }

  #unavailable(): StoreAway {
    return new StoreAway("of the simulation", "it does not answer");
  }
}
