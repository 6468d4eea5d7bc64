import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { STAND_IN_VERSIONS } from "./versions";

export interface InstallOptions {
  /** A Pulumi home of this project, never the user's own. */
  pulumiHome: string;
  /** Where the stand-ins find the embedded cloud unless their environment names another folder. */
  stateDir: string;
  /** Folder of the compiled tree: `<entryDir>/local/providers/random/main.js`. */
  entryDir: string;
  /** @default the Node that runs this */
  node?: string;
}

const EXECUTABLE = 0o755;

/** A plugin that stands in for a provider. */
export interface StandIn {
  readonly name: string;
  /** That of the npm package which asks for it. */
  readonly version: string;
  /** The executable in a Pulumi home, where `installStandIns` puts it. */
  readonly path: string;
}

/** Every stand-in, installed in that Pulumi home or not yet. */
export function standIns(pulumiHome: string): readonly StandIn[] {
  return Object.entries(STAND_IN_VERSIONS).map(([name, version]) => ({
    name,
    version,
    path: join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`),
  }));
}

/** Puts the stand-ins into a Pulumi home as plugins. Can be repeated, also by two processes at once. */
export async function installStandIns(options: InstallOptions): Promise<void> {
  for (const { name, path } of standIns(options.pulumiHome)) {
    const text = launcher(name, options);
    if (await isUpToDate(path, text)) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, text, { mode: EXECUTABLE });
  }
}

async function isUpToDate(file: string, text: string): Promise<boolean> {
  try {
    const [existing, { mode }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    return existing === text && (mode & 0o777) === EXECUTABLE;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `exec`, so that the engine's signals and the parent watch reach Node itself. */
function launcher(name: string, { stateDir, entryDir, node = process.execPath }: InstallOptions): string {
  const main = join(entryDir, "local", "providers", name, "main.js");
  return `#!/bin/sh
# Local stand-in for the ${name} provider: talks to the embedded cloud, never to Azure. Written by Switchyard.
if [ -z "\${SWITCHYARD_STATE_DIR:-}" ]; then SWITCHYARD_STATE_DIR=${quoted(stateDir)}; fi
export SWITCHYARD_STATE_DIR
exec ${quoted(node)} ${quoted(main)} "$@"
`;
}
