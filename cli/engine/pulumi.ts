import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

/** How one run of the Pulumi CLI ended. */
export interface PulumiResult {
  /** Exit code of the CLI; 128 + signal number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PulumiOptions {
  /** Path of the CLI. */
  readonly command: string;
  /** Folder with Pulumi.yaml. */
  readonly cwd: string;
  /** The whole environment of the CLI: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the CLI prints is also appended to this file. */
  readonly logFile?: string;
  /** Ends the run as Ctrl-C does: the engine saves what is finished and stops its plugins. */
  readonly signal?: AbortSignal;
  /** Let the CLI talk to the terminal itself, for example to ask for a confirmation. */
  readonly interactive?: boolean;
}

/** How long the engine may take to stop after Ctrl-C before it is told a second time (it stops plugins within 5 s). */
const secondInterruptAfterMilliseconds = 20_000;

/**
 * Runs the Pulumi CLI with an argv array and waits for it. The CLI has a process group of its own, so that Ctrl-C in
 * the terminal reaches it once, through `signal`, and not a second time (which would drop running operations).
 */
export async function runPulumi(argv: readonly string[], options: PulumiOptions): Promise<PulumiResult> {
  const log =
    options.logFile === undefined
      ? undefined
      : createWriteStream(options.logFile, { flags: "a", mode: 0o600 });
  // A log that cannot be written, for example on a full disk, must not end a run that changes things.
  log?.on("error", () => {});
  const child = spawn(options.command, [...argv], {
    cwd: options.cwd,
    env: options.environment,
    detached: !options.interactive,
    stdio: options.interactive ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout.push(chunk);
    log?.write(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr.push(chunk);
    log?.write(chunk);
  });

  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    child.kill("SIGINT");
    again = setTimeout(() => child.kill("SIGINT"), secondInterruptAfterMilliseconds);
  };
  if (options.signal?.aborted) interrupt();
  else options.signal?.addEventListener("abort", interrupt, { once: true });

  try {
    const exitCode = await new Promise<number>((done, fail) => {
      child.once("error", fail);
      child.once("close", (code, signal) => done(code ?? 128 + (signal === "SIGKILL" ? 9 : 15)));
    });
    return {
      exitCode,
      stdout: Buffer.concat(stdout).toString("utf8"),
      stderr: Buffer.concat(stderr).toString("utf8"),
    };
  } finally {
    clearTimeout(again);
    options.signal?.removeEventListener("abort", interrupt);
    if (log) {
      log.end();
      await finished(log).catch(() => {});
    }
  }
}
