import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { processStart } from "../daemon/process-identity";
import type { PartName, ProcessCommand } from "./parts";

/** Waits between one end and the next start: doubled each time, and short again after a minute that went well. */
const firstWaitMilliseconds = 100;
const longestWaitMilliseconds = 5_000;
const wellMilliseconds = 60_000;
const killAfterMilliseconds = 4_000;
const largestLogBytes = 8 * 2 ** 20;
/** How often the size of a running part's log is looked at. */
const logEveryMilliseconds = 10_000;
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
  /** When the log is turned over, and how often that is looked at while the part runs. */
  readonly logBounds?: { readonly largestBytes: number; readonly everyMilliseconds: number };
}

/** One process of a daemon, started again whenever it ends without being asked. */
export class PartProcess<Name extends string = PartName> {
  #child: ChildProcess | undefined;
  #record: PartRecord<Name> | undefined;
  #restarts = 0;
  #wait = firstWaitMilliseconds;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #logTimer: NodeJS.Timeout | undefined;
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
    this.#boundLog();
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

  /** Now, and for as long as the part runs: the log of one that never ends must not fill the disk. */
  #boundLog(): void {
    const { logFile, logBounds } = this.options;
    const look = () => {
      try {
        turnOver(logFile, logBounds?.largestBytes);
      } catch (error) {
        // The folder is being removed, or the disk is full: no reason to end what runs.
        console.error(`the log ${logFile} cannot be turned over: ${(error as Error).message}`);
      }
    };
    look();
    clearInterval(this.#logTimer);
    this.#logTimer = setInterval(look, logBounds?.everyMilliseconds ?? logEveryMilliseconds).unref();
  }

  #ended(how: string): void {
    if (this.#child === undefined) return;
    clearInterval(this.#logTimer);
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
  const end = readEnd(file);
  // What was written last may have been turned over a moment ago.
  const missing = shownTailBytes - end.length;
  const before = missing > 0 ? readEnd(turnedOver(file)).subarray(-missing) : Buffer.alloc(0);
  return Buffer.concat([before, end]).toString("utf8");
}

function readEnd(file: string): Buffer {
  return existsSync(file) ? readFileSync(file).subarray(-shownTailBytes) : Buffer.alloc(0);
}

function turnedOver(logFile: string): string {
  return `${logFile}.1`;
}

/**
 * Keeps a log that somebody writes to within bounds: from `largestBytes` on, what it holds goes to `FILE.1` and it
 * begins again. The writer keeps its descriptor, which must append: it outlives whoever turns its log over, so that
 * there is no pipe between them. Ended in the middle, lines stand twice and none is lost; what is written while the
 * copy is made is fetched up to the last moment.
 */
export function turnOver(logFile: string, largestBytes = largestLogBytes): void {
  if (!existsSync(logFile) || statSync(logFile).size < largestBytes) return;
  const unfinished = `${logFile}.1.new`;
  copyFileSync(logFile, unfinished);
  const [from, to] = [openSync(logFile, "r+"), openSync(unfinished, "a")];
  try {
    let copied = statSync(unfinished).size;
    const catchUp = () => {
      for (let size = fstatSync(from).size; size > copied; size = fstatSync(from).size) {
        const rest = Buffer.alloc(size - copied);
        const read = readSync(from, rest, 0, rest.length, copied);
        writeSync(to, rest, 0, read);
        copied += read;
      }
    };
    catchUp();
    renameSync(unfinished, turnedOver(logFile));
    catchUp();
    ftruncateSync(from, 0);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
