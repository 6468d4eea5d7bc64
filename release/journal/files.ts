import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { StoreAway } from "./store-fault";

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** @throws StoreAway for whatever the file system refuses */
export async function inStore<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new StoreAway(where, (error as Error).message, error);
  }
}

export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Durable, also its name. Mode 0600. */
export async function writeNew(file: string, content: string | Buffer): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(file));
}

/** Whole or not at all, over what is there. */
export async function replaceFile(file: string, content: string | Buffer): Promise<void> {
  await viaTemporary(file, content, (temporary) => rename(temporary, file));
}

/** Whole or not at all. @throws EEXIST when it is there */
export async function writeOnce(file: string, content: string): Promise<void> {
  await viaTemporary(file, content, (temporary) => link(temporary, file));
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name that no reader takes for a file of its own. */
export function temporaryName(folder: string): string {
  return join(folder, `.${process.pid}-${randomBytes(6).toString("hex")}`);
}

async function viaTemporary(
  file: string,
  content: string | Buffer,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryName(dirname(file));
  try {
    await writeNew(temporary, content);
    await place(temporary);
    await syncFolder(dirname(file));
  } finally {
    await rm(temporary, { force: true });
  }
}
