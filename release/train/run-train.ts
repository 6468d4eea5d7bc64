import type { Clock } from "../engine/clock";
import type { ReleaseState } from "../engine/state";
import type { JournalEntry } from "../journal/entry";
import type { Command, HeldLease, Journal } from "../journal/journal";
import { UserError } from "../user-error";
import { type MemberCompany, type MemberPort, Words } from "./member";
import { beforeBackOf, beforeFinishOf, endOf, isInTheWay, nextOf, type Standing, wordFor } from "./standing";
import { afterEntry, type MemberOutcome, type TrainState, trainStateOf } from "./train-state";

export interface TrainParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly lease: HeldLease;
  /** By system. */
  readonly members: ReadonlyMap<string, MemberPort>;
  /** Commands to the train that were given already. */
  given(known: ReadonlySet<string>): Promise<readonly Command[]>;
  /** The next command to the train, once it is there. @throws the signal's reason */
  nextCommand(known: ReadonlySet<string>, signal: AbortSignal): Promise<Command>;
  progress(line: string): void;
  /** Whether this process stays while all that is left to do waits for people. */
  readonly waits: boolean;
}

export interface TrainResult {
  readonly end: Exclude<MemberOutcome, "notBegun"> | "waiting";
  readonly why: string;
}

/** After five minutes a rollback that still waits for another one has missed its purpose: a swap takes two at most. */
const patienceSeconds = 300;
const retryMilliseconds = 15_000;
/** Longer than two leases last. */
const mostAttempts = 5;

/**
 * Walks a train from wherever its journal and those of its releases say it is.
 *
 * @throws LeaseLost when the train is another process's now, and what a release failed with that no longer runs here
 */
export async function runTrain(parts: TrainParts, signal: AbortSignal): Promise<TrainResult> {
  const state = trainStateOf(await parts.journal.read());
  if (state.ended !== undefined) {
    await parts.lease.giveBack();
    return { end: state.ended.outcome, why: state.ended.why };
  }
  return new TrainRun(parts, state, signal).toTheEnd();
}

interface Failure {
  readonly error: unknown;
  readonly why: string;
  readonly retriable: boolean;
  readonly attempt: number;
  /** Of the monotonic clock. */
  readonly retryAt: number;
}

interface Running {
  readonly words: Words;
  readonly over: Promise<void>;
}

