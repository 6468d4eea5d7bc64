import { writeSync } from "node:fs";
import type { Clock } from "../../../release/engine/clock";
import type { RunResult } from "../../../release/engine/run";
import { LeaseLost } from "../../../release/journal/journal";
import { UserError } from "../../../release/user-error";
import { type Answers, type Failure, failureOf, type Time, type TurnEvent } from "./protocol";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The way from a release's process to the world: stdin and stdout, a line each turn. */
export class Line {
  #events: TurnEvent[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  /** Work on the disk that is under way. */
  #working = 0;
  /** The world waits for this process's turn. */
  #awaited = true;
  #received = "";

  constructor(
    private time: Time,
    private readonly onCheck: () => Promise<void>,
  ) {
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", (chunk: string) => {
      this.#received += chunk;
      const lines = this.#received.split("\n");
      this.#received = lines.pop() as string;
      for (const line of lines) this.#hear(JSON.parse(line) as Answers);
    });
  }

  /** The world's time. It stands still while this process does anything. */
  readonly clock: Clock = {
    speed: 1,
    now: () => new Date(this.time.wall),
    monotonic: () => this.time.monotonic,
    sleep: (milliseconds, signal) => this.call("sleep", [milliseconds], signal),
  };

  /** @throws the signal's reason, and what the world refused */
  call<Result>(what: string, args: readonly unknown[], signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#calls;
    this.tell({ call: { id, what, with: args } });
    return new Promise<Result>((resolve, reject) => {
      const callOff = () => {
        this.#waiting.delete(id);
        this.tell({ calledOff: id });
        reject(signal?.reason);
      };
      const done = () => signal?.removeEventListener("abort", callOff);
      this.#waiting.set(id, {
        resolve: (value) => {
          done();
          resolve(value as Result);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      signal?.addEventListener("abort", callOff, { once: true });
    });
  }

  tell(event: TurnEvent): void {
    this.#events.push(event);
  }

  /** Waits for the disk: the turn is not over before. */
  async working<Result>(work: Promise<Result>): Promise<Result> {
    this.#working++;
    try {
      return await work;
    } finally {
      this.#working--;
      this.#whenOver();
    }
  }

  /** Something reached this process by another way, such as a signal. */
  awaited(): void {
    this.#awaited = true;
    this.#whenOver();
  }

  end(result: RunResult | { readonly failure: Failure }): void {
    this.#say({ events: this.#events, end: result });
    process.stdin.destroy();
  }

  #hear({ time, replies, checks }: Answers): void {
    this.time = time;
    this.#awaited = true;
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("failure" in reply) waiting?.reject(errorOf(reply.failure));
      else waiting?.resolve(reply.value);
    }
    for (const id of checks) {
      void this.working(this.onCheck()).then(
        () => this.tell({ answered: id }),
        (error) => this.tell({ answered: id, failure: failureOf(error) }),
      );
    }
    this.#whenOver();
  }

  /** Once no promise can go on: ticks run when the queue of promise jobs is empty, also those that jobs ask for. */
  #whenOver(): void {
    queueMicrotask(() => process.nextTick(() => this.#turnOver()));
  }

  #turnOver(): void {
    if (!this.#awaited || this.#working > 0) return;
    this.#awaited = false;
    this.#say({ events: this.#events });
    this.#events = [];
  }

  #say(turn: object): void {
    const text = Buffer.from(`${JSON.stringify(turn)}\n`);
    for (let written = 0; written < text.length; ) written += writeSync(1, text, written);
  }
}

/** An error of the world as the engine tells errors apart. */
export function errorOf({ name, message, mend, retriable }: Failure): Error {
  if (name === "LeaseLost") return new LeaseLost(message);
  if (name === "UserError") return new UserError(message, { retriable, ...(mend !== undefined && { mend }) });
  return new Error(`${name}: ${message}`);
}
