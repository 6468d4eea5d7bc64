import type { Phase } from "../../runbooks/vocabulary";
import type { GateContext, Verdict } from "../gates/gate-provider";
import type { GateState } from "../gates/gate-state";
import { isLookedAt, isOverdue, type Moment, next, passesOn } from "../gates/verdict";
import type { EntryOf } from "../journal/entry";
import type { Diary } from "./diary";
import { type EngineParts, type EntryOfWord, type Gate, titleOf } from "./parts";
import { gateStateOf } from "./state";
import { RollBack } from "./turns";

/** A gate that does not let the release go on. */
export interface Obstacle {
  readonly gate: string;
  readonly why: string;
  /** A person decides; otherwise it may come right by itself. */
  readonly needsPerson: boolean;
}

const defaultCheckSeconds = 30;

interface Watched {
  readonly gate: Gate;
  readonly fromPercent: number;
  readonly intervalMilliseconds: number;
  /** Of the monotonic clock; undefined until the first look. */
  due: number | undefined;
  /** What it said last in this phase, also while that waits to be written. */
  said: Said | undefined;
}

interface Said {
  readonly state: GateState;
  readonly verdict: Verdict;
  readonly why: string;
}

/** The gates of a phase, each looked at at its own interval for as long as the phase lasts. */
export class GateWatch {
  readonly #gates: readonly Watched[];
  #began: { readonly at: string; readonly date: Date } | undefined;

  constructor(
    private readonly parts: Pick<EngineParts, "clock" | "look" | "progress">,
    private readonly diary: Diary,
    private readonly phase: Phase,
    private readonly context: () => GateContext,
  ) {
    const { plan } = diary.state;
    this.#gates = plan.watched
      .filter(({ phases }) => phases.includes(phase))
      .map(({ entry, fromPercent = 0 }) => {
        const gate = plan.entries[entry] as Gate;
        return {
          gate,
          fromPercent,
          intervalMilliseconds: this.#interval(gate),
          due: undefined,
          said: undefined,
        };
      });
  }

  /** Milliseconds of real time until a gate is due; undefined when the phase has none. */
  untilDue(): number | undefined {
    const now = this.parts.clock.monotonic();
    const { candidatePercent } = this.diary.state;
    let first: number | undefined;
    for (const { due = now, fromPercent } of this.#gates) {
      if (candidatePercent >= fromPercent && (first === undefined || due < first)) first = due;
    }
    return first === undefined ? undefined : Math.max(0, first - now);
  }

  /**
   * Looks at whatever is due and writes down each verdict that is another than before.
   * @throws RollBack when a gate says so
   */
  async look(): Promise<void> {
    const now = this.parts.clock.monotonic();
    const { candidatePercent } = this.diary.state;
    const looks: Promise<RollBack | undefined>[] = [];
    let context: GateContext | undefined;
    for (const watched of this.#gates) {
      // Some see only the candidate's traffic, and wait until it has any.
      if (candidatePercent < watched.fromPercent || (watched.due ?? now) > now) continue;
      watched.due = now + watched.intervalMilliseconds;
      context ??= this.context();
      looks.push(this.#lookAt(watched, context));
    }
    const wanted = await Promise.all(looks);
    const rollback = wanted.find((turn) => turn !== undefined);
    if (rollback !== undefined) throw rollback;
  }

  /** What keeps the release where it is. Gates whose minutes have not come say nothing yet. */
  obstacles(): readonly Obstacle[] {
    const { state } = this.diary;
    const obstacles: Obstacle[] = [];
    for (const { gate, fromPercent, said } of this.#gates) {
      if (state.candidatePercent < fromPercent) continue;
      const standing = state.verdicts.get(gate.name);
      // The usual case, and asked thousands of times in a release: who passes and has nothing due stands in nobody's way.
      const verdict = said?.verdict ?? (standing?.phase === state.phase ? standing?.verdict : undefined);
      if (verdict === "pass") continue;
      const obstacle = this.#obstacle(gate, said?.state, said?.why ?? standing?.why);
      if (obstacle !== undefined) obstacles.push(obstacle);
    }
    return obstacles;
  }

  #obstacle(gate: Gate, said: GateState | undefined, why: string | undefined): Obstacle | undefined {
    const { state } = this.diary;
    const seen = said ?? gateStateOf(state, gate.name);
    const moment = this.#moment(undefined);
    if (state.waived.has(gate.name)) return undefined;
    if (isOverdue(seen, gate, moment)) {
      const due = `${titleOf(gate)}: had to pass by minute ${gate.minutes!.due}${why === undefined ? "" : `; ${why}`}`;
      return { gate: gate.name, why: due, needsPerson: true };
    }
    if (!isLookedAt(gate, moment)) return undefined;
    if (seen === undefined)
      return { gate: gate.name, why: `${titleOf(gate)}: not looked at yet`, needsPerson: false };
    if (seen.verdict === "pass" || seen.verdict === "report") return undefined;
    // A number may come right again; a question whose answer is no, and what was lost, is a person's to weigh.
    const needsPerson =
      gate.word === "checkGate" ? seen.verdict !== "inconclusive" : this.#staysLost(gate, seen);
    return { gate: gate.name, why: `${titleOf(gate)}: ${why ?? seen.verdict}`, needsPerson };
  }

