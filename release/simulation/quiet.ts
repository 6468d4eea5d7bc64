import type { Phase } from "../../runbooks/vocabulary";
import type { JournalRecord } from "../journal/entry";
import type { Plan } from "../plan/plan";
import type { Scenario } from "./scenario";
import type { VirtualClock } from "./virtual-clock";

/** So long after the last entry, and after the last fault, a release that watches sees what it saw before. */
const settledMilliseconds = 300_000;
const marginMilliseconds = 1000;

/**
 * Knows for how long nothing can happen: nothing goes wrong, nobody says anything, and the plan has no time limit. Most of
 * a release is such time, and every look in it says what the one before said; a simulation that leaps over it runs ten
 * times as fast.
 */
export class Quiet {
  #lastEntry = 0;
  #held = false;
  /** When something may happen, in milliseconds of the monotonic clock. */
  readonly #spans: { readonly from: number; readonly to: number }[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly clock: VirtualClock,
    scenario: Scenario,
  ) {
    for (const fault of scenario.faults) {
      if ("atSeconds" in fault) this.#mayHappen(fault.atSeconds * 1000);
      if ("forSeconds" in fault) this.#mayHappen(fault.fromSeconds * 1000, fault.forSeconds * 1000);
    }
  }

  /** Milliseconds; 0 when something may happen at any time. */
  lasts(): number {
    const now = this.clock.monotonic();
    if (this.#held || now - this.#lastEntry < settledMilliseconds) return 0;
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
        break;
      case "goesOn":
      case "rollback":
      case "stopped":
        this.#held = false;
        break;
      case "phase":
        for (const seconds of phaseLimits(this.plan, entry.phase)) this.#mayHappen(now + seconds * 1000);
        break;
      case "intent":
        for (const seconds of stepLimits(this.plan, entry.step)) this.#mayHappen(now + seconds * 1000);
        break;
      default:
    }
  }

  /** Nobody leaps to the very moment, nor right after it. */
  #mayHappen(at: number, lastsMilliseconds = 0): void {
    this.#spans.push({ from: at - marginMilliseconds, to: at + lastsMilliseconds + settledMilliseconds });
  }
}

const limitsOfPhases = new WeakMap<Plan, Map<Phase, readonly number[]>>();

/** Seconds after a phase's beginning at which something of it is due. */
function phaseLimits(plan: Plan, phase: Phase): readonly number[] {
  const known = limitsOfPhases.get(plan) ?? new Map<Phase, readonly number[]>();
  limitsOfPhases.set(plan, known);
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

/** Seconds after a step began at which something of it, or because of it, is due. */
function stepLimits(plan: Plan, id: string): readonly number[] {
  const step = plan.steps.find((one) => one.id === id);
  if (step?.does.as === "weight") return [step.does.holdSeconds];
  const entry = step && plan.entries[step.entry];
  if (entry?.word !== "step" || entry.does.action !== "traffic") return [];
  return Object.values(plan.entries).flatMap((other) =>
    other.word === "step" && other.does.action === "scale" && other.does.afterMinutes !== undefined
      ? [other.does.afterMinutes * 60]
      : [],
  );
}
