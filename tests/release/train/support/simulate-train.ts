import { Diary } from "../../../../release/engine/diary";
import { run } from "../../../../release/engine/run";
import { stateOf } from "../../../../release/engine/state";
import type { JournalEntry, JournalRecord } from "../../../../release/journal/entry";
import { journalFormat } from "../../../../release/journal/entry";
import type { Command, Journal } from "../../../../release/journal/journal";
import { simulatedBaseline } from "../../../../release/simulation/gates";
import { starter } from "../../../../release/simulation/people";
import { SimulatedProcess } from "../../../../release/simulation/process";
import type { Scenario } from "../../../../release/simulation/scenario";
import { VirtualClock } from "../../../../release/simulation/virtual-clock";
import { World } from "../../../../release/simulation/world";
import {
  accompanied,
  type MemberCompany,
  type MemberPort,
  readAlong,
} from "../../../../release/train/member";
import { runTrain, type TrainParts } from "../../../../release/train/run-train";
import { type PlannedMember, type Train, trainDigest } from "../../../../release/train/train";
import { type TrainState, trainStateOf } from "../../../../release/train/train-state";
import { UserError } from "../../../../release/user-error";
import { lookedAt } from "./looked-at";
import { TrainInvariants } from "./train-invariants";

/** What happens to a simulated train. */
export interface TrainScenario {
  /** What happens to each release, by system. */
  readonly of: Readonly<Record<string, Scenario>>;
  /** The process is killed at this entry, counted over all journals, before or after it is durable. */
  readonly killed?: readonly { readonly entry: number; readonly durable: boolean }[];
  /** What somebody says to the train. */
  readonly said?: readonly { readonly command: Command["command"]; readonly atSeconds: number }[];
  /** Puts other company in the place of one, to see that what it breaks is noticed. */
  readonly alter?: (company: MemberCompany, system: string) => MemberCompany;
}

export interface TrainSimulation {
  readonly end: "finished" | "rolledBack" | "refused" | "aborted" | "held";
  readonly why: string;
  readonly state: TrainState;
  readonly processes: number;
  /** Entries of all journals, in the order in which they were written. */
  readonly entries: readonly {
    readonly of: string;
    readonly seconds: number;
    readonly entry: JournalEntry;
  }[];
  readonly worlds: ReadonlyMap<string, World>;
  readonly violations: readonly string[];
}

const patienceSeconds = 12 * 3600;
const longestSeconds = 20 * 86_400;
const mostProcesses = 200;

/** Runs a train by the real code in virtual time: one world for each release, one clock for all. */
export async function simulateTrain(
  members: readonly PlannedMember[],
  scenario: TrainScenario,
): Promise<TrainSimulation> {
  return new Simulated(members, scenario).toTheEnd();
}

class Simulated {
  readonly #clock: VirtualClock;
  readonly #worlds: ReadonlyMap<string, World>;
  readonly #train: Train;
  readonly #records: JournalRecord[] = [];
  readonly #entries: { of: string; seconds: number; entry: JournalEntry }[] = [];
  readonly #said: Command[] = [];
  readonly #invariants: TrainInvariants;
  #expected: number;
  #kills: { entry: number; durable: boolean }[];
  #count = 0;
  #processes = 0;
  #heard: (() => void)[] = [];

