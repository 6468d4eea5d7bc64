import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStartTime } from "../../local/daemon/process-identity";
import { UserError } from "../../local/user-error";
import { projectName } from "../workspace";
import { keepCheckpoint, restoreCheckpoint, sweepBesideCheckpoint } from "./checkpoint";
import { backendFolder } from "./environment";
import { checkpointFile } from "./file-stack";
import { type EngineSession, runInSession } from "./session";

/** A lock of the file backend: who runs an update. */
interface StackLock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

interface Deployment {
  readonly deployment?: { pending_operations?: { type: string; resource: { urn: string } }[] };
}

/**
 * Mends what an update that was killed left behind on the file backend of dev: the lock of a process that no longer
 * runs on this host is removed, a state that was cut off is put back, and operations that had been started are dropped
 * from it, so that the next update does them again and adopts what was created already.
 *
 * @returns What was done, a line each, for the user to read.
 * @throws UserError when a live process, or one on another host, holds the stack.
 */
export async function recoverLocalStack(session: EngineSession, stack: string): Promise<string[]> {
  const backend = backendFolder(session.workspace);
  const done = await clearDeadLocks(lockFolder(backend, stack), stack);
  await sweepBesideCheckpoint(session.workspace, stack);
  done.push(...(await restoreCheckpoint(session.workspace, stack)));
  done.push(...(await dropPendingCreates(session, backend, stack)));
  await keepCheckpoint(session.workspace, stack);
  return done;
}

/** Where a file backend keeps the locks of a stack of this project. */
export function lockFolder(backend: string, stack: string): string {
  return join(backend, ".pulumi", "locks", "organization", projectName, stack);
}

/**
 * Removes the lock files of processes that no longer run on this host.
 *
 * @throws UserError when a live process, or one on another host, holds a lock.
 */
export async function clearDeadLocks(folder: string, stack: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const done: string[] = [];
  // Beside each lock the backend keeps a file of attributes, `<id>.json.attrs`.
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".json"))) {
    const file = join(folder, name);
    const lock = readLock(file);
    if (lock === undefined) continue;
    const holder = `process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}`;
    if (lock.hostname !== hostname() || isRunning(lock)) {
      throw new UserError(`Stack ${stack} is being updated: locked by ${holder}.`, {
        mend: `Wait until it has finished. If that host is gone for good: eval "$(npx switchyard env)" && pulumi cancel --stack ${stack}.`,
      });
    }
    await unlink(file);
    await rm(`${file}.attrs`, { force: true });
    done.push(`Cleared the lock of an update that was ended before it could finish (${holder}).`);
  }
  return done;
}

function readLock(file: string): StackLock | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as StackLock;
  } catch (error) {
    // The holder removed it between listing and reading.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(`The lock file ${file} cannot be read: ${(error as Error).message}`, {
      mend: "Look whether an update is running; if not, remove the file.",
    });
  }
}

/** Whether the lock's holder runs. A process that began after the lock was taken is another one with the same number. */
function isRunning(lock: StackLock): boolean {
  const started = processStartTime(lock.pid);
  if (started === undefined) return belongsToOther(lock.pid);
  const taken = Date.parse(lock.timestamp);
  return Number.isNaN(taken) || started <= taken + 1000;
}

/** Whether there is such a process of another user, whose start the system may hide. */
function belongsToOther(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The engine keeps a pending create for ever; without it the next update creates again, and the provider adopts. */
async function dropPendingCreates(session: EngineSession, backend: string, stack: string): Promise<string[]> {
  const checkpoint = checkpointFile(backend, stack);
  if (!existsSync(checkpoint) || !readFileSync(checkpoint, "utf8").includes('"pending_operations"'))
    return [];
  const folder = await mkdtemp(join(session.workspace.stateDir, "recovery-"));
  try {
    const file = join(folder, "state.json");
    await mustRun(session, ["stack", "export", "--stack", stack, "--file", file]);
    const state = JSON.parse(readFileSync(file, "utf8")) as Deployment;
    const pending = state.deployment?.pending_operations ?? [];
    if (pending.length === 0) return [];
    if (state.deployment) delete state.deployment.pending_operations;
    await writeFile(file, JSON.stringify(state), { mode: 0o600 });
    await mustRun(session, ["stack", "import", "--stack", stack, "--file", file]);
    return pending.map(
      ({ type, resource }) =>
        `Was ${type} when the last update was ended, will be looked at again: ${resource.urn}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function mustRun(session: EngineSession, argv: readonly string[]): Promise<void> {
  const result = await runInSession(session, argv);
  if (result.exitCode !== 0) {
    throw new UserError(`pulumi ${argv.slice(0, 2).join(" ")} failed:\n${result.stderr.trim()}`, {
      mend: `The CLI's output is in ${session.logFile}.`,
    });
  }
}
