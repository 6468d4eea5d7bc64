import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { identify, isOwnerAlive, type ProcessIdentity } from "../../local/daemon/process-identity";
import type { Workspace } from "../workspace";

const ending = ".json";

function folderOf({ stateDir }: Pick<Workspace, "stateDir">): string {
  return join(stateDir, "running-updates");
}

/**
 * Says on this host that this process runs an update, so that its record without an end is known for what it is.
 *
 * @param update what tells it from other updates, as `updateOf` says it
 * @returns ends that
 */
export async function markRunning(
  workspace: Pick<Workspace, "stateDir">,
  update: string,
): Promise<() => Promise<void>> {
  const folder = folderOf(workspace);
  const file = join(folder, `${process.pid}-${Date.parse(update.split(" ")[0]!)}${ending}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, JSON.stringify({ update, process: identify() }), { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** The updates that processes of this host run now; what those left that were killed is swept. */
export async function runningUpdates(workspace: Pick<Workspace, "stateDir">): Promise<ReadonlySet<string>> {
  const folder = folderOf(workspace);
  const running = new Set<string>();
  for (const name of await namesIn(folder)) {
    const mark = await markIn(join(folder, name));
    if (mark !== undefined && isOwnerAlive(mark.process) === true) running.add(mark.update);
    else if (mark === undefined || isOwnerAlive(mark.process) === false)
      await rm(join(folder, name), { force: true });
  }
  return running;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(ending));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Undefined for what is no mark, or was removed meanwhile. */
async function markIn(file: string): Promise<{ update: string; process: ProcessIdentity } | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as { update: string; process: ProcessIdentity };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