class TrainRun {
  readonly #states = new Map<string, ReleaseState>();
  readonly #running = new Map<string, Running>();
  /** Releases that wait for people, in no process. */
  readonly #left = new Map<string, string>();
  readonly #ends = new Map<string, { outcome: MemberOutcome; why: string }>();
  readonly #failures = new Map<string, Failure>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #wake!: () => void;
  /** Resolves with the next change; whoever waits for it takes it before he looks. */
  #change = this.#nextChange();
  #listening: unknown;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: TrainParts,
    private state: TrainState,
    outside: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([outside, this.#stop.signal]);
  }

  async toTheEnd(): Promise<TrainResult> {
    const { begun, over } = this.state;
    const open = [...begun].filter((system) => !over.has(system));
    for (const system of open) {
      const state = await this.parts.members.get(system)!.state();
      if (state !== undefined) this.#states.set(system, state);
    }
    await this.#takeIn();
    for (const system of open) this.#walk(system);
    const listening = this.#listen();
    try {
      return await this.#onward();
    } finally {
      this.#stop.abort(new Error("the train runs no more in this process"));
      await listening;
      await Promise.all([...this.#running.values()].map((running) => running.over));
    }
  }

  async #onward(): Promise<TrainResult> {
    for (;;) {
      this.#signal.throwIfAborted();
      if (this.#listening !== undefined) throw this.#listening;
      const changed = this.#change;
      await this.#writeEnds();
      this.#tell();
      const next = nextOf(this.#standings, this.state);
      if (next !== undefined) {
        await this.#take(next);
        continue;
      }
      const { members } = this.state.train;
      if (members.every(({ system }) => this.state.over.has(system))) return this.#end();
      this.#retry();
      if (this.#running.size === 0 && !this.parts.waits && !this.#triesAgain) {
        const heard = this.state.commands.length;
        await this.#takeIn();
        if (this.state.commands.length > heard) continue;
        return this.#leave();
      }
      await this.#sleep(changed);
    }
  }

  async #take(next: NonNullable<ReturnType<typeof nextOf>>): Promise<void> {
    if ("skip" in next) {
      this.parts.progress(`${next.skip} does not begin: ${next.why}`);
      await this.#write(doneEntry(next.skip, { outcome: "notBegun", why: next.why }));
      return;
    }
    await this.#write({ kind: "intent", step: next.begin });
    this.parts.progress(`${next.begin} begins`);
    this.#walk(next.begin);
  }

  async #end(): Promise<TrainResult> {
    const { outcome, why } = endOf(this.#standings, this.state);
    await this.#write({ kind: "ended", outcome, why });
    await this.parts.lease.giveBack();
    return { end: outcome, why };
  }

  async #leave(): Promise<TrainResult> {
    const [failure] = this.#failures.values();
    await this.parts.lease.leave();
    if (failure !== undefined) throw failure.error;
    const { hold } = this.state;
    const left = [...this.#left].map(([system, why]) => `${system}: ${why}`);
    const held = hold === undefined ? [] : [`on hold by ${hold.by}: ${hold.reason ?? ""}`];
    return { end: "waiting", why: [...held, ...left].join("; ") };
  }

  get #standings(): readonly Standing[] {
    const { train, begun, over } = this.state;
    return train.members.map((member) => {
      const { system } = member;
      const [state, ended] = [this.#states.get(system), over.get(system)];
      return {
        member,
        begun: begun.has(system),
        runs: this.#running.has(system),
        ...(state !== undefined && { state }),
        ...(ended !== undefined && { over: ended }),
      };
    });
  }

  #walk(system: string): void {
    const words = new Words();
    this.#left.delete(system);
    const over = this.parts.members
      .get(system)!
      .walk(this.#companyOf(system, words), this.#signal)
      .then(
        ({ end, why }) => {
          this.#failures.delete(system);
          if (end === "waiting") this.#left.set(system, why);
          else this.#ends.set(system, { outcome: end, why });
        },
        (error: unknown) => this.#fail(system, error),
      )
      .then(() => {
        this.#running.delete(system);
        this.#changed();
      });
    this.#running.set(system, { words, over });
    this.#tell();
  }

  #companyOf(system: string, words: Words): MemberCompany {
    const { parts } = this;
    const keepsOthers = () => this.#othersNeedUs(system);
    return {
      words,
      get waits() {
        return parts.waits || keepsOthers();
      },
      stands: (state) => {
        this.#states.set(system, state);
        this.#changed();
      },
      beforeFinish: () => beforeFinishOf(system, this.#standings, this.state),
      mayGoBack: (signal) => this.#mayGoBack(system, signal),
    };
  }

  /** While another release has traffic on its new side, what it waits for may be this one. */
  #othersNeedUs(system: string): boolean {
    return this.#standings.some(
      (standing) =>
        standing.member.system !== system && standing.state?.trafficMoved === true && isInTheWay(standing),
    );
  }

  /** Those that need this release's version go first, each by its own runbook; one that cannot keeps it no longer. */
  async #mayGoBack(system: string, signal: AbortSignal): Promise<void> {
    const { clock, progress } = this.parts;
    const until = clock.monotonic() + (patienceSeconds * 1000) / clock.speed;
    let said = "";
    for (;;) {
      signal.throwIfAborted();
      this.#tell();
      const changed = this.#change;
      const inTheWay = beforeBackOf(system, this.#standings, this.state).filter(isInTheWay);
      if (inTheWay.length === 0) return;
      const names = inTheWay.map(({ member }) => member.system).join(", ");
      const left = until - clock.monotonic();
      if (left <= 0) {
        progress(`${system} goes back although ${names} did not in ${patienceSeconds} s: look at it now`);
        return;
      }
      if (names !== said) progress(`${system} goes back after ${names}, which needs it`);
      said = names;
      await this.#until(changed, left, signal);
    }
  }

  /** Everything that the releases under way must hear by now. */
  #tell(): void {
    const standings = this.#standings;
    for (const standing of standings) {
      const word = wordFor(standing, standings, this.state, this.parts.clock.now());
      if (word === undefined) continue;
      const { system } = standing.member;
      const running = this.#running.get(system);
      if (running !== undefined) running.words.say(word);
      else if (this.#left.has(system)) this.#walk(system);
    }
  }

  #fail(system: string, error: unknown): void {
    if (this.#signal.aborted) return;
    const before = this.#failures.get(system);
    const why = error instanceof Error ? error.message : String(error);
    const { clock, progress } = this.parts;
    const attempt = (before?.attempt ?? 0) + 1;
    const retriable = error instanceof UserError && error.retriable;
    this.#failures.set(system, {
      error,
      why,
      retriable,
      attempt,
      retryAt: clock.monotonic() + retryMilliseconds,
    });
    if (before?.why === why) return;
    progress(`${system}: ${why}`);
    // That it is not written down keeps nobody: the entry is for people.
    this.#write({ kind: "failed", step: system, why, retriable, attempt }).catch(() => undefined);
  }

  /** A release that failed in this process is taken up again, as a new process would. */
  #retry(): void {
    for (const [system, { retryAt }] of this.#failures) {
      if (this.#running.has(system) || retryAt > this.parts.clock.monotonic()) continue;
      if (this.parts.waits || this.#running.size > 0 || this.#triesAgain) this.#walk(system);
    }
  }

  /** Whether what a release failed with may mend itself, such as a lease that has not run out yet. */
  get #triesAgain(): boolean {
    return [...this.#failures.values()].some(({ retriable, attempt }) => retriable && attempt < mostAttempts);
  }

  async #writeEnds(): Promise<void> {
    for (const [system, end] of this.#ends) {
      this.parts.progress(`${system}: ${end.outcome}, ${end.why}`);
      await this.#write(doneEntry(system, end));
      this.#ends.delete(system);
    }
  }

  /** One entry after the other; a store that does not answer is asked again, and keeps no release from going back. */
  #write(entry: JournalEntry): Promise<void> {
    const { journal, clock, progress } = this.parts;
    const written = this.#writing.then(async () => {
      for (;;) {
        try {
          this.state = afterEntry(this.state, await journal.append(entry));
          return;
        } catch (error) {
          if (!(error instanceof UserError && error.retriable)) throw error;
          progress(
            `the journal of the train does not take what is to be written: ${error.message}; asked again`,
          );
          await clock.sleep(retryMilliseconds, this.#signal);
        }
      }
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #takeIn(): Promise<void> {
    for (const command of await this.parts.given(this.#known)) await this.#obey(command);
  }

  get #known(): ReadonlySet<string> {
    return new Set(this.state.commands.map(({ id }) => id));
  }

  async #obey({ id, command, by, reason }: Command): Promise<void> {
    if (this.#known.has(id)) return;
    await this.#write({ kind: "command", id, command, by, ...(reason !== undefined && { reason }) });
    this.parts.progress(`${command} of the train by ${by}${reason === undefined ? "" : `: ${reason}`}`);
    this.#changed();
  }

  async #listen(): Promise<void> {
    try {
      for (;;) await this.#obey(await this.parts.nextCommand(this.#known, this.#signal));
    } catch (error) {
      if (!this.#signal.aborted) this.#listening = error;
      this.#changed();
    }
  }

  /** Until something has changed, or a release is to be taken up again. */
  async #sleep(changed: Promise<void>): Promise<void> {
    const { clock } = this.parts;
    const due = [...this.#failures.values()].map(({ retryAt }) => retryAt - clock.monotonic());
    const left = due.length === 0 ? undefined : Math.max(1, ...due);
    await this.#until(changed, left, this.#signal);
  }

  /** Until something has changed, or so long. @throws the signal's reason */
  async #until(changed: Promise<void>, milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const others: Promise<void>[] = [aborted(either)];
    if (milliseconds !== undefined) others.push(this.parts.clock.sleep(milliseconds, either));
    for (const other of others) other.catch(() => undefined);
    try {
      await Promise.race([changed, ...others]);
    } finally {
      over.abort(new Error("something has changed"));
    }
  }

  #changed(): void {
    const wake = this.#wake;
    this.#change = this.#nextChange();
    wake();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Never resolves. @throws the signal's reason once it is aborted */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function doneEntry(system: string, end: { outcome: MemberOutcome; why: string }): JournalEntry {
  return { kind: "done", step: system, seen: { ...end }, milliseconds: 0 };
}
