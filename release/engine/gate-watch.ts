import type { Phase } from "../../runbooks/vocabulary";
import type { GateContext, Verdict } from "../gates/gate-provider";
import type { GateState } from "../gates/gate-state";
import {
  counts,
  hasItsTime,
  holdsUp,
  isDone,
  isLookedAt,
  isNo,
  isOneLook,
  isOnlyShown,
  isOverdue,
  isToBeWeighed,
  type Moment,
  next,
  passesOn,
} from "../gates/verdict";
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
  /** The one weight at which it is asked; undefined for one that is at all of them. */
  readonly atPercent: number | undefined;
  readonly intervalMilliseconds: number;
  /** Of the monotonic clock; undefined until the first look. */
  due: number | undefined;
  /** When the look that is under way began, of the monotonic clock. */
  began: number | undefined;
  /** Whether a look has ended that this process began. */
  answered: boolean;
  /** What it said last in this phase, also while that waits to be written. */
  said: Said | undefined;
}

interface Said {
  readonly state: GateState;
  readonly verdict: Verdict;
  readonly why: string;
}

type Contexts = Readonly<Record<Gate["word"], GateContext>>;

/** Who has the gates looked at. */
export interface Watcher {
  context(): GateContext;
  /** Whether something is being done meanwhile, such as a weight that is set and does not stand yet. */
  readonly acts: boolean;
  /** Wakes whoever sleeps: a look ended that changes something, or that was waited for. */
  stir(): void;
  /** Takes the turn that a gate wants, and whatever else a look ended with. */
  fail(error: unknown): void;
}

/**
 * The gates of a phase, each looked at at its own interval for as long as the phase lasts. One look of a gate is under way
 * at a time, and no gate waits for another one's: a suite takes half an hour, and a trigger counts minutes.
 */
export class GateWatch {
  readonly #gates: readonly Watched[];
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;
  #isWaitedFor = false;
  /** When somebody last wanted all of them looked at again. */
  #againAt: string | undefined;
  #began: { readonly at: string; readonly date: Date } | undefined;

  constructor(
    private readonly parts: Pick<EngineParts, "clock" | "look" | "progress">,
    private readonly diary: Diary,
    private readonly phase: Phase,
    private readonly watcher: Watcher,
  ) {
    const { plan, againAt } = diary.state;
    this.#againAt = againAt;
    this.#signal = AbortSignal.any([watcher.context().signal, this.#closed.signal]);
    this.#gates = plan.watched
      .filter(({ phases }) => phases.includes(phase))
      .map(({ entry, fromPercent = 0, atPercent }) => {
        const gate = plan.entries[entry] as Gate;
        return {
          gate,
          fromPercent,
          atPercent: phase === "ramp" ? atPercent : undefined,
          intervalMilliseconds: this.#interval(gate),
          due: undefined,
          began: undefined,
          answered: false,
          said: undefined,
        };
      });
  }

  get isEmpty(): boolean {
    return this.#gates.length === 0;
  }

