import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { processStart } from "../../local/daemon/process-identity";
import { textDigest } from "../../local/toolchain/file-digest";

/** Of another host, or of an earlier version, whose folders have no owner in their names. */
const leftAfterMilliseconds = 24 * 3600 * 1000;

/**
 * A folder of the state for what one operation of the engine writes: its event log holds every property. Those of processes
 * that were killed are removed first.
 *
 * @returns its path; whoever asked removes it
 */
export async function makeRunFolder(stateDir: string): Promise<string> {
  await sweep(stateDir);
  return mkdtemp(join(stateDir, `run-${hostTag()}-${process.pid}-${startOf(process.pid)}-`));
}

async function sweep(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    const path = join(stateDir, name);
    if (/^run-\w+(-\w+){0,3}$/.test(name) && !(await isInUse(name, path)))
      // One that somebody else removes at this moment is gone as well.
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isInUse(name: string, path: string): Promise<boolean> {
  const [, host, pid, started, own] = name.split("-");
  if (own !== undefined && host === hostTag()) return startOf(Number(pid)) === started;
  const found = await lstat(path).catch(() => undefined);
  return found === undefined || Date.now() - found.mtimeMs < leftAfterMilliseconds;
}

/** Of a process, for a file's name; undefined when there is none. */
function startOf(pid: number): string | undefined {
  return processStart(pid)?.replace(/\W/g, "_");
}

function hostTag(): string {
  return textDigest(hostname()).slice(0, 8);
}
