import type { Backup } from "../data/data-adapter";
import type { EngineParts } from "../engine/parts";
import type { JournalRecord } from "../journal/entry";
import type { Plan } from "../plan/plan";
import { UserError } from "../user-error";
import { simulatedStore } from "./data";
import { SimulatedGates } from "./gates";
import { Invariants } from "./invariants";
import { SimulatedPeople } from "./people";
import type { SimulatedProcess } from "./process";
import { Quiet } from "./quiet";
import { Random } from "./random";
import type { Scenario, WriteFault } from "./scenario";
import { SimulatedStore } from "./store";
import { SimulatedStrategy, SimulatedTrack } from "./track";
import { VirtualClock } from "./virtual-clock";

const answerSeconds = { least: 0.1, most: 3 };

export interface WorldOptions {
  /** Of other releases in the same world. @default one that begins when the plan does */
  readonly clock?: VirtualClock;
  readonly progress?: (line: string) => void;
  /** Whether time in which nothing can change is leapt over. @default false */
  readonly leaps?: boolean;
  /** What is asked before each change, beside the simulated lease: that of a release that runs in another process. */
  readonly guard?: () => Promise<void>;
  /** Told of each change once it is made, before its answer is on its way. */
  readonly changed?: (what: string) => void;
}

/** Everything outside of the engine: where the traffic is, what gates see, people, data, journal and time. */
export class World {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly tracks: readonly SimulatedTrack[];
  readonly invariants: Invariants;
  readonly store: SimulatedStore;
  readonly gates: SimulatedGates;
  readonly people: SimulatedPeople;
  readonly backups = new Map<string, Backup>();
  readonly migrated = new Map<string, string>();
  /** Number of the entry that holds the release, while one does. */
  holds: number | undefined;
  writes = 0;
  readonly #quiet: Quiet;
  readonly #progress: (line: string) => void;
  readonly #failing = new Map<string, WriteFault>();

  constructor(
    readonly plan: Plan,
    readonly scenario: Scenario,
    private readonly options: WorldOptions = {},
  ) {
    const { progress = () => {}, leaps = false } = options;
    this.#progress = progress;
    this.clock = options.clock ?? new VirtualClock(Date.parse(plan.startsAt));
    this.random = new Random(scenario.seed);
    this.tracks = plan.facts.tracks.map((facts) => {
      const live = plan.from.sides[facts.name] ?? "before";
      // Where nothing is deployed no side is a candidate's.
      const names = { candidate: plan.stack === undefined ? plan.to.sides[facts.name]! : "no side", live };
      return new SimulatedTrack(facts, names, this);
    });
    this.invariants = new Invariants(
      plan,
      () => this.tracks,
      () => this.store.epoch,
    );
    this.#quiet = new Quiet(plan, this.clock, scenario);
    this.store = new SimulatedStore(
      "simulated-1",
      this.clock,
      this.random,
      this.invariants,
      scenario,
      leaps ? () => this.#quiet.lasts() : () => 0,
    );
    this.gates = new SimulatedGates(this);
    this.people = new SimulatedPeople(this);
    this.store.readers.push(
      (record) => this.#read(record),
      (record) => this.people.read(record),
      (record) => this.#quiet.read(record),
    );
    for (const fault of scenario.faults) {
      if (fault.kind === "clockSet")
        this.clock.at(fault.atSeconds * 1000, () => this.clock.setWall(fault.bySeconds * 1000));
    }
  }

  partsFor(process: SimulatedProcess): EngineParts {
    const { people, random, scenario } = this;
    const missing = new Set(
      scenario.faults.flatMap((fault) => (fault.kind === "evidence" ? [fault.entry] : [])),
    );
    return {
      clock: process.clock,
      journal: this.store.journalOf(process),
      lease: this.store.leaseOf(process),
      strategies: new Map(
        this.tracks.map((track) => [track.name, new SimulatedStrategy(track, process, this)]),
      ),
      look: this.gates.lookOf(process),
      data: (store) => simulatedStore(store, process, this),
      people,
      async evidence({ name, title }) {
        await process.arrival();
        return missing.has(name)
          ? { holds: false, why: `nobody signed: ${title}` }
          : { holds: true, why: title };
      },
      async tell() {
        await process.arrival();
        return random.chance(0.02)
          ? { holds: false, why: "not delivered" }
          : { holds: true, why: "delivered" };
      },
      async record(entry) {
        await process.arrival();
        return { record: entry.name };
      },
      other: (entry) =>
        this.change(entry.name, process, () => {
          this.invariants.changedOtherwise(entry.name, process);
          return entry.title;
        }),
      given: (known) => people.given(process, known),
      nextCommand: (known, signal) => people.nextCommand(process, known, signal),
      progress: this.#progress,
      waits: scenario.waits,
    };
  }

  /**
   * A call that changes something outside: under the guard, which is asked just before, and with what the scenario makes
   * go wrong with it.
   */
  async change<Result>(what: string, process: SimulatedProcess, effect: () => Result): Promise<Result> {
    const { scenario, random, options } = this;
    await this.store.leaseOf(process).check();
    if (options.guard !== undefined) await options.guard();
    const number = ++this.writes;
    const fault = scenario.faults.find((one) => one.kind === "write" && one.number === number);
    const how = this.#failing.get(what) ?? (fault?.kind === "write" ? fault.how : undefined);
    if (how === "failsAlways" || how === "refused") this.#failing.set(what, how);
    const kill = scenario.faults.find((one) => one.kind === "killedAtWrite" && one.number === number);
    if (kill?.kind === "killedAtWrite") {
      if (kill.carriedOut) {
        effect();
        options.changed?.(what);
      }
      process.kill();
      await process.arrival();
    }
    if (how === "refused") throw new UserError(`${what}: 403`);
    if (how === "failsOnce" || how === "failsAlways")
      throw new UserError(`${what}: 500`, { retriable: true });
    if (how === "hangs") return never;
    const result = effect();
    options.changed?.(what);
    await process.wait(random.between(answerSeconds.least, answerSeconds.most) * 1000);
    this.#quiet.written();
    if (how === "losesAnswer")
      throw new UserError(`${what}: the connection broke before the answer`, { retriable: true });
    return result;
  }

  #read({ entry, sequence }: JournalRecord): void {
    switch (entry.kind) {
      case "held":
        this.holds = sequence;
        break;
      case "goesOn":
      case "rollback":
      case "stopped":
      case "ended":
        this.holds = undefined;
        break;
      default:
    }
  }
}

/** An answer that does not come: whoever asked must know by himself when to leave. */
const never = new Promise<never>(() => {});