  /**
   * Milliseconds of real time until a gate is due; undefined when none is going to be. The end of a look that takes longer
   * than its interval stirs.
   */
  untilDue(): number | undefined {
    const now = this.parts.clock.monotonic();
    let first: number | undefined;
    for (const watched of this.#gates) {
      const { due = now, began } = watched;
      if (!this.#mayBegin(watched) || (began !== undefined && due <= now)) continue;
      if (first === undefined || due < first) first = due;
    }
    return first === undefined ? undefined : Math.max(0, first - now);
  }

  /** Begins to look at whatever is due. Each verdict that is another than before is written down when it is there. */
  look(): void {
    const now = this.parts.clock.monotonic();
    const { againAt } = this.diary.state;
    const isAskedAgain = againAt !== this.#againAt;
    this.#againAt = againAt;
    let contexts: Contexts | undefined;
    for (const watched of this.#gates) {
      if (isAskedAgain) watched.due = now;
      if (watched.began !== undefined || !this.#mayBegin(watched)) continue;
      if ((watched.due ?? now) > now) continue;
      watched.due = now + watched.intervalMilliseconds;
      if (this.#rests(watched)) continue;
      contexts ??= this.#contexts();
      watched.began = now;
      void this.#lookAt(watched, contexts[watched.gate.word]).then(
        (changed) => this.#looked(watched, changed),
        (error: unknown) => {
          this.#looked(watched, false);
          // What a look that was broken off ends with is nobody's any more.
          if (!this.#closed.signal.aborted) this.watcher.fail(error);
        },
      );
    }
  }

  /**
   * Whether every look that had begun by then has ended. Otherwise the end of the next one stirs.
   * @param moment of the monotonic clock
   */
  hasSeen(moment: number): boolean {
    this.#isWaitedFor = this.#gates.some(({ began }) => began !== undefined && began <= moment);
    return !this.#isWaitedFor;
  }

  /** Breaks off what is under way: the phase is over, and nothing is written of it any more. */
  close(): void {
    this.#closed.abort(new Error(`the phase ${this.phase} is over`));
  }

  /** What measures a number goes on over the phases (release/gates/prober.ts): only the look itself is dropped. */
  #contexts(): Contexts {
    const context = this.watcher.context();
    return { metricGate: context, checkGate: { ...context, signal: this.#signal } };
  }

  /** What keeps the release where it is. Gates whose minutes have not come say nothing yet. */
  obstacles(): readonly Obstacle[] {
    const { state } = this.diary;
    const obstacles: Obstacle[] = [];
    for (const watched of this.#gates) {
      if (!this.#isItsWeight(watched)) continue;
      const { gate, said, began, answered } = watched;
      const standing = state.verdicts.get(gate.name);
      // The usual case, and asked thousands of times in a release: who passes and has nothing due stands in nobody's way.
      const verdict = said?.verdict ?? (standing?.phase === state.phase ? standing?.verdict : undefined);
      const seen = said?.state ?? gateStateOf(state, gate.name);
      if (verdict === "pass" && seen?.toWeigh === undefined) continue;
      const obstacle = this.#obstacle(gate, seen, said?.why ?? standing?.why);
      if (obstacle === undefined) continue;
      // What a process before this one saw is looked at anew before a person is asked.
      const isLookedAtAnew = began !== undefined && !answered;
      obstacles.push(isLookedAtAnew ? { ...obstacle, needsPerson: false } : obstacle);
    }
    return obstacles;
  }

  #obstacle(gate: Gate, seen: GateState | undefined, why: string | undefined): Obstacle | undefined {
    const { state } = this.diary;
    const moment = this.#moment(undefined);
    if (state.waived.has(gate.name) || isOnlyShown(gate)) return undefined;
    if (isOverdue(seen, gate, moment)) {
      const due = `${titleOf(gate)}: had to pass by minute ${gate.minutes!.due}${why === undefined ? "" : `; ${why}`}`;
      return { gate: gate.name, why: due, needsPerson: true };
    }
    if (seen !== undefined && this.#isWeighed(gate, seen, moment)) {
      const meanwhile = seen.verdict === "pass" ? ", and passes again" : "";
      const weighed = `${titleOf(gate)}: ${seen.toWeigh!.why}${meanwhile}; somebody confirms that it may stay, or rolls back`;
      return { gate: gate.name, why: weighed, needsPerson: true };
    }
    if (!isLookedAt(gate, moment)) return undefined;
    if (seen === undefined)
      return { gate: gate.name, why: `${titleOf(gate)}: not looked at yet`, needsPerson: false };
    if (!holdsUp(seen, gate)) return undefined;
    // A question whose answer is no for good, and what was lost, is a person's to weigh.
    const needsPerson = (isNo(seen, gate) && !this.#isAskedAgain(seen)) || this.#staysLost(gate, seen);
    return { gate: gate.name, why: `${titleOf(gate)}: ${why ?? seen.verdict}`, needsPerson };
  }

  /** Numbers of a watch: in a ramp each weight waits until they pass, and goes on then. */
  #isWeighed(gate: Gate, seen: GateState, moment: Moment): boolean {
    if (this.phase !== "watch" && this.phase !== "rollback-watch") return false;
    return isToBeWeighed(seen, gate, moment, this.diary.state.weighed.get(gate.name));
  }

  /** Some see only the candidate's traffic, and wait until it has any; others are of one weight. */
  #isItsWeight({ fromPercent, atPercent }: Watched): boolean {
    const { candidatePercent } = this.diary.state;
    return candidatePercent >= fromPercent && (atPercent === undefined || candidatePercent === atPercent);
  }

  /** What is of one weight is looked at once that stands. */
  #mayBegin(watched: Watched): boolean {
    return this.#isItsWeight(watched) && (watched.atPercent === undefined || !this.watcher.acts);
  }

  #stateOf({ gate, said }: Watched): GateState | undefined {
    return said?.state ?? gateStateOf(this.diary.state, gate.name);
  }

  /** Whether there is nothing to look at: its minutes have not come, or it said all that it is going to say. */
  #rests(watched: Watched): boolean {
    const { gate } = watched;
    const seen = this.#stateOf(watched);
    if (this.#staysLost(gate, seen)) return true;
    if (!hasItsTime(gate)) return false;
    const moment = this.#moment(undefined);
    if (!isLookedAt(gate, moment) || isDone(seen, gate, moment)) return true;
    // What leaves traces is not done over and over again while a person weighs its no.
    return (
      isOneLook(gate) &&
      seen !== undefined &&
      isNo(seen, gate) &&
      (this.diary.state.waived.has(gate.name) || !this.#isAskedAgain(seen))
    );
  }

  #looked(watched: Watched, changed: boolean): void {
    const isNews = changed || !watched.answered || this.#isWaitedFor;
    watched.began = undefined;
    watched.answered = true;
    if (isNews || watched.due! <= this.parts.clock.monotonic()) this.watcher.stir();
  }

  /** @returns whether it says something else than before */
  async #lookAt(watched: Watched, context: GateContext): Promise<boolean> {
    const { gate } = watched;
    const { clock, look, progress } = this.parts;
    const before = this.#stateOf(watched);
    const sample = await look(gate, context);
    if (this.#closed.signal.aborted) return false;
    const moment = this.#moment(gate.name);
    if (before !== undefined && passesOn(before, gate, sample, moment)) return false;
    const { state, verdict, why } = next(before, gate, sample, moment);
    let changed = false;
    if (verdict === "rollback") this.diary.rollBackNow();
    // It is news also where somebody waits for what it says now.
    const isAnswer = before !== undefined && this.#isAskedAgain(before);
    watched.said = { state, verdict, why };
    if (verdict !== before?.verdict || counts(gate, before, state)) {
      if (verdict !== before?.verdict) progress(`${gate.name}: ${verdict} – ${why}`);
      changed = true;
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
    if (verdict === "rollback")
      this.watcher.fail(new RollBack(`${titleOf(gate)}: ${why}`, "switchyard", clock.now(), gate.name));
    return changed || isAnswer;
  }

  /**
   * Requests that were lost when all traffic moved at once stay lost, however many are answered since, until somebody lets
   * that pass or has it looked at again. In a ramp traffic moves again, and each weight is looked at anew.
   */
  #staysLost(gate: Gate, seen: GateState | undefined): boolean {
    if (this.phase !== "switch" || gate.word !== "metricGate" || !isLostRequests(gate)) return false;
    if (seen?.verdict !== "hold" || this.diary.state.waived.has(gate.name)) return false;
    return !this.#isAskedAgain(seen);
  }

  /** Whether somebody wants it looked at again since its last look. */
  #isAskedAgain({ lookedAt = "" }: GateState): boolean {
    const { againAt } = this.diary.state;
    return againAt !== undefined && againAt > lookedAt;
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
