import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileDigest } from "./file-digest";

const recordName = "entry.json";

/** Facts about an entry that its filler states, for the user to read later. */
export interface EntryFacts {
  readonly version: string;
  /** How the content was got. */
  readonly origin: "download" | "build" | "assembly";
  /** Why that way: for example, why nothing was downloaded. */
  readonly because: string;
}

interface FileRecord {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** What is written beside the files when an entry is filled. */
export interface EntryRecord extends EntryFacts {
  /** RFC 3339 time. */
  readonly filledAt: string;
  /** Keyed by path relative to the entry's folder. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** A whole, checked folder in the cache. */
export interface CacheEntry {
  readonly folder: string;
  readonly record: EntryRecord;
}

/** Records size, time and digest of every file below the folder. */
export async function sealEntry(folder: string, facts: EntryFacts): Promise<EntryRecord> {
  const files: Record<string, FileRecord> = {};
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of names.filter((name) => name.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = await stat(file);
    files[relative(folder, file)] = { bytes: size, mtimeMs, sha256: await fileDigest(file) };
  }
  const record: EntryRecord = { ...facts, filledAt: new Date().toISOString(), files };
  await writeRecord(folder, record);
  return record;
}

/**
 * Reads an entry and compares its files with the record: size and time, and the digest where those differ.
 *
 * @returns undefined when there is no such entry, "corrupted" when it is not what was filled in
 */
export async function checkEntry(folder: string): Promise<CacheEntry | "corrupted" | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, recordName), "utf8");
  } catch (error) {
    if (!isMissing(error)) throw error;
    return (await exists(folder)) ? "corrupted" : undefined;
  }
  const record = parseRecord(text);
  if (record === undefined) return "corrupted";
  const files: Record<string, FileRecord> = {};
  for (const [name, recorded] of Object.entries(record.files)) {
    const file = join(folder, name);
    let found: { size: number; mtimeMs: number };
    try {
      found = await stat(file);
    } catch (error) {
      if (isMissing(error)) return "corrupted";
      throw error;
    }
    if (found.size !== recorded.bytes) return "corrupted";
    if (found.mtimeMs !== recorded.mtimeMs && (await fileDigest(file)) !== recorded.sha256)
      return "corrupted";
    files[name] = { ...recorded, mtimeMs: found.mtimeMs };
  }
  const renewed: EntryRecord = { ...record, files };
  // Only spares the next start the digests: a cache that may be read but not written is as good.
  if (JSON.stringify(files) !== JSON.stringify(record.files))
    await writeRecord(folder, renewed).catch(() => {});
  return { folder, record: renewed };
}

async function writeRecord(folder: string, record: EntryRecord): Promise<void> {
  const file = join(folder, recordName);
  const next = `${file}.${process.pid}.next`;
  await writeFile(next, `${JSON.stringify(record, null, 2)}\n`);
  await rename(next, file);
}

function parseRecord(text: string): EntryRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<EntryRecord> | null;
    const whole =
      typeof value?.files === "object" && value.files !== null && typeof value.version === "string";
    return whole ? (value as EntryRecord) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
