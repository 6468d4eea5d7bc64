import { chmod, copyFile, link, mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress } from "../progress";
import { textDigest } from "./file-digest";
import { executablesOnPath } from "./path-cli";
import { platformName } from "./platform";
import type { ToolCache } from "./tool-cache";

const hostName = "pulumi-language-nodejs";
const bundleName = "language-host.cjs";
const keyPrefix = "pulumi-with-host-";

/** The program between the engine and Node, and where it comes from. */
export interface LanguageHost {
  readonly path: string;
  readonly source: "bundled" | "switchyard";
  readonly reason: string;
}

/** A CLI with the folder that makes it work when put in front of PATH. */
export interface EquippedCli {
  readonly pulumi: string;
  readonly binDir: string;
  readonly languageHost: LanguageHost;
}

interface EquipOptions {
  readonly cache: ToolCache;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** The compiled host, one file that needs nothing beside it; made by bin/build.cjs. */
export function languageHostBundle(): string {
  return join(__dirname, bundleName);
}

/** The CLI's own host, beside it or on PATH; undefined when it has none. */
export async function bundledHost(
  pulumi: string,
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
): Promise<LanguageHost | undefined> {
  const beside = join(dirname(await realpath(pulumi)), hostName);
  if (await isFile(beside)) {
    return { path: beside, source: "bundled", reason: "it came with this CLI" };
  }
  const [onPath] = await executablesOnPath(hostName, env, cache.root);
  if (onPath === undefined) return undefined;
  return { path: onPath, source: "bundled", reason: "it is on PATH, where this CLI looks first" };
}

/** Folder name in the cache of a CLI together with the host of this project. */
export async function assemblyKey(pulumi: string): Promise<string> {
  const real = await realpath(pulumi);
  const { size, mtimeMs, ino } = await stat(real);
  const digest = textDigest(
    real,
    `${size} ${mtimeMs} ${ino}`,
    await readFile(languageHostBundle(), "utf8"),
    wrapper(),
  );
  return `${keyPrefix}${platformName()}-${digest.slice(0, 16)}`;
}

/** Where the host of this project is, or will be, for that CLI. */
export function assembledHost(folder: string): EquippedCli {
  const binDir = join(folder, "bin");
  return {
    pulumi: join(binDir, "pulumi"),
    binDir,
    languageHost: {
      path: join(binDir, hostName),
      source: "switchyard",
      reason: "this CLI was built without one, and none is on PATH",
    },
  };
}

/**
 * Uses the CLI's own language host where it has one. Otherwise a folder is made that holds the same CLI and the host
 * of this project, since the engine looks for it beside itself or on PATH.
 */
export async function equip(pulumi: string, version: string, options: EquipOptions): Promise<EquippedCli> {
  const { cache, env, progress, signal } = options;
  const bundled = await bundledHost(pulumi, env, cache);
  if (bundled) {
    const real = await realpath(pulumi);
    return { pulumi: real, binDir: dirname(real), languageHost: bundled };
  }
  const key = await assemblyKey(pulumi);
  const entry =
    (await cache.find(key)) ??
    (await cache.locked("the language host", { progress, signal }, async () => {
      const there = await cache.find(key);
      if (there) return there;
      const filled = await cache.fill(async (folder) => {
        await assemble(await realpath(pulumi), join(folder, "bin"));
        return { key, facts: { version, origin: "assembly", because: `the CLI is ${pulumi}` } };
      });
      await cache.dropSuperseded(keyPrefix, filled);
      return filled;
    }));
  return assembledHost(entry.folder);
}

async function assemble(pulumi: string, bin: string): Promise<void> {
  await mkdir(bin);
  const target = join(bin, "pulumi");
  await link(pulumi, target).catch(async (error: NodeJS.ErrnoException) => {
    // Another disk, or somebody else's file: a copy is as good.
    if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EACCES"].includes(error.code ?? "")) throw error;
    await copyFile(pulumi, target);
  });
  await copyFile(languageHostBundle(), join(bin, bundleName));
  await writeFile(join(bin, hostName), wrapper());
  await chmod(join(bin, hostName), 0o755);
}

/** The host as an executable: no process of its own, so that the engine's signals reach node itself. */
function wrapper(): string {
  return `#!/bin/sh
# Language host for Pulumi programs and policy packs: node on the bundle beside this file.
node=${quoted(process.execPath)}
[ -x "$node" ] || node=node
exec "$node" "\${0%/*}/${bundleName}" "$@"
`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );
}
