import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Answers, ReleaseSpec, Turn } from "./protocol";

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Longer than this no turn takes, or the process hangs. */
const patienceMilliseconds = 60_000;

/** A release's process as the world has it: a turn of it, then an answer, until it ends or is killed. */
export class FarProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #turns: Turn[] = [];
  #exit: Exit | undefined;
  #arrived: () => void = () => {};

  /** @param snapshot of `release-process.ts` */
  constructor(snapshot: string, spec: ReleaseSpec) {
    const argv = ["--snapshot-blob", snapshot, "release-process", JSON.stringify(spec)];
    this.#child = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "pipe"] });
    let [received, stderr] = ["", ""];
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
      const lines = received.split("\n");
      received = lines.pop() as string;
      for (const line of lines) this.#turns.push(JSON.parse(line) as Turn);
      this.#arrived();
    });
    this.#child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    // It may be killed while it is told something.
    this.#child.stdin.on("error", () => {});
    this.#child.once("close", (code, signal) => {
      this.#exit = { code, signal, stderr };
      this.#arrived();
    });
  }

  async next(): Promise<Turn | Exit> {
    const until = performance.now() + patienceMilliseconds;
    for (;;) {
      const next = this.#turns.shift() ?? this.#exit;
      if (next !== undefined) return next;
      if (performance.now() > until) {
        this.kill("SIGKILL");
        throw new Error(`process ${this.#child.pid} does not come to its turn`);
      }
      await this.#arrival(until);
    }
  }

  /** Everything that it still says, until it is gone. */
  async ended(): Promise<Exit> {
    for (;;) {
      const next = await this.next();
      if ("code" in next) return next;
    }
  }

  send(answers: Answers): void {
    this.#child.stdin.write(`${JSON.stringify(answers)}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #arrival(until: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, until - performance.now() + 1);
      this.#arrived = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
