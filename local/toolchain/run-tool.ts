import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a tool's run ended. */
export interface ToolResult {
  /** Exit code; 1 when a signal ended the tool. */
  readonly code: number;
  readonly stdout: string;
  /** The last lines of stderr. */
  readonly stderr: string;
  /** The deadline passed before the tool ended. */
  readonly timedOut: boolean;
}

export interface ToolOptions {
  readonly cwd: string;
  /** The whole environment of the tool. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMilliseconds?: number;
  readonly onStart?: (pid: number) => void;
  readonly onStderrLine?: (line: string) => void;
}

const keptStderrLines = 40;
const killAfterMilliseconds = 2_000;

/**
 * Runs a program to its end. It has a process group of its own, which is ended as a whole when the signal aborts,
 * the deadline passes or this process ends.
 *
 * @throws The signal's reason after an abort, once the program is gone; the system's error when it cannot be started.
 */
export async function runTool(
  command: string,
  argv: readonly string[],
  options: ToolOptions,
): Promise<ToolResult> {
  options.signal?.throwIfAborted();
  const child = spawn(command, [...argv], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const killGroup = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  let stdout = "";
  let timedOut = false;
  const stderr: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr.push(line);
    if (stderr.length > keptStderrLines) stderr.shift();
    options.onStderrLine?.(line);
  });
  child.once("spawn", () => child.pid !== undefined && options.onStart?.(child.pid));

  const stop = () => {
    killGroup("SIGTERM");
    setTimeout(() => killGroup("SIGKILL"), killAfterMilliseconds).unref();
  };
  const deadline =
    options.timeoutMilliseconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutMilliseconds);
  const onExit = () => killGroup("SIGKILL");
  options.signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", onExit);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    options.signal?.throwIfAborted();
    return { code, stdout, stderr: stderr.join("\n"), timedOut };
  } finally {
    clearTimeout(deadline);
    options.signal?.removeEventListener("abort", stop);
    process.off("exit", onExit);
  }
}
