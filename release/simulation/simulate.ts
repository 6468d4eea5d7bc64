import { Diary } from "../engine/diary";
import type { EngineParts } from "../engine/parts";
import { type End, type RunResult, run } from "../engine/run";
import { patienceHours } from "../engine/until-it-may";
import type { JournalRecord } from "../journal/entry";
import { journalFormat } from "../journal/entry";
import { LeaseLost } from "../journal/journal";
import { StoreAway } from "../journal/store-fault";
import type { Plan } from "../plan/plan";
import { simulatedBaseline } from "./gates";
import { saidInSimulation, starter } from "./people";
import { leaseMilliseconds, type SimulatedProcess } from "./process";
import type { Scenario } from "./scenario";
import { World } from "./world";

/** `held`: it stays where it is with a reason, and nobody says anything more. `failed`: neither, which is a fault of ours. */
export type SimulatedEnd = Exclude<End, "waiting"> | "held" | "failed";

export interface Simulation {
  readonly end: SimulatedEnd;
  readonly why: string;
  /** Virtual time from the start to the end. */
  readonly seconds: number;
  /** Processes that ran it, one after the other. */
  readonly processes: number;
  /** Calls that changed something outside. */
  readonly writes: number;
  readonly records: readonly JournalRecord[];
  /** When each record was written. */
  readonly times: readonly number[];
  /** What happened to the processes, which no journal says. */
  readonly notes: readonly Note[];
  /** Invariants that did not hold; none, or the engine is broken. */
  readonly violations: readonly string[];
}

export interface Note {
  readonly seconds: number;
  readonly text: string;
}

export interface SimulateOptions {
  /** Puts another part in the place of one, to see that what it breaks is noticed. */
  readonly alter?: (parts: EngineParts, world: World, process: SimulatedProcess) => EngineParts;
  readonly progress?: (line: string) => void;
  /** Whether time in which nothing can change is leapt over, rather than looked at again and again. @default false */
  readonly leaps?: boolean;
}

const restartSeconds = { least: 5, most: 120 };
/** How long a hold on which nobody acts is watched before it counts as the end. */
const patienceSeconds = 600;
/** A release that takes longer than this is stuck. */
const longestDays = 10;
const secondsPerDay = 86_400;
const mostProcesses = 100;

/** Runs a plan by the real engine in virtual time, in a world in which what the scenario says goes wrong. */
export async function simulate(
  plan: Plan,
  scenario: Scenario,
  { alter = (parts) => parts, progress, leaps = false }: SimulateOptions = {},
): Promise<Simulation> {
  const world = new World(plan, scenario, { ...(progress && { progress }), leaps });
  return new Run(world, alter).toTheEnd();
}

type Outcome =
  | { readonly kind: "ended"; readonly end: Exclude<End, "waiting">; readonly why: string }
  | { readonly kind: "waiting" | "killed" | "overslept" | "leaseLost" | "storeAway" | "nobody" | "tooLong" }
  | { readonly kind: "threw"; readonly error: unknown };

class Run {
  #processes = 0;
  #diary: Diary | undefined;
  readonly #notes: Note[] = [];
  #takenBack = false;
  /** Whether the next process is the one that takes a finished release back. */
  #reopens = false;
  /** Processes that lost their lease and do not know it yet, with what becomes of them. */
  readonly #stale: { process: SimulatedProcess; outcome: Promise<Outcome> }[] = [];

  constructor(
    private readonly world: World,
    private readonly alter: NonNullable<SimulateOptions["alter"]>,
  ) {}

