import type { Clock } from "../engine/clock";
import type { ReleaseState } from "../engine/state";
import type { JournalEntry } from "../journal/entry";
import type { Command, HeldLease, Journal } from "../journal/journal";
import { UserError } from "../user-error";
import { Changes } from "./changes";
import { Failures } from "./failures";
import { Hearing } from "./hearing";
import { type MemberCompany, type MemberPort, Words } from "./member";
import {
  beforeBackOf,
  beforeFinishOf,
  endOf,
  isInTheWay,
  nextOf,
  type Standing,
  standsAsBefore,
  trafficOf,
  wordFor,
} from "./standing";
import { TrainDiary } from "./train-diary";
import { doneEntry, type MemberOutcome, type TrainState } from "./train-state";

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
  /** Whether this process stays while all that is left waits for people. */
  readonly waits: boolean;
}

export interface TrainResult {
  readonly end: Exclude<MemberOutcome, "notBegun"> | "waiting";
  readonly why: string;
}

/** After five minutes a rollback that still waits for another one has missed its purpose: a swap takes two at most. */
const patienceSeconds = 300;

/**
 * Walks a train from wherever its journal and those of its releases say it is.
 *
 * @throws LeaseLost when the train is another process's now; what a release failed with, once nothing else is left to do;
 *   UserError with where it stands when the signal is aborted
 */
export async function runTrain(parts: TrainParts, signal: AbortSignal): Promise<TrainResult> {
  const diary = await TrainDiary.open(parts.journal, parts.clock, parts.progress);
  const { ended } = diary.state;
  if (ended !== undefined) {
    await parts.lease.giveBack();
    return { end: ended.outcome, why: ended.why };
  }
  return new TrainRun(parts, diary, signal).toTheEnd();
}

class TrainRun {
  /** What the journals of the releases say. */
  readonly #states = new Map<string, ReleaseState>();
  readonly #running = new Map<string, { readonly words: Words; readonly over: Promise<void> }>();
  /** Releases that wait for people, in no process. */
  readonly #left = new Map<string, string>();
  /** Not written down yet. */
  readonly #ends = new Map<string, { outcome: MemberOutcome; why: string }>();
  readonly #failures: Failures;
  readonly #changes: Changes;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #hearing: Hearing;

