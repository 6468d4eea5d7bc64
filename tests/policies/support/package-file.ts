import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/root";

export interface PackageFile {
  readonly version: string;
  readonly main?: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The package.json of a folder of the checkout. */
export function packageOf(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as PackageFile;
}