  async toTheEnd(): Promise<Simulation> {
    const { world } = this;
    const { invariants, clock } = world;
    let end: SimulatedEnd = "failed";
    let why = "";
    try {
      ({ end, why } = await clock.until(this.#walk()));
    } catch (error) {
      why = words(error);
      invariants.found(`the engine stands still: ${why}`);
    }
    const seconds = clock.monotonic() / 1000;
    if (end !== "failed") invariants.atEnd(end, why);
    if (this.#stale.length > 0) await clock.until(this.#wake());
    return {
      end,
      why,
      seconds,
      processes: this.#processes,
      writes: world.writes,
      records: world.store.records,
      times: world.store.seconds,
      notes: this.#notes,
      violations: invariants.violations,
    };
  }

  async #walk(): Promise<{ end: SimulatedEnd; why: string }> {
    this.#begin();
    for (;;) {
      if (++this.#processes > mostProcesses) return this.#failed("it is taken up again and again");
      const outcome = await this.#process();
      switch (outcome.kind) {
        case "ended":
          if (outcome.end !== "finished" || !(await this.#takesBack()))
            return { end: outcome.end, why: outcome.why };
          break;
        case "nobody":
          return { end: "held", why: this.#heldWhy };
        case "waiting":
          if (!(await this.#somebody())) return { end: "held", why: this.#heldWhy };
          break;
        case "threw":
          return this.#failed(words(outcome.error));
        case "tooLong":
          return this.#failed(`no end after ${longestDays} days`);
        case "leaseLost":
        case "overslept":
          break;
        case "killed":
        case "storeAway":
          await this.#restart();
      }
    }
  }

  #restart(): Promise<void> {
    const { clock, random } = this.world;
    return clock.sleep(random.between(restartSeconds.least, restartSeconds.most) * 1000);
  }

  /** Whether somebody takes the finished release back; then until they do. */
  async #takesBack(): Promise<boolean> {
    const { scenario, clock } = this.world;
    if (scenario.takenBack === undefined || this.#takenBack) return false;
    await clock.sleep(scenario.takenBack.afterSeconds * 1000);
    this.#takenBack = true;
    this.#reopens = true;
    return true;
  }

  /** What stands in the journal first of a process that goes on with the release. */
  #enter(process: SimulatedProcess): void {
    const { store, scenario, plan, people } = this.world;
    if (!this.#reopens) {
      store.takeOver(process);
      return;
    }
    this.#reopens = false;
    store.write(
      {
        kind: "reopened",
        by: "operator@example.org",
        why: saidInSimulation,
        ...(scenario.takenBack?.restore && { restore: true }),
        runner: `process ${process.epoch}`,
        epoch: process.epoch,
        facts: plan.facts as never,
        passedOver: [...people.ids],
      },
      process,
    );
  }

  #failed(why: string): { end: "failed"; why: string } {
    this.world.invariants.found(why);
    return { end: "failed", why };
  }

  #begin(): void {
    const { plan, store } = this.world;
    store.write({
      kind: "started",
      format: journalFormat,
      release: store.release,
      by: starter,
      // As it is: it is only read, and to copy it would take longer than most releases here.
      plan: plan as never,
    });
    for (const entry of Object.values(plan.entries)) {
      if (entry.word === "metricGate" && entry.comparedWith === "baseline")
        store.write({ kind: "baseline", gate: entry.name, value: simulatedBaseline, count: 1 });
    }
  }

  /** One process, from when it takes the lease to when it ends or another one must take over. */
  async #process(): Promise<Outcome> {
    const { world, alter } = this;
    // Without its store nobody takes a release up: whoever wants to tries again.
    const until = longestDays * secondsPerDay * 1000;
    while (world.store.epoch > 0 && world.store.isAway() && world.clock.monotonic() < until)
      await this.#restart();
    const process = world.store.enter();
    world.store.rollingBack = () => false;
    if (process.epoch > 1) this.#enter(process);
    const over = new AbortController();
    const ran = this.#run(alter(world.partsFor(process), world, process), over.signal).then(
      ({ end, why }): Outcome => (end === "waiting" ? { kind: "waiting" } : { kind: "ended", end, why }),
      (error): Outcome =>
        error instanceof LeaseLost
          ? { kind: "leaseLost" }
          : error instanceof StoreAway
            ? { kind: "storeAway" }
            : { kind: "threw", error },
    );
    const callOff: (() => void)[] = [];
    const from = world.clock.monotonic();
    this.#heldBefore = undefined;
    const outside = new Promise<Outcome>((resolve) => {
      void process.death.then(() => resolve({ kind: "killed" }));
      for (const fault of world.scenario.faults) {
        if (fault.kind !== "stopped" || fault.fromSeconds * 1000 < from) continue;
        callOff.push(
          world.clock.at(fault.fromSeconds * 1000, () => {
            process.stop(fault.forSeconds * 1000);
            if (!process.overslept) return;
            callOff.push(
              world.clock.at(world.clock.monotonic() + leaseMilliseconds, () =>
                resolve({ kind: "overslept" }),
              ),
            );
          }),
        );
      }
      const look = () => {
        if (world.clock.monotonic() > longestDays * secondsPerDay * 1000) return resolve({ kind: "tooLong" });
        if (this.#isLeftAlone()) return resolve({ kind: "nobody" });
        callOff.push(world.clock.at(world.clock.monotonic() + patienceSeconds * 1000, look));
      };
      callOff.push(world.clock.at(from + patienceSeconds * 1000, look));
    });
    if (process.epoch > 1) this.#note(`process ${process.epoch} takes the release up`);
    const outcome = await Promise.race([ran, outside]);
    const said = outcomes[outcome.kind];
    if (said !== undefined) this.#note(`process ${process.epoch} ${said}`);
    for (const call of callOff) call();
    if (outcome.kind === "overslept") this.#stale.push({ process, outcome: ran });
    else process.kill();
    return outcome;
  }

  /** Why the release stays where it is, by its journal. */
  get #heldWhy(): string {
    return this.#diary?.state.held?.why ?? "";
  }

  async #run(parts: EngineParts, signal: AbortSignal): Promise<RunResult> {
    const diary = await Diary.open(parts.journal, parts.clock, parts.progress);
    this.#diary = diary;
    this.world.store.rollingBack = () => diary.rollsBack;
    return run(parts, signal, diary);
  }

  /** On hold since the last look, and neither a person nor the world will change that. */
  #isLeftAlone(): boolean {
    const { people, scenario, clock } = this.world;
    const held = this.#diary?.state.held;
    const before = this.#heldBefore;
    this.#heldBefore = held;
    if (held === undefined || held !== before || people.expected > 0) return false;
    if (held.step !== undefined && !held.needsPerson) return !this.#opensSoon(held.at);
    const seconds = clock.monotonic() / 1000;
    return scenario.faults.every(
      (fault) =>
        !("forSeconds" in fault) ||
        seconds > fault.fromSeconds + fault.forSeconds + patienceSeconds ||
        fault.forSeconds > longestDays * secondsPerDay,
    );
  }
  #heldBefore: object | undefined;