  constructor(
    private readonly members: readonly PlannedMember[],
    private readonly scenario: TrainScenario,
  ) {
    const [first] = members;
    this.#clock = new VirtualClock(Date.parse(first!.plan.startsAt));
    this.#worlds = new Map(
      members.map(({ plan }) => [
        plan.system,
        new World(plan, scenario.of[plan.system]!, { clock: this.#clock, leaps: true }),
      ]),
    );
    this.#train = {
      digest: trainDigest(members),
      environment: "dev",
      members: members.map(({ plan, after }) => ({
        system: plan.system,
        release: "simulated-1",
        after,
        manifest: plan.manifest,
        types: plan.types,
        planDigest: plan.digest,
      })),
    };
    this.#kills = [...(scenario.killed ?? [])];
    this.#invariants = new TrainInvariants(this.#train.members, this.#worlds, this.#clock);
    for (const [system, world] of this.#worlds) {
      world.store.readers.push(({ entry }) => {
        this.#entries.push({ of: system, seconds: this.#clock.monotonic() / 1000, entry });
        this.#invariants.written(system, entry);
      });
    }
    const said = scenario.said ?? [];
    this.#expected = said.length;
    said.forEach(({ command, atSeconds }, index) => {
      this.#clock.at(atSeconds * 1000, () => {
        this.#expected--;
        const at = this.#clock.now().toISOString();
        this.#said.push({ id: `said-${index}`, command, by: "operator@example.org", at, reason: "because" });
        for (const heard of this.#heard.splice(0)) heard();
      });
    });
    this.#write({
      kind: "started",
      format: journalFormat,
      release: "train-1",
      by: starter,
      plan: JSON.parse(JSON.stringify(this.#train)),
    });
  }

  async toTheEnd(): Promise<TrainSimulation> {
    const { end, why } = await this.#clock.until(this.#walk());
    const state = trainStateOf(this.#records);
    this.#invariants.atEnd(end, state);
    return {
      end,
      why,
      state,
      processes: this.#processes,
      entries: this.#entries,
      worlds: this.#worlds,
      violations: [
        ...this.#invariants.violations,
        ...[...this.#worlds].flatMap(([system, { invariants }]) =>
          invariants.violations.map((violation) => `${system}: ${violation}`),
        ),
      ],
    };
  }

  async #walk(): Promise<Pick<TrainSimulation, "end" | "why">> {
    for (;;) {
      if (++this.#processes > mostProcesses) throw new Error("the train is taken up again and again");
      const outcome = await this.#process();
      if (outcome === "killed") {
        await this.#clock.sleep(20_000);
        continue;
      }
      if (outcome.end !== "waiting" && outcome.end !== "held") return { end: outcome.end, why: outcome.why };
      const expected =
        this.#expected + [...this.#worlds.values()].reduce((sum, { people }) => sum + people.expected, 0);
      if (outcome.end === "held" || expected === 0) return { end: "held", why: outcome.why };
      await this.#clock.sleep(600_000);
    }
  }

  /** One process with all of its releases, from when it takes the train up to when it ends, waits or is killed. */
  async #process(): Promise<"killed" | { end: TrainSimulation["end"] | "waiting"; why: string }> {
    const process = new SimulatedProcess(this.#processes, this.#clock);
    const own: SimulatedProcess[] = [process];
    let killed!: () => void;
    const death = new Promise<"killed">((resolve) => {
      killed = () => {
        for (const one of own) one.kill();
        resolve("killed");
      };
    });
    const journal: Journal = {
      read: async () => [...this.#records],
      append: (entry) => this.#append(process, killed, async () => this.#write(entry)),
    };
    const over = new AbortController();
    const parts: TrainParts = {
      clock: process.clock,
      journal,
      lease: {
        release: "train-1",
        holder: `process ${this.#processes}`,
        epoch: this.#processes,
        check: async () => {},
        giveBack: async () => {},
        leave: async () => {},
      },
      members: new Map(this.members.map((member) => [member.plan.system, this.#port(member, own, killed)])),
      given: async (known) => this.#said.filter(({ id }) => !known.has(id)),
      nextCommand: (known, signal) => this.#nextCommand(process, known, signal),
      progress: () => {},
      waits: false,
    };
    const ran = runTrain(parts, over.signal).catch((error: unknown): "killed" => {
      // As a store that is away ends the process of one release: another one takes the train up later.
      if (!(error instanceof UserError && error.retriable)) throw error;
      killed();
      return "killed";
    });
    return Promise.race([ran, death, this.#leftAlone(over.signal)]);
  }

  #port({ plan }: PlannedMember, own: SimulatedProcess[], killed: () => void): MemberPort {
    const world = this.#worlds.get(plan.system)!;
    const { store } = world;
    return {
      state: async () => (store.records.length === 0 ? undefined : stateOf(store.records)),
      walk: async (given, signal) => {
        const company = this.scenario.alter?.(given, plan.system) ?? given;
        const process = store.enter();
        own.push(process);
        void process.death.then(killed);
        if (store.records.length === 0) this.#begin(plan.system);
        else store.takeOver(process);
        store.rollingBack = () => false;
        const parts = lookedAt(world.partsFor(process), () => this.#invariants.goesBack(plan.system));
        const journal = parts.journal;
        const counted: Journal = {
          read: () => journal.read(),
          append: (entry) => this.#append(process, killed, () => journal.append(entry)),
          reconcile: () => journal.reconcile!(),
        };
        const diary = await Diary.open(readAlong(counted, company), parts.clock, parts.progress);
        store.rollingBack = () => diary.rollsBack;
        return run(accompanied({ ...parts, journal: counted }, company), signal, diary);
      },
    };
  }

  #begin(system: string): void {
    const { plan, store } = this.#worlds.get(system)!;
    store.write({
      kind: "started",
      format: journalFormat,
      release: store.release,
      by: starter,
      plan: plan as never,
    });
    for (const entry of Object.values(plan.entries)) {
      if (entry.word === "metricGate" && entry.comparedWith === "baseline")
        store.write({ kind: "baseline", gate: entry.name, value: simulatedBaseline, count: 1 });
    }
  }

  async #append(
    process: SimulatedProcess,
    killed: () => void,
    write: () => Promise<JournalRecord>,
  ): Promise<JournalRecord> {
    await process.arrival();
    const kill = this.#kills.find(({ entry }) => entry === this.#count);
    this.#kills = this.#kills.filter((one) => one !== kill);
    this.#count++;
    const record = kill?.durable === false ? undefined : await write();
    if (kill !== undefined) killed();
    await process.arrival();
    return record!;
  }

  #write(entry: JournalEntry): JournalRecord {
    const record: JournalRecord = {
      sequence: this.#records.length,
      at: this.#clock.now().toISOString(),
      previous: "",
      hash: "",
      entry,
    };
    this.#records.push(record);
    this.#entries.push({ of: "train", seconds: this.#clock.monotonic() / 1000, entry });
    return record;
  }

  async #nextCommand(
    process: SimulatedProcess,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Command> {
    for (;;) {
      await process.arrival();
      signal.throwIfAborted();
      const command = this.#said.find(({ id }) => !known.has(id));
      if (command !== undefined) return command;
      await new Promise<void>((resolve, reject) => {
        this.#heard.push(resolve);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    }
  }

  /** Nothing was written for so long that nobody will say anything more. */
  async #leftAlone(signal: AbortSignal): Promise<{ end: "held"; why: string }> {
    for (let before = -1; before !== this.#entries.length; ) {
      before = this.#entries.length;
      await this.#clock.sleep(patienceSeconds * 1000);
      if (signal.aborted || this.#clock.monotonic() / 1000 > longestSeconds) break;
    }
    const held = [...this.#worlds.values()].flatMap(({ store }) =>
      store.records.length === 0 ? [] : [stateOf(store.records).held?.why ?? ""],
    );
    return { end: "held", why: held.filter((why) => why !== "").join("; ") };
  }
}
