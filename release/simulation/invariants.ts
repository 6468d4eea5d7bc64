import type { JournalRecord } from "../journal/entry";
import { knownOfPlan } from "../plan/known-of-plan";
import type { Plan, PlanStep } from "../plan/plan";
import { Allowance } from "./allowance";
import { isInARole } from "./people";
import type { SimulatedProcess } from "./process";
import type { Side, SimulatedTrack } from "./track";

const atMost = 20;

/** A gate that says no only just before more traffic moves may be heard too late. */
const longMilliseconds = 120_000;

/** What somebody says to a release that is on hold. */
const answersHold: readonly string[] = ["promote", "resume", "rollback", "abort"];

/** What of the journal the checks go by; kept apart from the engine's own reading of it. */
interface Known {
  readonly done: Set<string>;
  readonly intents: string[];
  /** Entries to which somebody gave an answer who may. */
  readonly answered: Set<string>;
  rollsBack: boolean;
  restoreAsked: boolean;
  /** When gates that do not pass began to say so in this phase, milliseconds since 1970; without those that were let pass. */
  readonly against: Map<string, number>;
  /** Who said `hold`, while nobody has answered that. */
  heldBy: string | undefined;
  ended: string | undefined;
}

/**
 * What must hold in every release, whatever happens. Told of everything that changes the simulated world and of every
 * entry of the journal, at the moment when it does.
 */
export class Invariants {
  readonly violations: string[] = [];
  /** The lease was given back: the system is free for its next release. */
  freed = false;
  readonly state: Known = nothingKnown();
  readonly #steps: ReadonlyMap<string, PlanStep>;
  readonly #order: ReadonlyMap<string, number>;
  readonly #proven = new Set<string>();
  #allowance: Allowance;
  /** Traffic was taken from the new side, and nobody has let the release go on since. */
  #isTakenBack = false;

  constructor(
    private readonly plan: Plan,
    private readonly tracks: () => readonly SimulatedTrack[],
    /** Epoch of the lease's holder. */
    private readonly holder: () => number,
  ) {
    const { steps, order } = indexOf(plan);
    this.#steps = steps;
    this.#order = order;
    this.#allowance = new Allowance(plan);
  }

  entryWritten(record: JournalRecord, process: SimulatedProcess | undefined): void {
    const { state } = this;
    const { entry, sequence, at } = record;
    if (process !== undefined) this.#holds(process, `entry ${sequence}`);
    // That another process finds it ended is no more than that.
    if (state.ended !== undefined && entry.kind !== "takenOver" && entry.kind !== "reopened")
      this.#violated(`entry ${sequence} (${entry.kind}) after the end`);
    if (entry.kind === "intent") this.#begins(entry.step, at);
    if (entry.kind === "done") this.#ends(entry.step);
    if (entry.kind === "reopened" && (state.ended !== "finished" || !this.freed))
      this.#violated(`entry ${sequence} reopens what has not finished`);
    if (entry.kind === "reopened") this.freed = false;
    if (entry.kind === "command" && entry.command === "promote") this.#isTakenBack = false;
    this.#read(record);
  }

  /**
   * Whoever goes on does so by these records alone: what another process wrote on its own machine, nobody else sees.
   */
  knowOnly(records: readonly JournalRecord[]): void {
    Object.assign(this.state, nothingKnown());
    this.#allowance = new Allowance(this.plan);
    for (const record of records) this.#read(record);
  }

