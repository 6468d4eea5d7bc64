import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder of the checkout that this compiled file belongs to, wherever the compiler has put it. */
export function repoRoot(): string {
  for (let folder = __dirname; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "bin", "set-up"))) return folder;
  }
  throw new Error(`no package.json with bin/set-up beside it above ${__dirname}`);
}
