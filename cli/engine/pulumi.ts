import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { isatty } from "node:tty";

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
  /**
   * Let the CLI talk to the terminal itself, for example to ask for a confirmation. It is then stopped once and waited
   * for, however long it takes: whoever sits there, or a second request of theirs, says otherwise.
   */
  readonly interactive?: boolean;
}

/** How long the engine may take to stop after Ctrl-C before it is told a second time (it stops plugins within 5 s). */
const secondInterruptAfterMilliseconds = 20_000;

/**
 * Runs the Pulumi CLI with an argv array and waits for it. A second interrupt drops running operations, so that Ctrl-C
 * reaches the CLI once: through `signal`, for which it has a process group of its own, or, where it talks to a
 * terminal, through that.
 */
export async function runPulumi(argv: readonly string[], options: PulumiOptions): Promise<PulumiResult> {
  const log =
    options.logFile === undefined
      ? undefined
      : createWriteStream(options.logFile, { flags: "a", mode: 0o600 });
  // A log that cannot be written, for example on a full disk, must not end a run that changes things.
  log?.on("error", () => {});
  const atTerminal = options.interactive === true && isatty(0);
  const temporary = temporaryFolder(options.environment);
  const child = spawn(options.command, [...argv], {
    cwd: options.cwd,
    env: { ...options.environment, ...(temporary && { TMPDIR: temporary }) },
    detached: !atTerminal,
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

  const passOn = atTerminal ? passOnTermination(child) : passOnRequests(child, options);
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
    passOn.end();
    if (temporary) rmSync(temporary, { recursive: true, force: true });
    if (log) {
      log.end();
      await finished(log).catch(() => {});
    }
  }
}

/**
 * A folder for the temporary files of one run. Plugins leave theirs behind: the Kubernetes provider a copy of the
 * kubeconfig that it was given. On a full disk there is none, and the run goes on.
 */
function temporaryFolder({ TMPDIR = tmpdir() }: Readonly<Record<string, string>>): string | undefined {
  try {
    return mkdtempSync(join(TMPDIR, "switchyard-run-"));
  } catch {
    return undefined;
  }
}

interface PassedOn {
  end(): void;
}

/** The terminal interrupts everything that runs in it; who ends this process alone means the CLI as well. */
function passOnTermination(child: ChildProcess): PassedOn {
  const terminate = () => child.kill("SIGTERM");
  process.once("SIGTERM", terminate);
  return { end: () => process.off("SIGTERM", terminate) };
}

function passOnRequests(child: ChildProcess, { signal, interactive = false }: PulumiOptions): PassedOn {
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    child.kill("SIGINT");
    if (interactive) return;
    again = setTimeout(() => child.kill("SIGINT"), secondInterruptAfterMilliseconds);
  };
  if (signal?.aborted) interrupt();
  else signal?.addEventListener("abort", interrupt, { once: true });
  return {
    end: () => {
      clearTimeout(again);
      signal?.removeEventListener("abort", interrupt);
    },
  };
}
