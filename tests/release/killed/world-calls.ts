import type { EngineParts, EntryOfWord, Gate } from "../../../release/engine/parts";
import type { GateContext } from "../../../release/gates/gate-provider";
import type { SimulatedProcess } from "../../../release/simulation/process";
import type { World } from "../../../release/simulation/world";
import { errorOf } from "./line";
import {
  type Answers,
  type Failure,
  failureOf,
  type Reply,
  type TurnEvent,
  type WorldCall,
} from "./protocol";

/** No context is needed by a simulated gate or store. */
const nothing = undefined as unknown as GateContext & never;

/** What one process asks of the simulated world, and what it is told. */
export class WorldCalls {
  readonly #parts: EngineParts;
  readonly #callingOff = new Map<number, AbortController>();
  readonly #checks = new Map<number, { resolve(): void; reject(error: Error): void }>();
  #replies: Reply[] = [];
  #asked: number[] = [];
  #lastCheck = 0;
  #gathered!: () => void;
  #something = this.#next();

  constructor(
    private readonly world: World,
    private readonly process: SimulatedProcess,
  ) {
    this.#parts = world.partsFor(process);
  }

  take(event: Exclude<TurnEvent, { written: unknown } | { said: unknown }>): void {
    if ("call" in event) this.#begin(event.call);
    else if ("calledOff" in event) this.#callOff(event.calledOff);
    else this.#checked(event.answered, event.failure);
  }

  /** Whether the process has its lease still, by the process's own word. */
  check(): Promise<void> {
    const id = ++this.#lastCheck;
    this.#asked.push(id);
    this.#gather();
    return new Promise((resolve, reject) => this.#checks.set(id, { resolve, reject }));
  }

  /** Once there is something to answer: all of it that is of one moment. */
  async answers(): Promise<Answers> {
    await this.#something;
    const { clock } = this.world;
    const answers = {
      time: { wall: clock.now().getTime(), monotonic: clock.monotonic() },
      replies: this.#replies,
      checks: this.#asked,
    };
    this.#replies = [];
    this.#asked = [];
    this.#something = this.#next();
    return answers;
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#gathered = resolve;
    });
  }

  /** Everything that is there by now; time stands still until it is on its way. */
  #gather(): void {
    if (this.#replies.length + this.#asked.length > 1) return;
    const ticked = new Promise<void>((resolve) => queueMicrotask(() => process.nextTick(resolve)));
    void this.world.clock.elsewhere(ticked).then(this.#gathered);
  }

  #callOff(id: number): void {
    this.#callingOff.get(id)?.abort(new Error("called off"));
    this.#callingOff.delete(id);
  }

  #checked(id: number, failure: Failure | undefined): void {
    const check = this.#checks.get(id);
    this.#checks.delete(id);
    if (failure === undefined) check?.resolve();
    else check?.reject(errorOf(failure));
  }

  #begin({ id, what, with: args }: WorldCall): void {
    const stop = new AbortController();
    this.#callingOff.set(id, stop);
    void this.#answer(what, args, stop.signal).then(
      (value) => this.#reply(id, { id, value }),
      (error: unknown) => this.#reply(id, { id, failure: failureOf(error) }),
    );
  }

  #reply(id: number, reply: Reply): void {
    // One that was called off is waited for by nobody.
    if (!this.#callingOff.delete(id)) return;
    this.#replies.push(reply);
    this.#gather();
  }

  async #answer(what: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const parts = this.#parts;
    switch (what) {
      case "sleep":
        return this.process.clock.sleep(args[0] as number, signal);
      case "look":
        return parts.look(this.#entry(args[0]) as Gate, nothing);
      case "strategy":
        return this.#strategy(args as [string, string, readonly unknown[]], signal);
      case "data":
        return this.#data(args as [string, string, readonly unknown[]]);
      case "mayAct":
        return parts.people.mayAct(args[0] as string, args[1] as string);
      case "evidence":
        return parts.evidence(this.#entry(args[0]) as EntryOfWord<"evidence">, this.world.plan);
      case "tell":
        return parts.tell(this.#entry(args[0]) as EntryOfWord<"notify">, {});
      case "record":
        return parts.record(this.#entry(args[0]) as EntryOfWord<"record">, {});
      case "other":
        return parts.other(this.#entry(args[0]) as EntryOfWord<"step">, {});
      case "given":
        return parts.given!(new Set(args[0] as string[]));
      case "nextCommand":
        return parts.nextCommand(new Set(args[0] as string[]), signal);
      default:
        throw new Error(`the world has no ${what}`);
    }
  }

  #strategy([track, method, args]: [string, string, readonly unknown[]], signal: AbortSignal): unknown {
    const strategy = this.#parts.strategies.get(track)! as unknown as Record<string, Method>;
    const silent = () => {};
    if (method === "deployIdle") return strategy.deployIdle!(silent, signal);
    if (method === "promote" || method === "revert") return strategy[method]!(silent);
    return strategy[method]!(...args);
  }

  #data([store, method, args]: [string, string, readonly unknown[]]): unknown {
    const adapter = this.#parts.data(store) as unknown as Record<string, Method>;
    return adapter[method]!(...args, nothing);
  }

  #entry(name: unknown) {
    return this.world.plan.entries[name as string];
  }
}

type Method = (...args: readonly unknown[]) => unknown;
