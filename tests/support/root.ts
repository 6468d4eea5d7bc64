import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout, wherever these tests were compiled to. */
export const root = findRoot(__dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  if (dirname(folder) === folder) throw new Error(`no Pulumi.yaml above ${__dirname}`);
  return findRoot(dirname(folder));
}
