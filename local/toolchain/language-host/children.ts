import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const killAfterMilliseconds = 2_000;

/** How a child ended: an exit code, or the signal that ended it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The node processes that this host has started: programs and plugins. None may outlive it. */
export class Children {
  readonly #running = new Set<ChildProcess>();

  /** Starts node with the given arguments; `ended` settles when it is gone and its output is read. */
  start(argv: readonly string[], options: SpawnOptions): { child: ChildProcess; ended: Promise<Ending> } {
    return this.startCommand(process.execPath, argv, options);
  }

  startCommand(command: string, argv: readonly string[], options: SpawnOptions) {
    const child = spawn(command, [...argv], options);
    this.#running.add(child);
    const ended = new Promise<Ending>((resolve, reject) => {
      child.once("error", (error) => {
        this.#running.delete(child);
        reject(error);
      });
      child.once("close", (code, signal) => {
        this.#running.delete(child);
        resolve({ code, signal });
      });
    });
    return { child, ended };
  }

  /** Asks one child to end, and ends it after 2 s. */
  stop(child: ChildProcess): void {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMilliseconds);
    timer.unref();
    child.once("exit", () => clearTimeout(timer));
  }

  /** @param kept Are left as they are */
  stopAll(kept: readonly (ChildProcess | undefined)[] = []): void {
    for (const child of this.#running) if (!kept.includes(child)) this.stop(child);
  }

  /** Ends all children now: for the moment before this process ends itself. */
  killAll(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }
}
