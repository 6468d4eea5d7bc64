import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Progress } from "../progress";
import { UserError } from "../user-error";
import { type CacheEntry, checkEntry, type EntryFacts, sealEntry } from "./cache-entry";
import { textDigest } from "./file-digest";
import { type HeldLock, identify, isAlive, withLock } from "./process-lock";

/** What one filling produces: its folder's name in the cache, and the facts to keep with it. */
export interface Filling {
  readonly key: string;
  readonly facts: EntryFacts;
}

interface LockOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** A command does not run longer with an entry that was replaced under it. */
const stillInUseMilliseconds = 3600 * 1000;

/** Folder of another host's filling that nobody has touched for a day: its process cannot be asked. */
const foreignIsDeadAfterMilliseconds = 24 * 3600 * 1000;

/**
 * Tools outside the checkout, shared by all checkouts of a user: `$XDG_CACHE_HOME/switchyard`, by default
 * `~/.cache/switchyard`. An entry is a folder that comes into being by one rename and is never changed after it.
 */
export class ToolCache {
  readonly root: string;

  constructor(env: NodeJS.ProcessEnv) {
    const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
    this.root = resolve(base, "switchyard");
  }

  entryFolder(key: string): string {
    return join(this.root, "tools", key);
  }

  /** The entry, checked; a corrupted one counts as none and is replaced by the next filling. */
  async find(key: string): Promise<CacheEntry | undefined> {
    return this.#guard(async () => {
      const entry = await checkEntry(this.entryFolder(key));
      return entry === "corrupted" ? undefined : entry;
    });
  }

  /** Keys that start so, newest name last. */
  async keys(prefix: string): Promise<string[]> {
    return this.#guard(async () => {
      const names = await readdir(join(this.root, "tools")).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      return names.filter((name) => name.startsWith(prefix)).sort();
    });
  }

  /** Runs `work` while no other process fills the same thing; what dead processes left half-done is removed first. */
  async locked<T>(name: string, options: LockOptions, work: (held: HeldLock) => Promise<T>): Promise<T> {
    let acquired = () => {};
    const onWait = (holder: number | undefined) => {
      const waiting = new Promise<void>((done) => {
        acquired = done;
      });
      void options.progress.step(
        `waiting for process ${holder ?? "unknown"}, which prepares ${name}`,
        () => waiting,
      );
    };
    return this.#guard(async () => {
      await mkdir(join(this.root, "tools"), { recursive: true });
      try {
        return await withLock(
          join(this.root, "locks", `${name.replaceAll(/\W+/g, "-")}.lock`),
          async (held) => {
            acquired();
            await this.#sweep();
            return work(held);
          },
          { signal: options.signal, onWait },
        );
      } finally {
        acquired();
      }
    });
  }

  /**
   * Lets `work` fill an empty folder and makes it an entry by renaming; call it under `locked`. When `work` fails
   * nothing stays behind.
   */
  async fill(work: (folder: string) => Promise<Filling>): Promise<CacheEntry> {
    return this.#guard(async () => {
      const owner = identify();
      const name = [hostTag(), owner.pid, owner.started ?? "0", randomBytes(4).toString("hex")].join(".");
      const scratch = join(this.root, "tmp", name);
      const folder = join(scratch, "entry");
      try {
        await mkdir(folder, { recursive: true });
        const { key, facts } = await work(folder);
        const record = await sealEntry(folder, facts);
        const target = this.entryFolder(key);
        await rename(target, join(scratch, "replaced")).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        });
        await rename(folder, target);
        return { folder: target, record };
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
  }

  /**
   * Removes the entries whose key starts so and that others have taken the place of; call it under `locked`. Besides
   * the new one the newest other stays, for a second checkout, and one that was made within the hour, since a command
   * may be running with it.
   */
  async dropSuperseded(prefix: string, current: CacheEntry): Promise<void> {
    const entries: { folder: string; filledAt: number }[] = [];
    for (const key of await this.keys(prefix)) {
      const folder = this.entryFolder(key);
      if (folder === current.folder) continue;
      entries.push({ folder, filledAt: Date.parse((await this.find(key))?.record.filledAt ?? "") || 0 });
    }
    entries.sort((left, right) => right.filledAt - left.filledAt);
    for (const [index, { folder, filledAt }] of entries.entries()) {
      const stays = filledAt > 0 && (index === 0 || Date.now() - filledAt < stillInUseMilliseconds);
      if (!stays) await this.#guard(() => rm(folder, { recursive: true, force: true }));
    }
  }

  /** Size on disk in bytes; a file that two entries share counts once. */
  async size(): Promise<number> {
    const seen = new Map<string, number>();
    const walk = async (folder: string): Promise<void> => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) await walk(path);
        else {
          const { dev, ino, size } = await lstat(path);
          seen.set(`${dev}:${ino}`, size);
        }
      }
    };
    try {
      await walk(this.root);
    } catch (error) {
      // Another process may be moving folders at this moment; the figure is for people to read.
      if (!["ENOENT", "ENOTDIR", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  async #sweep(): Promise<void> {
    const folder = join(this.root, "tmp");
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const [host, pid, started] = name.split(".");
      const path = join(folder, name);
      if (host === hostTag()) {
        const owner = { pid: Number(pid), host: hostname(), ...(started === "0" ? {} : { started }) };
        if (isAlive(owner as Parameters<typeof isAlive>[0]) === true) continue;
      } else {
        const { mtimeMs } = await lstat(path);
        if (Date.now() - mtimeMs < foreignIsDeadAfterMilliseconds) continue;
      }
      await rm(path, { recursive: true, force: true });
    }
  }

  /** Turns the system's refusals into something that the user can mend. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw cacheProblem(error, this.root) ?? error;
    }
  }
}

/** A UserError for a cache that is full or may not be written; undefined for every other error. */
export function cacheProblem(error: unknown, root: string): UserError | undefined {
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(root, error);
  const refused = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code ?? "");
  const missingBase = code === "ENOENT" && path?.startsWith(root);
  if (!refused && !missingBase) return undefined;
  return new UserError(`The tool cache ${root} cannot be used: ${message}`, {
    mend: "Permit writing there, or name another folder with XDG_CACHE_HOME.",
    cause: error,
  });
}

/** The disk of the cache is full; nothing half-written stays. */
export function diskFull(root: string, cause?: unknown): UserError {
  return new UserError(`The disk of the tool cache ${root} is full.`, {
    mend: "Free about 1 GB there, or name another folder with XDG_CACHE_HOME.",
    cause,
  });
}

function hostTag(): string {
  return textDigest(hostname()).slice(0, 8);
}
