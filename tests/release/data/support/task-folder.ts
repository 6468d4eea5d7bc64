import { type ChildProcess, execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { reportFile } from "../../../../infra/kubernetes/task-report";

const run = promisify(execFile);

/** Copies files and lists them as azcopy does; Azure's own azcopy and its storage are not shown by it. */
const azcopy = `#!/bin/sh
set -eu
case "$1" in
  copy)
    from="$2" to="$3"
    for option in "$@"; do
      if [ "$option" = --overwrite=false ] && [ -e "$to" ]; then exit 0; fi
    done
    cp "$from" "$to" ;;
  list) echo "INFO: File count: 1"; echo "INFO: Total file size: $(wc -c < "$2" | tr -d ' ')" ;;
esac
`;

/** Runs the commands of tasks as infra declares them, with the folders of their containers in one of the test's. */
export class TaskFolder {
  readonly path: string;
  /** Programs that the commands find first. */
  readonly bin: string;
  readonly storage: string;

  constructor(prefix: string) {
    this.path = mkdtempSync(`/tmp/switchyard-${prefix}-`);
    this.bin = join(this.path, "bin");
    this.storage = join(this.path, "storage");
    for (const folder of [this.bin, this.storage]) mkdirSync(folder);
    this.program("azcopy", azcopy);
  }

  get report(): string {
    return join(this.path, "report");
  }

  program(name: string, text: string): void {
    const file = join(this.bin, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }

  /**
   * @returns what the task reported
   * @throws the failure of its command, with what it wrote on stderr
   */
  async run(
    argv: readonly string[],
    job: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<string> {
    const scratch = join(this.path, "scratch");
    const [command, ...rest] = argv.map((part) =>
      part.replaceAll("/scratch", scratch).replaceAll(reportFile, this.report),
    );
    rmSync(this.report, { force: true });
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch);
    await run(command!, rest, { env: { ...environment, HOSTNAME: `${job}-abcde` } });
    return readFileSync(this.report, "utf8");
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Where a program is; folders beside those of PATH may be named. */
export function programAt(name: string, more: readonly string[] = []): string | undefined {
  return [...(process.env.PATH ?? "").split(delimiter), ...more]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/** Ends a server, if the test came as far as starting it, and waits for its end. */
export async function stopServer(
  server: ChildProcess | undefined,
  signal: "SIGINT" | "SIGTERM",
): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill(signal);
  await ended;
}

/** Waits until a server that was started does what is asked. */
export async function untilWorks(works: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await works();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
