import { join } from "node:path";
import { repoRoot } from "../repo-root";

export { identify, isOwnerAlive as isAlive } from "../daemon/process-identity";

/** A lock in hand. */
export interface HeldLock {
  /** The lock also counts as held while this process lives, should its holder be killed. */
  covers(pid: number): void;
}

interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (holder: number | undefined) => void;
}

/** Plain JavaScript, since set-up needs it before anything is compiled; one implementation serves both. */
interface LockModule {
  withLock<T>(file: string, work: (held: HeldLock) => Promise<T>, options?: LockOptions): Promise<T>;
}

/** Runs `work` while this process holds the lock file; a dead holder's lock is taken over, a live one's waited for. */
export function withLock<T>(
  file: string,
  work: (held: HeldLock) => Promise<T>,
  options: LockOptions,
): Promise<T> {
  const { withLock: run } = require(join(repoRoot(), "bin/set-up/lock.cjs")) as LockModule;
  return run(file, work, options);
}
