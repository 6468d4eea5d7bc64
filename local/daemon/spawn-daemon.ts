import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

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
}

/** Starts a node program that outlives its starter, and waits for its report. */
export async function spawnDaemon<T>(options: SpawnOptions): Promise<StartReport<T>> {
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
  try {
    return await Promise.race([failed, firstReport<T>(pipe, child.pid, options.timeoutMilliseconds)]);
  } finally {
    pipe.destroy();
    child.unref();
  }
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
