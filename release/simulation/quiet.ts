import type { Phase } from "../../runbooks/vocabulary";
import type { JournalRecord } from "../journal/entry";
import { knownOfPlan } from "../plan/known-of-plan";
import type { Plan } from "../plan/plan";
import { isWithin, type Scenario, type Span } from "./scenario";
import type { VirtualClock } from "./virtual-clock";

/** So long after the last entry, and after the last fault, a release that watches sees what it saw before. */
const settledMilliseconds = 30_000;
const marginMilliseconds = 1000;

/**
 * Knows for how long nothing can happen: nothing goes wrong, nobody says anything, and the plan has no time limit. Most of
 * a release is such time, and every look in it says what the one before said; a simulation that leaps over it runs ten
 * times as fast.
 */
export class Quiet {
  #lastEntry = 0;
  /** Somebody decides, whatever the gates say. */
  #heldForPerson = false;
  #held = false;
  #phase: Phase | undefined;
  readonly #badGates: (Span & { readonly gate: string })[] = [];
  /** Gates that did not pass when they were last looked at. */
  readonly #troubled = new Set<string>();
  #holdSeconds = 0;
  /** When something may happen, in milliseconds of the monotonic clock. */
  readonly #spans: { readonly from: number; readonly to: number }[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly clock: VirtualClock,
    scenario: Scenario,
  ) {
    for (const fault of scenario.faults) {
      if ("atSeconds" in fault) this.#mayHappen(fault.atSeconds * 1000);
      if (!("forSeconds" in fault)) continue;
      this.#mayHappen(fault.fromSeconds * 1000);
      this.#mayHappen((fault.fromSeconds + fault.forSeconds) * 1000);
      if (fault.kind === "gate") this.#badGates.push(fault);
    }
  }

  /** Milliseconds; 0 when something may happen at any time. */
  lasts(): number {
    const now = this.clock.monotonic();
    if (now - this.#lastEntry < settledMilliseconds) return 0;
    if ((this.#held || this.#troubled.size > 0) && !this.#heldForPerson) return 0;
    const seconds = now / 1000;
    if (this.#badGates.some((fault) => isWithin(fault, seconds) && this.#isWatched(fault.gate))) return 0;
    let until = this.clock.nextEvent();
    for (const { from, to } of this.#spans) {
      if (now >= from && now < to) return 0;
      if (from > now && from < until) until = from;
    }
    return Number.isFinite(until) ? until - now : 0;
  }

  read({ entry }: JournalRecord): void {
    const now = this.clock.monotonic();
    this.#lastEntry = now;
    switch (entry.kind) {
      case "held":
        this.#held = true;
        this.#heldForPerson = entry.needsPerson;
        break;
      case "goesOn":
      case "rollback":
      case "stopped":
        this.#held = false;
        this.#heldForPerson = false;
        break;
      case "verdict":
        if (entry.verdict === "pass" || entry.verdict === "report") this.#troubled.delete(entry.gate);
        else this.#troubled.add(entry.gate);
        break;
      case "phase":
        this.#troubled.clear();
        this.#phase = entry.phase;
        for (const seconds of phaseLimits(this.plan, entry.phase)) this.#mayHappen(now + seconds * 1000);
        break;
      case "intent":
        this.#holdSeconds = holdOf(this.plan, entry.step);
        this.written();
        for (const seconds of stepLimits(this.plan, entry.step)) this.#mayHappen(now + seconds * 1000);
        break;
      case "done":
        // What is watched from the last step or move of traffic on ends so long after it.
        for (const seconds of watchesSinceSteps(this.plan, this.#phase))
          this.#mayHappen(now + seconds * 1000);
        break;
      default:
    }
  }

  /** Something outside was changed: a weight is held from then on. */
  written(): void {
    if (this.#holdSeconds > 0) this.#mayHappen(this.clock.monotonic() + this.#holdSeconds * 1000);
  }

  /** Nobody leaps to the very moment, nor right after it. */
  #mayHappen(at: number): void {
    this.#spans.push({ from: at - marginMilliseconds, to: at + settledMilliseconds });
  }

  #isWatched(gate: string): boolean {
    return this.plan.watched.some(
      ({ entry, phases }) => entry === gate && this.#phase !== undefined && phases.includes(this.#phase),
    );
  }
}

const limitsOfPhases = knownOfPlan(() => new Map<Phase, readonly number[]>());

/** Seconds after a phase's beginning at which something of it is due. */
function phaseLimits(plan: Plan, phase: Phase): readonly number[] {
  const known = limitsOfPhases(plan);
  const before = known.get(phase);
  if (before !== undefined) return before;
  const gates = plan.watched.flatMap(({ entry, phases }) => {
    const gate = plan.entries[entry];
    if (!phases.includes(phase) || (gate?.word !== "metricGate" && gate?.word !== "checkGate")) return [];
    return gate.minutes === undefined ? [] : [gate.minutes.from * 60, gate.minutes.due * 60];
  });
  const steps = [...plan.steps, ...plan.rollback].flatMap(({ phase: its, does }) => {
    if (its !== phase) return [];
    if (does.as === "watch") return [does.seconds];
    return (does.as === "question" || does.as === "message") && does.afterSeconds ? [does.afterSeconds] : [];
  });
  const limits = [...new Set([...gates, ...steps])];
  known.set(phase, limits);
  return limits;
}

function watchesSinceSteps({ steps }: Plan, phase: Phase | undefined): readonly number[] {
  if (phase !== "switch" && phase !== "migrate") return [];
  return steps.flatMap(({ phase: its, does }) =>
    its === phase && does.as === "watch" && does.since !== undefined ? [does.seconds] : [],
  );
}

function holdOf(plan: Plan, id: string): number {
  const step = plan.steps.find((one) => one.id === id);
  return step?.does.as === "weight" ? step.does.holdSeconds : 0;
}

/** Seconds after a step began at which something is due because of it. */
function stepLimits(plan: Plan, id: string): readonly number[] {
  const entry = plan.entries[plan.steps.find((one) => one.id === id)?.entry ?? ""];
  if (entry?.word !== "step" || entry.does.action !== "traffic") return [];
  return Object.values(plan.entries).flatMap((other) =>
    other.word === "step" && other.does.action === "scale" && other.does.afterMinutes !== undefined
      ? [other.does.afterMinutes * 60]
      : [],
  );
}
