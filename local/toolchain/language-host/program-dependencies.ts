import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A package of a program, with the version that is installed or, where none is, the range that is asked for. */
export interface ProgramDependency {
  readonly name: string;
  readonly version: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Direct dependencies by the nearest package.json at or above the folder; none where there is no package.json. */
export function programDependencies(folder: string): ProgramDependency[] {
  const file = nearestManifest(folder);
  if (file === undefined) return [];
  const resolver = createRequire(file);
  return Object.entries(readManifest(file)?.dependencies ?? {}).map(([name, range]) => {
    const installed = (resolver.resolve.paths(name) ?? [])
      .map((modules) => readManifest(join(modules, name, "package.json")))
      .find((manifest) => manifest !== undefined);
    return { name, version: installed?.version ?? range };
  });
}

function nearestManifest(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package.json");
    if (readManifest(file) !== undefined) return file;
    if (dirname(at) === at) return undefined;
  }
}

function readManifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Manifest;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
