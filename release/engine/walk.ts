import type { Phase } from "../../runbooks/vocabulary";
import type { GateContext } from "../gates/gate-provider";
import type { Plan, PlanStep } from "../plan/plan";
import type { Seen } from "./actions";
import type { Diary } from "./diary";
import { fieldsOf } from "./fields";
import { GateWatch } from "./gate-watch";
import { measuredSince } from "./measured-since";
import type { EngineParts, EntryOfWord } from "./parts";
import { isHeldByWord } from "./people-words";
import { hasChanged } from "./state";
import { Pause, Turn } from "./turns";

export interface Hold {
  readonly why: string;
  readonly gate?: string;
  /** Other gates that hold it as well. */
  readonly gates?: readonly string[];
  readonly step?: string;
  readonly needsPerson: boolean;
}

/** What a release that is on hold waits for wakes it; looked at now and then all the same. */
const longestStayMilliseconds = 60_000;

/** A release on its way: time, gates of its phase, turns, holds and messages, which all of its steps share. */
export class Walk {
  #watch: GateWatch | undefined;
  #turned = new AbortController();
  /** Something was said since the last sleep. */
  #isStirred = false;
  #sleepers = 0;
  /** Works under way during which the gates are looked at. */
  #acts = 0;
  /** Wakes those who sleep; made anew only when it was used up. */
  #waker = new AbortController();
  /** Made anew only when it was used up: a signal that stays for hours keeps all that were made of it. */
  #signal: AbortSignal;
  #failure: unknown;
  readonly #messages = new Set<Promise<void>>();
  readonly #toldOnce = new Set<string>();
  readonly #toldUnder = new Set<string>();
  readonly #remembered = new Map<string, unknown>();
  readonly #dates = new Map<string, Date>();