  async #lookAt(watched: Watched, context: GateContext): Promise<RollBack | undefined> {
    const { gate } = watched;
    const { clock, look, progress } = this.parts;
    if (gate.minutes !== undefined && !isLookedAt(gate, this.#moment(gate.name))) return undefined;
    const before = watched.said?.state ?? gateStateOf(this.diary.state, gate.name);
    if (this.#staysLost(gate, before)) return undefined;
    const sample = await look(gate, context);
    const moment = this.#moment(gate.name);
    if (before !== undefined && passesOn(before, gate, sample, moment)) return undefined;
    const { state, verdict, why } = next(before, gate, sample, moment);
    if (verdict === "rollback") this.diary.rollBackNow();
    if (verdict !== before?.verdict || this.#countsOn(before, state)) {
      if (verdict !== before?.verdict) progress(`${gate.name}: ${verdict} – ${why}`);
      watched.said = { state, verdict, why };
      await this.diary.writeOrWait({
        kind: "verdict",
        gate: gate.name,
        phase: this.phase,
        verdict,
        since: state.since ?? moment.now.toISOString(),
        why,
        ...(sample.kind === "value" && { value: sample.value, count: sample.count }),
        question: sample.question,
        state: state as unknown as EntryOf<"verdict">["state"],
      });
    }
    return verdict === "rollback"
      ? new RollBack(`${titleOf(gate)}: ${why}`, "switchyard", clock.now(), gate.name)
      : undefined;
  }

  /**
   * Requests that were lost when all traffic moved at once stay lost, however many are answered since, until somebody lets
   * that pass or has it looked at again. In a ramp traffic moves again, and each weight is looked at anew.
   */
  #staysLost(gate: Gate, seen: GateState | undefined): boolean {
    if (this.phase !== "switch" || gate.word !== "metricGate" || !isLostRequests(gate)) return false;
    const { waived, againAt } = this.diary.state;
    if (seen?.verdict !== "hold" || seen.lookedAt === undefined || waived.has(gate.name)) return false;
    return againAt === undefined || againAt <= seen.lookedAt;
  }

  /** Whether the gate counts a breach, which a restart must not make it forget. */
  #countsOn(
    before: ReturnType<typeof gateStateOf>,
    state: NonNullable<ReturnType<typeof gateStateOf>>,
  ): boolean {
    const counting = (one: typeof state | undefined) =>
      one !== undefined && (one.outside !== null || one.beyond.some((breach) => breach !== null));
    return counting(state) || counting(before);
  }

  #moment(gate: string | undefined): Moment {
    const { clock } = this.parts;
    const { phaseBegan, startedAt, baselines, againAt } = this.diary.state;
    const baseline = gate === undefined ? undefined : baselines[gate];
    const at = phaseBegan ?? startedAt;
    if (this.#began?.at !== at) this.#began = { at, date: new Date(at) };
    return {
      now: clock.now(),
      speed: clock.speed,
      phaseBegan: this.#began.date,
      ...(againAt !== undefined && { again: new Date(againAt) }),
      ...(baseline !== undefined && { baseline }),
    };
  }

  #interval(gate: Gate): number {
    const seconds =
      gate.word === "metricGate" ? gate.intervalSeconds : (gate.everySeconds ?? defaultCheckSeconds);
    return (seconds * 1000) / this.parts.clock.speed;
  }
}

function isLostRequests({ measurement }: EntryOfWord<"metricGate">): boolean {
  return measurement.provider === "release" && measurement.measure === "lostRequests";
}
