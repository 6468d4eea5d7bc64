import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const known = new Map<string, string>();

/**
 * What tells one build of a daemon from another: a digest of its own compiled files. A running one of another build is
 * replaced, so that nobody debugs code that is not the code at hand.
 */
export function buildVersion(folder: string): string {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const hash = createHash("sha256");
  for (const file of compiledFiles(folder))
    hash.update(path.relative(folder, file)).update(readFileSync(file));
  const version = hash.digest("hex").slice(0, 16);
  known.set(folder, version);
  return version;
}

function compiledFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return compiledFiles(full);
      return /\.(js|json)$/.test(entry.name) ? [full] : [];
    });
}
