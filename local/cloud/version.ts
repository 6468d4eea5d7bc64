import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

let known: string | undefined;

/**
 * What tells one build of the local cloud from another: a digest of its own compiled files. A running server of another
 * build is replaced, so that nobody debugs code that is not the code at hand.
 */
export function cloudVersion(): string {
  if (known === undefined) {
    const hash = createHash("sha256");
    for (const file of compiledFiles(__dirname))
      hash.update(path.relative(__dirname, file)).update(readFileSync(file));
    known = hash.digest("hex").slice(0, 16);
  }
  return known;
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
