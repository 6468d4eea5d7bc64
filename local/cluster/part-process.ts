import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { processStart } from "../daemon/process-identity";
import type { PartName, ProcessCommand } from "./parts";

/** Waits between one end and the next start: doubled each time, and short again after a minute that went well. */
const firstWaitMilliseconds = 100;
const longestWaitMilliseconds = 5_000;
const wellMilliseconds = 60_000;
const killAfterMilliseconds = 4_000;
const largestLogBytes = 8 * 2 ** 20;
const shownTailBytes = 4_000;

export interface PartRecord<Name extends string = PartName> {
  readonly name: Name;
  readonly pid: number;
  readonly processStart: string;
  /** How often it was started again after it ended by itself. */
  readonly restarts: number;
}

interface PartOptions {
  readonly cwd: string;
  readonly logFile: string;
  /** Told after each start and each end. */
  readonly onChange: () => void;
}

/** One process of a daemon, started again whenever it ends without being asked. */
export class PartProcess<Name extends string = PartName> {
  #child: ChildProcess | undefined;
  #record: PartRecord<Name> | undefined;
  #restarts = 0;
  #wait = firstWaitMilliseconds;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    readonly part: ProcessCommand<Name>,
    readonly options: PartOptions,
  ) {}

  get record(): PartRecord<Name> | undefined {
    return this.#record;
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    const { command, argv, environment } = this.part;
    const { cwd, logFile, onChange } = this.options;
    rotate(logFile);
    const log = openSync(logFile, "a", 0o600);
    // A process group of its own: Ctrl-C in a terminal must not reach it.
    const child = spawn(command, [...argv], {
      cwd,
      detached: true,
      stdio: ["ignore", log, log],
      env: { PATH: process.env.PATH ?? "", ...environment },
    });
    closeSync(log);
    this.#child = child;
    this.#startedAt = Date.now();
    const start = child.pid === undefined ? undefined : processStart(child.pid);
    if (child.pid !== undefined && start !== undefined) {
      this.#record = {
        name: this.part.name,
        pid: child.pid,
        processStart: start,
        restarts: this.#restarts,
      };
    }
    child.once("error", (error) => this.#ended(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    onChange();
  }

  #ended(how: string): void {
    if (this.#child === undefined) return;
    this.#child = undefined;
    this.#record = undefined;
    if (this.#stopped) return;
    if (Date.now() - this.#startedAt > wellMilliseconds) this.#wait = firstWaitMilliseconds;
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, longestWaitMilliseconds);
    this.#restarts++;
    console.error(
      `${new Date().toISOString()} ${this.part.name} ended (${how}); started again in ${wait} ms`,
    );
    this.options.onChange();
    this.#timer = setTimeout(() => this.start(), wait);
  }

  /** Ends it and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill("SIGKILL"), killAfterMilliseconds);
      child.once("exit", () => {
        clearTimeout(force);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }

  /** The end of its log. */
  logTail(): string {
    return tailOf(this.options.logFile);
  }
}

export function tailOf(file: string): string {
  if (!existsSync(file)) return "";
  return readFileSync(file).subarray(-shownTailBytes).toString("utf8");
}

function rotate(logFile: string): void {
  if (!existsSync(logFile) || statSync(logFile).size < largestLogBytes) return;
  rmSync(`${logFile}.1`, { force: true });
  renameSync(logFile, `${logFile}.1`);
}
