import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

type Variables = Readonly<Record<string, string>>;

export interface AheadProcessOptions {
  /** Script with its arguments. It says in its first line where it listens, and takes the environment as a message. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** As far as it is known. */
  readonly environment: Variables;
  /** What tells the engine of it. */
  variablesOf(firstLine: string): Variables;
}

/**
 * A process that gets ready while the engine is still starting, and that the engine attaches to instead of starting one
 * of its own. It serves one operation. Whatever goes wrong with it before that, the engine starts its own.
 */
export class AheadProcess {
  readonly #process: ChildProcess;
  readonly #firstLine: Promise<string | undefined>;
  readonly #variablesOf: AheadProcessOptions["variablesOf"];
  #used = false;

  constructor({ argv, cwd, environment, variablesOf }: AheadProcessOptions) {
    this.#variablesOf = variablesOf;
    this.#process = spawn(process.execPath, argv, {
      cwd,
      env: environment,
      // Ctrl-C is the engine's to pass on.
      detached: true,
      stdio: ["ignore", "pipe", "ignore", "ipc"],
    });
    this.#firstLine = firstLineOf(this.#process);
    // The command line does not wait for it.
    this.#process.unref();
    this.#process.channel?.unref();
    (this.#process.stdout as Socket).unref();
    process.once("exit", this.end);
  }

  /**
   * Variables by which the engine finds it; none once it was used, or when it did not get ready.
   *
   * @param environment The engine's, whole
   */
  async variables(environment: Variables): Promise<Variables> {
    if (this.#used) return {};
    this.#used = true;
    this.#process.ref();
    const line = await this.#firstLine;
    this.#process.unref();
    if (line === undefined || !this.#process.connected) return {};
    this.#process.send(environment);
    return this.#variablesOf(line);
  }

  /** What was prepared beside it has failed, or was stopped. A running operation is the engine's to stop. */
  readonly endUnused = (): void => {
    if (!this.#used) this.end();
  };

  /** Ends it with everything that it has started. */
  readonly end = (): void => {
    process.off("exit", this.end);
    this.#process.kill("SIGTERM");
  };
}

/** Undefined when it ended before it said anything. */
function firstLineOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((done) => {
    child.on("error", () => done(undefined));
    child.once("exit", () => done(undefined));
    createInterface({ input: child.stdout! }).once("line", done);
  });
}
