import type { Phase } from "../../runbooks/vocabulary";
import type { GateContext } from "../gates/gate-provider";
import { isLookedAt, isOverdue, type Moment, next } from "../gates/verdict";
import type { Diary } from "./diary";
import type { EngineParts, Gate } from "./parts";
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

/** The gates of a phase, each looked at at its own interval for as long as the phase lasts. */
export class GateWatch {
  readonly #due = new Map<string, number>();
  readonly #gates: readonly { readonly gate: Gate; readonly fromPercent: number }[];

  constructor(
    private readonly parts: Pick<EngineParts, "clock" | "look" | "progress">,
    private readonly diary: Diary,
    private readonly phase: Phase,
    private readonly context: () => GateContext,
  ) {
    const { plan } = diary.state;
    this.#gates = plan.watched
      .filter(({ phases }) => phases.includes(phase))
      .map(({ entry, fromPercent = 0 }) => ({ gate: plan.entries[entry] as Gate, fromPercent }));
  }

  /** Those that can say something: some see only the candidate's traffic, and wait until it has any. */
  #asked(): readonly Gate[] {
    const { candidatePercent } = this.diary.state;
    return this.#gates.flatMap(({ gate, fromPercent }) => (candidatePercent >= fromPercent ? [gate] : []));
  }

  /** Milliseconds of real time until a gate is due; undefined when the phase has none. */
  untilDue(): number | undefined {
    const now = this.parts.clock.monotonic();
    const waits = this.#asked().map(({ name }) => (this.#due.get(name) ?? now) - now);
    return waits.length === 0 ? undefined : Math.max(0, Math.min(...waits));
  }

  /**
   * Looks at whatever is due and writes down each verdict that is another than before.
   * @throws RollBack when a gate says so
   */
  async look(): Promise<void> {
    const now = this.parts.clock.monotonic();
    const due = this.#asked().filter(({ name }) => (this.#due.get(name) ?? now) <= now);
    for (const gate of due) this.#due.set(gate.name, now + this.#interval(gate));
    const wanted = await Promise.all(due.map((gate) => this.#lookAt(gate)));
    const rollback = wanted.find((turn) => turn !== undefined);
    if (rollback !== undefined) throw rollback;
  }

  /** What keeps the release where it is. Gates whose minutes have not come say nothing yet. */
  obstacles(): readonly Obstacle[] {
    const { state } = this.diary;
    const moment = this.#moment(undefined);
    return this.#asked().flatMap((gate) => {
      const verdict = state.verdicts.get(gate.name);
      const seen = gateStateOf(state, gate.name);
      if (state.waived.has(gate.name)) return [];
      if (isOverdue(seen, gate, moment)) {
        return [
          {
            gate: gate.name,
            why: `${gate.title}: had to pass by minute ${gate.minutes!.due}`,
            needsPerson: true,
          },
        ];
      }
      if (!isLookedAt(gate, moment)) return [];
      if (seen === undefined)
        return [{ gate: gate.name, why: `${gate.title}: not looked at yet`, needsPerson: false }];
      if (seen.verdict === "pass" || seen.verdict === "report") return [];
      // A number may come right again; a question whose answer is no is a person's to weigh.
      const needsPerson = gate.word === "checkGate" && seen.verdict !== "inconclusive";
      return [{ gate: gate.name, why: verdict?.why ?? String(seen.verdict), needsPerson }];
    });
  }

  async #lookAt(gate: Gate): Promise<RollBack | undefined> {
    const { clock, look, progress } = this.parts;
    if (!isLookedAt(gate, this.#moment(gate.name))) return undefined;
    const context = this.context();
    const sample = await look(gate, context);
    const moment = this.#moment(gate.name);
    const before = gateStateOf(this.diary.state, gate.name);
    const { state, verdict, why } = next(before, gate, sample, moment);
    if (verdict !== before?.verdict || this.#countsOn(before, state)) {
      if (verdict !== before?.verdict) progress(`${gate.name}: ${verdict} – ${why}`);
      await this.diary.write({
        kind: "verdict",
        gate: gate.name,
        phase: this.phase,
        verdict,
        since: state.since ?? moment.now.toISOString(),
        why,
        ...(sample.kind === "value" && { value: sample.value, count: sample.count }),
        question: sample.question,
        state: JSON.parse(JSON.stringify(state)),
      });
    }
    return verdict === "rollback"
      ? new RollBack(`${gate.title}: ${why}`, "switchyard", clock.now(), gate.name)
      : undefined;
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
    const { phaseBegan, startedAt, baselines } = this.diary.state;
    const baseline = gate === undefined ? undefined : baselines[gate];
    return {
      now: clock.now(),
      speed: clock.speed,
      phaseBegan: new Date(phaseBegan ?? startedAt),
      ...(baseline !== undefined && { baseline }),
    };
  }

  #interval(gate: Gate): number {
    const seconds =
      gate.word === "metricGate" ? gate.intervalSeconds : (gate.everySeconds ?? defaultCheckSeconds);
    return (seconds * 1000) / this.parts.clock.speed;
  }
}
