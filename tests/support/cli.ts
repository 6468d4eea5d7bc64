import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "./project";

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `switchyard` process with its own state folder. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** What it has printed on stderr so far. */
  stderrSoFar(): string;
  readonly ended: Promise<CliResult>;
}

export function startCli(
  argv: readonly string[],
  stateDir: string,
  environment: Readonly<Record<string, string>> = {},
): CliProcess {
  const child = spawn(process.execPath, [join(repository, "dist", "cli", "main.js"), ...argv], {
    cwd: repository,
    env: { ...process.env, SWITCHYARD_STATE_DIR: stateDir, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<CliResult>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) =>
      done({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
  return { child, ended, stderrSoFar: () => Buffer.concat(stderr).toString("utf8") };
}

export function runCliProcess(
  argv: readonly string[],
  stateDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return startCli(argv, stateDir, environment).ended;
}
