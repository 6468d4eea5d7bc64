import { existsSync, readFileSync } from "node:fs";
import { copyFile, readdir, rm, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../local/user-error";
import type { Workspace } from "../workspace";
import { backendFolder } from "./environment";
import { checkpointFile } from "./file-stack";

/** An update of dev writes a few MB of state; below this an update is not begun. */
const neededMegabytes = 200;

/** @throws UserError when the disk that holds the state is nearly full: the engine itself would go on for minutes. */
export async function requireRoomForState(workspace: Workspace): Promise<void> {
  const { bavail, bsize } = await statfs(workspace.stateDir);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free >= neededMegabytes) return;
  throw new UserError(
    `The disk that holds ${workspace.stateDir} has ${free} MB free; ${neededMegabytes} MB are needed.`,
    {
      mend: "Free some space, or name a folder on another disk with SWITCHYARD_STATE_DIR.",
    },
  );
}

/**
 * Puts a whole checkpoint back when the last one was cut off: on a full disk the engine's file backend replaces the
 * state, and its own backup, by files that end in the middle (seen on CLI 3.232). What was created since the copy is
 * adopted by the next update.
 *
 * @returns What was done, a line each.
 * @throws UserError when there is no whole checkpoint.
 */
export async function restoreCheckpoint(workspace: Workspace, stack: string): Promise<string[]> {
  const file = checkpointFile(backendFolder(workspace), stack);
  if (!existsSync(file) || isWhole(file)) return [];
  const source = [`${file}.bak`, keptCopy(workspace, stack)].find(
    (copy) => existsSync(copy) && isWhole(copy),
  );
  if (source === undefined) {
    throw new UserError(
      `The state of stack ${stack} cannot be read and there is no whole copy of it: ${file}`,
      {
        mend: "Remove the file and run npx switchyard cloud reset --force; then bring the stack up anew.",
      },
    );
  }
  await copyFile(source, file);
  // Digest of the file that was cut off.
  await rm(`${file}.attrs`, { force: true });
  return [`The state of stack ${stack} was cut off in the middle; put back the copy ${source}.`];
}

/**
 * Removes what a killed update left beside the state: attributes that were cut off, without which the backend reads as well
 * and with which it refuses the state (it writes them in place, twice for each resource: `failed to load checkpoint: EOF`),
 * and files that were to replace the state. To be called while no update runs.
 */
export async function sweepBesideCheckpoint(workspace: Workspace, stack: string): Promise<void> {
  const file = checkpointFile(backendFolder(workspace), stack);
  const folder = dirname(file);
  if (!existsSync(folder)) return;
  const beside = (await readdir(folder)).filter((name) => name.startsWith(`${basename(file)}.`));
  for (const name of beside) {
    const path = join(folder, name);
    if (name.endsWith(".tmp") || (name.endsWith(".attrs") && !isWhole(path))) await rm(path, { force: true });
  }
}

/** Keeps a copy of the state as it is before an update, for `restoreCheckpoint`. */
export async function keepCheckpoint(workspace: Workspace, stack: string): Promise<void> {
  const file = checkpointFile(backendFolder(workspace), stack);
  if (existsSync(file))
    await writeFileAtomic(keptCopy(workspace, stack), readFileSync(file), { mode: 0o600 });
}

function keptCopy(workspace: Workspace, stack: string): string {
  return join(workspace.stateDir, `${stack}-before-last-update.json`);
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
