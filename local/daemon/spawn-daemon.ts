import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fullDisk } from "./free-space";

/** How the starter hears that a daemon is ready, or why it is not: one JSON line on this descriptor. */
const reportDescriptor = 3;

export interface StartError {
  readonly message: string;
  /** The system's code, such as `EADDRINUSE`, or one of the daemon's own. */
  readonly code?: string;
}

/** What a daemon reports once. */
export interface StartReport<T> {
  readonly endpoint?: T;
  readonly error?: StartError;
}

interface SpawnOptions {
  /** Compiled file that node runs. */
  readonly entry: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  /** Gives up the start: the program is ended before this is answered. */
  readonly signal?: AbortSignal | undefined;
}

/** How long a program that is no longer wanted may take to end by itself. */
const endMilliseconds = 5_000;

/**
 * Starts a node program that outlives its starter, and waits for its report.
 *
 * @throws The signal's reason once it is aborted; nothing of the program is left then, unless it had reported before.
 */
export async function spawnDaemon<T>(options: SpawnOptions): Promise<StartReport<T>> {
  const { signal } = options;
  signal?.throwIfAborted();
  const log = openSync(options.logFile, "a", 0o600);
  const child = spawn(process.execPath, [options.entry, ...options.argv], {
    detached: true,
    cwd: options.cwd,
    stdio: ["ignore", log, log, "pipe"],
    env: { PATH: process.env.PATH ?? "", ...options.environment },
  });
  closeSync(log);
  const pipe = child.stdio[3] as Socket;
  const failed = new Promise<StartReport<T>>((resolve) =>
    child.once("error", (error) => resolve({ error: { message: error.message } })),
  );
  let abort = () => {};
  const aborted = new Promise<"aborted">((resolve) => {
    abort = () => resolve("aborted");
    signal?.addEventListener("abort", abort, { once: true });
  });
  try {
    const report = firstReport<T>(pipe, child.pid, options.timeoutMilliseconds);
    const first = await Promise.race([failed, report, aborted]);
    if (first !== "aborted") return explained(first, dirname(options.logFile));
    await end(child);
    throw signal?.reason;
  } finally {
    signal?.removeEventListener("abort", abort);
    pipe.destroy();
    child.unref();
  }
}

/** On a full disk neither the program nor its log can say why it ended. */
function explained<T>(report: StartReport<T>, folder: string): StartReport<T> {
  const full = report.error && report.error.code === undefined ? fullDisk(folder) : undefined;
  return full === undefined ? report : { error: { code: "DISK_FULL", message: full } };
}

/** Asked first, so that it can end what it has started itself; forced after 5 s. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), endMilliseconds);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}

async function firstReport<T>(
  pipe: NodeJS.ReadableStream,
  pid: number | undefined,
  timeoutMilliseconds: number,
): Promise<StartReport<T>> {
  const lines = createInterface({ input: pipe });
  const late = new AbortController();
  try {
    const line = await Promise.race([
      new Promise<string | undefined>((resolve) => {
        lines.once("line", resolve);
        lines.once("close", () => resolve(undefined));
      }),
      wait(timeoutMilliseconds, "late" as const, { signal: late.signal }),
    ]);
    if (line === "late") {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      return { error: { message: `it did not come up within ${timeoutMilliseconds / 1000} s` } };
    }
    return line === undefined
      ? { error: { message: "it ended at once" } }
      : (JSON.parse(line) as StartReport<T>);
  } finally {
    late.abort();
    lines.close();
  }
}

/** Called once by the daemon. */
export function reportStart(value: StartReport<unknown>): void {
  try {
    writeSync(reportDescriptor, `${JSON.stringify(value)}\n`);
    closeSync(reportDescriptor);
  } catch (error) {
    // Started by hand there is no such descriptor, and a starter that went away does not read.
    if (!["EBADF", "EPIPE", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