  constructor(
    private readonly parts: TrainParts,
    private readonly diary: TrainDiary,
    private readonly outside: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([outside, this.#stop.signal]);
    this.#failures = new Failures(parts.clock);
    this.#changes = new Changes(parts.clock);
    this.#hearing = new Hearing(parts, diary, this.#changes, this.#signal);
  }

  get #state(): TrainState {
    return this.diary.state;
  }

  async toTheEnd(): Promise<TrainResult> {
    const open = [...this.#state.begun].filter((system) => !this.#state.over.has(system));
    for (const system of open) {
      const state = await this.parts.members.get(system)!.state();
      if (state !== undefined) this.#states.set(system, state);
    }
    await this.#hearing.takeIn();
    for (const system of open) this.#walk(system);
    const listening = this.#hearing.listen();
    try {
      return await this.#onward();
    } catch (error) {
      if (!this.outside.aborted) throw error;
      await Promise.all([...this.#running.values()].map((running) => running.over));
      // A store that does not answer lets it run out.
      await this.parts.lease.leave().catch((failure: unknown) => {
        if (!(failure instanceof UserError)) throw failure;
      });
      throw new UserError(`train ${this.#state.id} stops where it is: ${trafficOf(this.#standings)}`, {
        mend: "go on: switchyard release resume train; or take it back: switchyard release rollback train --reason TEXT",
      });
    } finally {
      this.#stop.abort(new Error("the train runs no more in this process"));
      await listening;
      await Promise.all([...this.#running.values()].map((running) => running.over));
    }
  }

  async #onward(): Promise<TrainResult> {
    for (;;) {
      this.#signal.throwIfAborted();
      this.#hearing.throwIfDeaf();
      const change = this.#changes.next;
      await this.#writeEnds();
      this.#tell();
      const next = nextOf(this.#standings, this.#state);
      if (next !== undefined) {
        await this.#take(next);
        continue;
      }
      if (this.#state.train.members.every(({ system }) => this.#state.over.has(system))) return this.#end();
      this.#retry();
      if (this.#running.size === 0 && !this.parts.waits && !this.#failures.mayMend) {
        if (await this.#hearing.takeIn()) continue;
        return this.#leave();
      }
      await this.#changes.until(change, this.#failures.untilDue(), this.#signal);
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
    const { outcome, why } = endOf(this.#standings, this.#state);
    await this.#write({ kind: "ended", outcome, why });
    await this.parts.lease.giveBack();
    return { end: outcome, why };
  }

  async #leave(): Promise<TrainResult> {
    const failure = this.#failures.first;
    await this.parts.lease.leave();
    if (failure !== undefined) throw failure.error;
    const { hold } = this.#state;
    const left = [...this.#left].map(([system, why]) => `${system}: ${why}`);
    if (hold !== undefined) left.unshift(`on hold by ${hold.by}: ${hold.reason ?? ""}`);
    return { end: "waiting", why: left.join("; ") };
  }

  get #standings(): readonly Standing[] {
    const { train, begun, over } = this.#state;
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
    const port = this.parts.members.get(system)!;
    const over = port
      .walk(this.#companyOf(system, words), this.#signal)
      .then(
        ({ end, why }) => {
          this.#failures.forget(system);
          if (end === "waiting") this.#left.set(system, why);
          else this.#ends.set(system, { outcome: end, why });
        },
        (error: unknown) => this.#fail(system, error),
      )
      .then(() => {
        this.#running.delete(system);
        this.#changes.happened();
      });
    this.#running.set(system, { words, over });
    this.#tell();
  }

  #companyOf(system: string, words: Words): MemberCompany {
    const { parts } = this;
    const keepsOthers = () => this.#othersHaveTraffic(system);
    return {
      words,
      get waits() {
        return parts.waits || keepsOthers();
      },
      stands: (state) => {
        const before = this.#states.get(system);
        this.#states.set(system, state);
        if (!standsAsBefore(before, state)) this.#changes.happened();
      },
      beforeFinish: () => beforeFinishOf(system, this.#standings, this.#state),
      mayGoBack: (signal) => this.#mayGoBack(system, signal),
    };
  }

  /** As long as another release has traffic on its new side, what that one waits for may be this one. */
  #othersHaveTraffic(system: string): boolean {
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
      const change = this.#changes.next;
      const inTheWay = beforeBackOf(system, this.#standings, this.#state).filter(isInTheWay);
      if (inTheWay.length === 0) return;
      const names = inTheWay.map(({ member }) => member.system).join(", ");
      if (clock.monotonic() >= until) {
        progress(`${system} goes back although ${names} did not in ${patienceSeconds} s: look at it now`);
        return;
      }
      if (names !== said) progress(`${system} goes back after ${names}`);
      said = names;
      await this.#changes.until(change, until - clock.monotonic(), signal);
    }
  }

  /** Everything that the releases under way must hear by now. */
  #tell(): void {
    const standings = this.#standings;
    for (const standing of standings) {
      const word = wordFor(standing, standings, this.#state, this.parts.clock.now());
      if (word === undefined) continue;
      const { system } = standing.member;
      const running = this.#running.get(system);
      if (running !== undefined) running.words.say(word);
      else if (this.#left.has(system)) this.#walk(system);
    }
  }

  #fail(system: string, error: unknown): void {
    const { progress } = this.parts;
    if (this.#signal.aborted) {
      if (error instanceof UserError) progress(error.message);
      return;
    }
    const failure = this.#failures.add(system, error);
    if (failure === undefined) return;
    const { why, retriable, attempt } = failure;
    progress(`${system}: ${why}`);
    // For people only: the next entry fails of whatever this one does.
    this.#write({ kind: "failed", step: system, why, retriable, attempt }).catch(() => undefined);
  }

  /** As long as something goes on here, what failed is taken up again. */
  #retry(): void {
    if (!this.parts.waits && this.#running.size === 0 && !this.#failures.mayMend) return;
    for (const system of this.#failures.due()) if (!this.#running.has(system)) this.#walk(system);
  }

  async #writeEnds(): Promise<void> {
    for (const [system, end] of this.#ends) {
      this.parts.progress(`${system}: ${end.outcome}, ${end.why}`);
      await this.#write(doneEntry(system, end));
      this.#ends.delete(system);
    }
  }

  #write(entry: JournalEntry): Promise<void> {
    return this.diary.write(entry, this.#signal);
  }
}