  #read(record: JournalRecord): void {
    const { state } = this;
    const { entry } = record;
    switch (entry.kind) {
      case "intent":
        state.intents.push(entry.step);
        break;
      case "done":
        state.done.add(entry.step);
        break;
      case "rollback":
        state.rollsBack = true;
        break;
      case "command":
        state.restoreAsked ||= entry.restore === true;
        if (entry.command === "answer" && entry.entry !== undefined && isInARole(entry.by))
          state.answered.add(entry.entry);
        if (entry.command === "hold" && !state.rollsBack) state.heldBy = entry.by;
        if (answersHold.includes(entry.command)) state.heldBy = undefined;
        if (entry.command === "promote") state.against.clear();
        break;
      case "phase":
        state.against.clear();
        break;
      case "verdict":
        if (entry.verdict === "pass" || entry.verdict === "report") state.against.delete(entry.gate);
        else if (!state.against.has(entry.gate)) state.against.set(entry.gate, Date.parse(record.at));
        break;
      case "ended":
        state.ended = entry.outcome;
        break;
      case "reopened":
        state.ended = undefined;
        state.restoreAsked ||= entry.restore === true;
        state.answered.clear();
        state.heldBy = undefined;
        break;
      default:
    }
    this.#allowance.read(record);
  }

  trafficMoved(
    track: SimulatedTrack,
    before: Readonly<Record<Side, number>>,
    process: SimulatedProcess,
  ): void {
    const { candidate, live } = track.traffic;
    const what = `traffic of ${track.name} to ${candidate} and ${live}`;
    this.#holds(process, what);
    this.#running(what);
    if (this.plan.stack !== undefined) this.#violated(`${what}, by a release that deploys nothing`);
    if (candidate + live !== 100) this.#violated(`${what}: together ${candidate + live}, not 100`);
    if (candidate < 0 || live < 0) this.#violated(`${what}: less than nothing`);
    for (const side of ["candidate", "live"] as const) {
      if (track.traffic[side] > before[side] && !track.isReady(side))
        this.#violated(`${what}: the ${side} side is not ready`);
    }
    this.#meant(what, candidate - before.candidate);
    if (candidate < before.candidate) this.#isTakenBack = true;
    else if (!track.isStatic && this.#isTakenBack && before.candidate < this.#given())
      this.#violated(`${what}: it was taken back, and nobody has let it go on since`);
  }

  sideSet(track: SimulatedTrack, side: Side, process: SimulatedProcess): void {
    const what = `the ${side} side of ${track.name} ${track.up[side] ? "up" : "down"}`;
    this.#holds(process, what);
    this.#running(what);
    if (!track.up[side] && track.traffic[side] > 0 && !this.#isRestoring())
      this.#violated(`${what}: it has ${track.traffic[side]} % of the traffic`);
  }

  backupProven(store: string): void {
    this.#proven.add(store);
  }

  /** A change of data that cannot be taken back without a backup. */
  dataChanged(store: string, what: string, process: SimulatedProcess): void {
    this.#holds(process, `${what} of ${store}`);
    this.#running(`${what} of ${store}`);
    if (!this.#proven.has(store) && !this.#restorePointSeen())
      this.#violated(`${what} of ${store} before a verified backup`);
  }

  /** To a new target, while what was there stays: that needs no backup before it, and a person's word. */
  restored(store: string, process: SimulatedProcess): void {
    this.#holds(process, `restore of ${store}`);
    this.#running(`restore of ${store}`);
    if (!this.state.restoreAsked) this.#violated(`${store} is restored, and nobody asked for it`);
  }

  changedOtherwise(what: string, process: SimulatedProcess): void {
    this.#holds(process, what);
    this.#running(what);
  }

  /** @param held the reason for which it stays where it is, when nobody will say anything more */
  atEnd(end: string, held: string | undefined): void {
    const { ended } = this.state;
    if (end !== "held" && !this.freed) this.#violated(`${end}, and its lease was not given back`);
    if (end === "held") {
      if (!held?.trim()) this.#violated("it neither goes on nor says why");
      return;
    }
    if (ended !== end) this.#violated(`it ended ${end}, and its journal says ${ended ?? "nothing"}`);
    const wanted = end === "finished" && this.plan.stack === undefined ? 100 : 0;
    for (const { name, traffic, kept } of this.tracks()) {
      if (traffic.candidate !== wanted)
        this.#violated(`${end}, with ${traffic.candidate} % of ${name} on the new side`);
      if (kept) this.#violated(`${end}, and ${name} is still marked as this release's`);
    }
  }

  found(what: string): void {
    this.#violated(what);
  }

  #begins(id: string, at: string): void {
    const step = this.#steps.get(id);
    if (step === undefined) {
      this.#violated(`${id} is no step of the plan`);
      return;
    }
    this.#preconditions(step);
    const against = this.#allowance.against(step, at);
    if (against !== undefined) this.#violated(`${id} begins at ${at}: ${against}`);
    const { rollback, restore } = this.plan;
    if (this.state.rollsBack && !rollback.includes(step) && !restore.includes(step))
      this.#violated(`${id} begins after the rollback did`);
    if (restore.includes(step)) this.#restores(id);
    const { rollsBack, intents, heldBy } = this.state;
    if (heldBy !== undefined && !rollsBack && !intents.includes(id))
      this.#violated(`${id} begins while ${heldBy} holds the release`);
    if (step.does.as === "weight" && this.#given() > 0 && !intents.includes(id)) this.#passed(id, at);
    // Data are restored between the way back and its watch, or after it, when somebody asks for it then.
    const beside = (one: string) => restore.some((each) => each.id === one);
    const last = this.state.intents.findLast((one) => beside(one) === beside(id));
    if (last !== undefined && this.#order.get(last)! > this.#order.get(id)!)
      this.#violated(`${id} begins after ${last}, which stands behind it`);
  }

  /** More traffic moves in a ramp while its gates pass, whatever was waited for between two weights. */
  #passed(id: string, at: string): void {
    for (const [gate, since] of this.state.against)
      if (Date.parse(at) - since > longMilliseconds)
        this.#violated(`${id} begins at ${at}, and ${gate} says no since ${new Date(since).toISOString()}`);
  }

  /** A person's word alone has data restored, and only where nobody is served by the new side any more. */
  #restores(id: string): void {
    if (!this.state.restoreAsked) this.#violated(`${id} begins, and nobody asked for it`);
    for (const { name, traffic } of this.tracks())
      if (traffic.candidate > 0)
        this.#violated(`${id} begins with ${traffic.candidate} % of ${name} on the new side`);
  }

  #ends(id: string): void {
    const step = this.#steps.get(id);
    if (step === undefined) {
      this.#violated(`${id} is no step of the plan`);
      return;
    }
    this.#preconditions(step);
    const entry = this.plan.entries[step.entry];
    if (entry?.word === "manual" && entry.blocking && !this.state.answered.has(entry.name))
      this.#violated(`${id} is done, and nobody answered who may`);
    const acts = step.does.as === "action" || step.does.as === "weight";
    if (acts && !this.state.intents.includes(id)) this.#violated(`${id} is done and was never meant`);
    const at = this.#restingAt(step);
    if (at === undefined) return;
    const different = this.tracks().filter(({ isStatic, traffic }) => !isStatic && traffic.candidate !== at);
    for (const { name, traffic } of different)
      this.#violated(`${id} is done: ${traffic.candidate} % of ${name} on the new side, not ${at}`);
  }

  /** Where the traffic of every track is once a step that moves it is done. */
  #restingAt({ does, entry: name }: PlanStep): number | undefined {
    if (does.as === "weight") return does.percent;
    const entry = this.plan.entries[name];
    if (does.as !== "action" || entry?.word !== "step" || entry.does.action !== "traffic") return undefined;
    return entry.does.move === "switch" ? 100 : entry.does.move === "back" ? 0 : undefined;
  }

  /** Percent of the traffic that the new side has by the journal. */
  #given(): number {
    const last = this.plan.steps.findLast(
      (step) => this.state.done.has(step.id) && this.#restingAt(step) !== undefined,
    );
    return last === undefined ? 0 : this.#restingAt(last)!;
  }

  #preconditions(step: PlanStep): void {
    const missing = step.precondition.filter((id) => !this.state.done.has(id));
    if (missing.length > 0) this.#violated(`${step.id} before ${missing.join(" and ")}`);
  }

  /** Traffic moves only while a step that says so is being carried out. */
  #meant(what: string, change: number): void {
    const last = this.state.intents.at(-1);
    const step = last === undefined ? undefined : this.#steps.get(last);
    const entry = step && this.plan.entries[step.entry];
    if (step === undefined || entry?.word !== "step" || this.state.done.has(step.id)) {
      this.#violated(`${what}, which no step means`);
      return;
    }
    const { does } = entry;
    const moves = does.action === "traffic" || (does.action === "deploy" && does.to === "inPlace");
    if (!moves) this.#violated(`${what} by ${step.id}`);
    if (change > 0 && this.state.rollsBack) this.#violated(`${what} while it rolls back`);
  }

  /** Nothing writes while data are restored. */
  #isRestoring(): boolean {
    const last = this.state.intents.at(-1);
    return this.plan.restore.some(({ id }) => id === last);
  }

  #restorePointSeen(): boolean {
    return [...this.state.done].some((id) => {
      const entry = this.plan.entries[this.#steps.get(id)!.entry];
      return entry?.word === "checkGate" && entry.check.provider === "restorePoint";
    });
  }

  #holds({ epoch }: SimulatedProcess, what: string): void {
    if (epoch !== this.holder()) this.#violated(`${what} by process ${epoch}, which lost its lease`);
  }

  #running(what: string): void {
    if (this.state.ended !== undefined) this.#violated(`${what} after the end`);
  }

  #violated(what: string): void {
    if (this.violations.length < atMost) this.violations.push(what);
  }
}

function nothingKnown(): Known {
  return {
    done: new Set(),
    intents: [],
    answered: new Set(),
    against: new Map(),
    rollsBack: false,
    restoreAsked: false,
    heldBy: undefined,
    ended: undefined,
  };
}

interface Index {
  readonly steps: ReadonlyMap<string, PlanStep>;
  readonly order: ReadonlyMap<string, number>;
}

/** A plan is simulated many times. */
const indexOf = knownOfPlan((plan): Index => {
  const all = [...plan.steps, ...plan.rollback, ...plan.restore, ...plan.aborted];
  return {
    steps: new Map(all.map((step) => [step.id, step])),
    order: new Map(all.map(({ id }, place) => [id, place])),
  };
});