  /** A window that a process waits for, since a moment of the wall clock. */
  #opensSoon(since: string): boolean {
    return this.world.clock.now().getTime() - Date.parse(since) < patienceHours * 3_600_000;
  }

  #note(text: string): void {
    this.#notes.push({ seconds: this.world.clock.monotonic() / 1000, text });
  }

  #somebody(): Promise<boolean> {
    const { people, store } = this.world;
    const known = new Set(
      store.records.flatMap(({ entry }) =>
        entry.kind === "command" ? [entry.id] : entry.kind === "reopened" ? entry.passedOver : [],
      ),
    );
    return people.somebody(known);
  }

  /** Those that were stopped go on: they may find out that they lost the lease, and nothing else. */
  async #wake(): Promise<void> {
    const { clock, invariants } = this.world;
    for (const { process, outcome } of this.#stale) {
      const wait = process.stoppedUntil - clock.monotonic() + patienceSeconds * 1000;
      const late = clock.sleep(Math.max(wait, 1)).then((): Outcome => ({ kind: "tooLong" }));
      const { kind } = await Promise.race([outcome, late]);
      process.kill();
      if (kind !== "leaseLost" && kind !== "tooLong")
        invariants.found(`process ${process.epoch}, which lost its lease, ended ${kind}`);
    }
  }
}

const outcomes: Readonly<Partial<Record<Outcome["kind"], string>>> = {
  killed: "is killed",
  waiting: "ends: it waits for a person, and nothing moves",
  overslept: "does not go on, and its lease runs out",
  leaseLost: "finds that it lost its lease, and ends",
  storeAway: "ends: the journals cannot be read",
};

function words(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
