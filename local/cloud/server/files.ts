import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";

import writeFileAtomic = require("write-file-atomic");

/** A file that could not be read back: where it was, where it is now, and what is wrong with it. */
export interface DamagedFile {
  path: string;
  quarantined: string;
  reason: string;
}

export type WriteFile = (file: string, content: string) => Promise<void>;

/** Without fsync: a killed process loses nothing by that, and a dev machine that loses power can run `up` again. */
const toDisk: WriteFile = async (file, content) => {
  await writeFileAtomic(file, content, { mode: 0o600, fsync: false });
};

/** One kind of record, one JSON file each, written whole or not at all. Files 0600, folders 0700: they hold secrets. */
export class JsonFolder<T> {
  constructor(
    private readonly root: string,
    private readonly quarantine: string,
    private readonly isValid: (value: unknown) => value is T,
    private readonly write: WriteFile = toDisk,
  ) {}

  async save(name: string, value: T): Promise<void> {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    await this.write(file, `${JSON.stringify(value, null, 1)}\n`);
  }

  remove(name: string): void {
    rmSync(path.join(this.root, name), { force: true });
  }

  /** Everything that can be read. What cannot is moved aside and named, so that one bad file does not cost the others. */
  load(): { values: T[]; damaged: DamagedFile[] } {
    const values: T[] = [];
    const damaged: DamagedFile[] = [];
    for (const file of this.files(this.root)) {
      const read = this.read(file);
      if ("value" in read) values.push(read.value);
      else damaged.push(setAside(file, this.quarantine, read.reason));
    }
    return { values, damaged };
  }

  private read(file: string): { value: T } | { reason: string } {
    try {
      const value: unknown = JSON.parse(readFileSync(file, "utf8"));
      return this.isValid(value) ? { value } : { reason: "it lacks what such a record must have" };
    } catch (error) {
      if (error instanceof SyntaxError) return { reason: "it is not valid JSON" };
      throw error;
    }
  }

  private files(folder: string): string[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .sort((left, right) => left.name.localeCompare(right.name))
      .flatMap((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return this.files(full);
        return entry.name.endsWith(".json") ? [full] : [];
      });
  }
}

export function setAside(file: string, quarantine: string, reason: string): DamagedFile {
  mkdirSync(quarantine, { recursive: true, mode: 0o700 });
  const quarantined = path.join(quarantine, `${Date.now()}-${path.basename(file)}`);
  renameSync(file, quarantined);
  return { path: file, quarantined, reason };
}

/** A file name that a person can read and that differs for each id: `sites/kirana-api-1a2b3c4d5e.json`. */
export function fileNameOf(idKey: string): string {
  const segments = idKey.split("/");
  // No leading dot: ".." would lead out of the folder.
  const clean = (part = "") =>
    part
      .replace(/[^a-z0-9.-]/g, "_")
      .replace(/^\.*$|^\.+/, "_")
      .slice(0, 60);
  const digest = createHash("sha256").update(idKey).digest("hex").slice(0, 12);
  return path.join(clean(segments.at(-2)), `${clean(segments.at(-1))}-${digest}.json`);
}
