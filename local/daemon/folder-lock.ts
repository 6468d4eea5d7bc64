import * as path from "node:path";
import * as lockfile from "proper-lockfile";

/** One starter or stopper at a time; one that died leaves a lock that is taken over after 10 s. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  return lockfile.lock(folder, {
    lockfilePath: path.join(folder, "start.lock"),
    stale: 10_000,
    retries: { retries: 1500, minTimeout: 50, maxTimeout: 100 },
  });
}
