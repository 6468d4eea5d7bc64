import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import * as path from "node:path";
import { cloudFolder } from "./endpoint";

/**
 * State files that were set aside as damaged and whose resources the engine has not looked for since: it still counts
 * them as there, so the next update has to refresh. On disk, as the cloud may be restarted in between.
 */
export function unmendedDamage(stateDir: string): string[] {
  const folder = path.join(cloudFolder(stateDir), "quarantine");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(folder, entry.name));
}

/** The files are kept, for a person to look at. */
export function markMended(files: readonly string[]): void {
  for (const file of files) {
    const folder = path.join(path.dirname(file), "mended");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    renameSync(file, path.join(folder, path.basename(file)));
  }
}