  constructor(
    readonly parts: EngineParts,
    readonly diary: Diary,
    private readonly outside: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([outside, this.#turned.signal]);
    outside.addEventListener("abort", () => this.#wake(outside.reason), { once: true });
  }

  get plan(): Plan {
    return this.diary.state.plan;
  }

  /** Aborted when the process is stopped, and with the turn when the release leaves its plan. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  async enter(phase: Phase): Promise<void> {
    if (this.diary.state.phase !== phase) {
      await this.diary.write({ kind: "phase", phase });
      this.parts.progress(`phase ${phase}`);
      this.endWatch();
    }
    this.#watch ??= new GateWatch(this.parts, this.diary, phase, this);
  }

  /** Looks that are under way are broken off, and say nothing any more. */
  endWatch(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  /** The release leaves its plan at the next point where it can, and stops whatever it waits for. */
  turn(turn: Turn): void {
    if (!this.#turned.signal.aborted) this.#turned.abort(turn);
    this.stir();
  }

  /** The turn was taken: what follows is not stopped by it. */
  turnTaken(): void {
    this.#turned = new AbortController();
    this.#signal = AbortSignal.any([this.outside, this.#turned.signal]);
  }

  /** Wakes whoever sleeps: something was said. */
  stir(): void {
    this.#isStirred = true;
    this.#wake(stirred);
  }

  /** @throws the turn that a gate or a person wants, or what a look in the background failed with */
  throwTurn(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.signal.throwIfAborted();
  }

  /**
   * A point at which nothing is half done.
   * @param step what comes next: it knows by itself whether what it waited for has come
   * @throws the turn that a gate or a person wants
   */
  async safePoint(step?: PlanStep): Promise<void> {
    this.throwTurn();
    for (;;) {
      const { held } = this.diary.state;
      if (!held?.needsPerson || (step !== undefined && held.step === step.id)) return;
      await this.stay(held.why);
    }
  }

  /**
   * Begins to look at whatever gates are due. Neither a person's word nor another gate waits for a provider that is slow:
   * what is seen stirs.
   * @throws the turn that a gate or a person wants
   */
  look(): void {
    this.throwTurn();
    this.#watch?.look();
  }

  /** Whether every look that had begun by a moment of the monotonic clock has ended; the next one's end stirs otherwise. */
  hasSeen(moment: number): boolean {
    return this.#watch?.hasSeen(moment) ?? true;
  }

  /**
   * Does something that takes its time while the gates of the phase are looked at.
   * @param looked done whenever a look has begun or ended
   */
  async lookingOn<T>(work: Promise<T>, looked?: () => Promise<unknown>): Promise<T> {
    let working = true;
    this.#acts++;
    const looking = this.#lookWhile(() => working, looked).catch((error: unknown) => this.fail(error));
    try {
      return await work;
    } finally {
      working = false;
      this.#acts--;
      this.stir();
      await looking;
    }
  }

  get acts(): boolean {
    return this.#acts > 0;
  }

  obstacles() {
    return this.#watch?.obstacles() ?? [];
  }

  /** Milliseconds of real time until a gate of the phase is due; undefined when none is going to be. */
  untilDue(): number | undefined {
    return this.#watch?.untilDue();
  }

  /**
   * On hold: whatever is watched is watched on, until somebody decides or the reason is gone.
   * @param soon the reason goes by itself, and soon: the process stays for it. @default false
   */
  async stay(why: string, soon = false): Promise<void> {
    if (!soon) this.endIfNothingMoves(this.diary.state.held?.why ?? why);
    this.look();
    await this.sleep(Math.max(1, this.untilDue() ?? longestStayMilliseconds));
  }

  /**
   * No process stays for a person while nobody is on a side that must be watched, unless it was told to.
   * @throws Pause
   */
  endIfNothingMoves(why: string): void {
    const { rollback, servedPercent, candidatePercent } = this.diary.state;
    const nothingMoves =
      !hasChanged(this.diary.state) ||
      (rollback !== undefined && servedPercent === 0 && candidatePercent === 0);
    if (nothingMoves && this.parts.waits !== true) throw new Pause(why);
  }

  /**
   * Sleeps until the time is over or somebody has said something; not at all when that was since the last sleep, since
   * what follows from it may not have been looked at yet.
   * @throws what stops the process
   */
  async sleep(milliseconds: number): Promise<void> {
    if (this.#turned.signal.aborted) return;
    this.outside.throwIfAborted();
    if (this.#isStirred) {
      this.#isStirred = false;
      return;
    }
    this.#sleepers++;
    try {
      await this.parts.clock.sleep(milliseconds, this.#waker.signal);
    } catch (error) {
      if (error !== stirred) throw error;
    } finally {
      this.#sleepers--;
    }
  }

  #wake(reason: unknown): void {
    if (this.#sleepers === 0) return;
    const waker = this.#waker;
    this.#waker = new AbortController();
    waker.abort(reason);
  }

  /** What somebody holds by a word stays held by that: what else is in the way holds it once that is answered. */
  async hold(held: Hold): Promise<void> {
    if (isHeldByWord(this.diary.state)) return this.#tellUnder(held);
    this.parts.progress(`on hold: ${held.why}`);
    const { gates, ...rest } = held;
    await this.diary.write({ kind: "held", ...rest, ...(gates !== undefined && { gates: [...gates] }) });
    this.tellAll(({ at }) => at === "hold" || (at === "breach" && held.gate !== undefined));
  }

  /** A gate that would hold it is told of once, while a person's word does. */
  #tellUnder({ gate, why }: Hold): void {
    const word = this.diary.state.held?.at;
    if (gate === undefined || this.#toldUnder.has(`${word} ${gate}`)) return;
    this.#toldUnder.add(`${word} ${gate}`);
    this.parts.progress(`on hold already; also ${why}`);
    this.tellAll(({ at }) => at === "breach", { gate, reason: why });
  }

  async done(step: PlanStep, seen: unknown, milliseconds: number): Promise<void> {
    const held = this.diary.state.held;
    if (held?.step === step.id)
      await this.diary.write({ kind: "goesOn", by: "switchyard", why: "it is there" });
    const { platformMilliseconds } = (seen ?? {}) as Partial<Seen>;
    await this.diary.write({
      kind: "done",
      step: step.id,
      seen: JSON.parse(JSON.stringify(seen ?? null)),
      milliseconds,
      ...(platformMilliseconds !== undefined && { platformMilliseconds }),
    });
  }

  /**
   * Messages of the plan that go out now; nothing waits for them.
   * @param fields that say something else than the release does
   */
  tellAll(
    which: (entry: EntryOfWord<"notify">) => boolean,
    fields: Readonly<Record<string, string>> = {},
  ): void {
    for (const entry of Object.values(this.plan.entries)) {
      if (entry.word !== "notify" || !which(entry)) continue;
      const message = this.tell(entry, fields).then(
        () => undefined,
        (error: unknown) => this.fail(error),
      );
      this.#messages.add(message);
      void message.then(() => this.#messages.delete(message));
    }
  }

  /** The same of one that is told once, however often it is asked for. */
  tellOnce(entry: EntryOfWord<"notify">, fields: Readonly<Record<string, string>>): void {
    if (this.#toldOnce.has(entry.name) || this.diary.state.told.has(entry.name)) return;
    this.#toldOnce.add(entry.name);
    this.tellAll(({ name }) => name === entry.name, fields);
  }

  async tell(
    entry: EntryOfWord<"notify">,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<{ delivered: boolean; why: string }> {
    const { holds, why } = await this.parts.tell(entry, { ...fieldsOf(this.diary.state), ...fields });
    for (const { channel } of entry.channels)
      await this.diary.write({ kind: "told", entry: entry.name, channel, delivered: holds, why });
    return { delivered: holds, why };
  }

  /** Every message that is under way was delivered or was not. */
  async messagesOut(): Promise<void> {
    await Promise.all(this.#messages);
  }

  context(): GateContext {
    const { plan, baselines, startedAt, phaseBegan, rollback, stopped } = this.diary.state;
    const since = measuredSince(this.diary.state);
    return {
      environment: plan.environment,
      facts: plan.facts,
      manifest: plan.manifest,
      candidate: plan.to.sides,
      live: plan.from.sides,
      ...(plan.from.version !== undefined && { liveVersion: plan.from.version }),
      goesBack: rollback !== undefined || stopped !== undefined,
      clock: this.parts.clock,
      phaseBegan: this.#date(phaseBegan ?? startedAt),
      releaseBegan: this.#date(startedAt),
      ...(since !== undefined && { measuredSince: this.#date(since) }),
      baselines,
      remembered: this.#remembered,
      signal: this.outside,
    };
  }

  /** The same few are asked for at every look. */
  #date(text: string): Date {
    const known = this.#dates.get(text) ?? new Date(text);
    this.#dates.set(text, known);
    return known;
  }

  async #lookWhile(working: () => boolean, looked?: () => Promise<unknown>): Promise<void> {
    while (working() && this.#failure === undefined && !this.signal.aborted) {
      if (this.#watch === undefined || this.#watch.isEmpty) return;
      this.#watch.look();
      await looked?.();
      const wait = this.#watch.untilDue() ?? longestStayMilliseconds;
      await this.sleep(Math.max(wait, 1)).catch(() => undefined);
    }
  }

  /** What went wrong beside the way of the release is thrown at its next point. */
  fail(error: unknown): void {
    if (error instanceof Turn) this.turn(error);
    else if (!this.outside.aborted) this.#failure ??= error;
    this.stir();
  }
}

/** Wakes a sleeper; no fault. */
const stirred = new Error("something was said");
