import { join } from "node:path";
import { repoRoot } from "../repo-root";

/** A process, told from a later one with the same number by its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started?: string;
  readonly host: string;
}

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
interface IdentityModule {
  identify(pid?: number): ProcessIdentity;
  isAlive(owner: ProcessIdentity): boolean | undefined;
}

function load<T>(name: string): T {
  return require(join(repoRoot(), "bin/set-up", name)) as T;
}

/** Runs `work` while this process holds the lock file; a dead holder's lock is taken over, a live one's waited for. */
export function withLock<T>(
  file: string,
  work: (held: HeldLock) => Promise<T>,
  options: LockOptions,
): Promise<T> {
  return load<LockModule>("lock.cjs").withLock(file, work, options);
}

export function identify(): ProcessIdentity {
  return load<IdentityModule>("process-identity.cjs").identify();
}

/** Undefined when the process belongs to another host and cannot be asked. */
export function isAlive(owner: ProcessIdentity): boolean | undefined {
  return load<IdentityModule>("process-identity.cjs").isAlive(owner);
}
