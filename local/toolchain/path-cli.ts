import { constants } from "node:fs";
import { access, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { textDigest } from "./file-digest";
import { pulumiVersion } from "./pulumi-release";
import { runTool } from "./run-tool";
import type { ToolCache } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";
import { isAtLeast, parseVersion } from "./versions";

/** A `pulumi` on PATH and what was decided about it. */
export interface PathCli {
  readonly path: string;
  /** The file behind symbolic links. */
  readonly realPath: string;
  readonly version?: string;
  readonly suitable: boolean;
  /** Why it is, or is not, suitable. */
  readonly reason: string;
}

const answerWithinMilliseconds = 10_000;

/** Executables of that name on PATH, in its order, each file once; those in folders below `except` are left out. */
export async function executablesOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  except?: string,
): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder) || (except !== undefined && `${folder}/`.startsWith(`${except}/`))) continue;
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      if (!(await stat(path)).isFile()) continue;
      const real = await realpath(path);
      if (!found.has(real)) found.set(real, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].includes(code ?? "")) throw error;
    }
  }
  return [...found.values()];
}

/** Looks at each `pulumi` on PATH, in order, up to the first suitable one. Those of the cache itself do not count. */
export async function pathClis(
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
  signal?: AbortSignal,
): Promise<PathCli[]> {
  const looked: PathCli[] = [];
  for (const path of await executablesOnPath("pulumi", env, cache.root)) {
    const cli = await judge(path, env, cache, signal);
    looked.push(cli);
    if (cli.suitable) break;
  }
  return looked;
}

async function judge(
  path: string,
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
  signal: AbortSignal | undefined,
): Promise<PathCli> {
  const realPath = await realpath(path);
  const answer = await knownVersion(realPath, env, cache, signal);
  if ("fault" in answer) return { path, realPath, suitable: false, reason: answer.fault };
  const found = { path, realPath, version: answer.version };
  const version = parseVersion(answer.version);
  const floor = parseVersion(pulumiVersion);
  if (version === undefined || floor === undefined) {
    return { ...found, suitable: false, reason: `its version "${answer.version}" cannot be read` };
  }
  if (!isAtLeast(version, floor)) {
    return { ...found, suitable: false, reason: `${answer.version} is older than ${pulumiVersion}` };
  }
  if (version.numbers[0] !== floor.numbers[0]) {
    const reason = `${answer.version} is another major version than ${pulumiVersion}`;
    return { ...found, suitable: false, reason };
  }
  return { ...found, suitable: true, reason: `on PATH, ${answer.version} is ${pulumiVersion} or later` };
}

type Answer = { readonly version: string } | { readonly fault: string };

/**
 * The version a CLI states. Asking takes it 0.2 s, more than everything else a warm start does here, so the answer is
 * kept for as long as the file is the same.
 */
async function knownVersion(
  realPath: string,
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { size, mtimeMs, ino } = await stat(realPath);
  const identity = textDigest(realPath, `${size} ${mtimeMs} ${ino}`).slice(0, 16);
  const memory = join(cache.root, "versions", identity);
  const remembered = await readFile(memory, "utf8").catch(() => "");
  if (parseVersion(remembered) !== undefined) return { version: remembered };
  const answer = await askVersion(realPath, env, signal);
  if ("version" in answer) await remember(memory, answer.version);
  return answer;
}

/** Asks a CLI for its version; a file that does not run or answers something else is a fault. */
export async function askVersion(
  pulumi: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const { code, stdout, timedOut } = await runTool(pulumi, ["version"], {
      cwd: tmpdir(),
      env: toolEnvironment(env, { PULUMI_SKIP_UPDATE_CHECK: "true", NO_COLOR: "1" }),
      signal,
      timeoutMilliseconds: answerWithinMilliseconds,
    });
    if (timedOut)
      return { fault: `\`pulumi version\` gave no answer within ${answerWithinMilliseconds / 1000} s` };
    if (code !== 0) return { fault: `it does not run here: \`pulumi version\` ended with exit code ${code}` };
    return { version: stdout.trim().replace(/^v/, "") };
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { fault: `it does not run here (${code})` };
  }
}

async function remember(file: string, version: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const next = `${file}.${process.pid}.next`;
    await writeFile(next, version);
    await rename(next, file);
  } catch {
    // A cache that cannot be written costs a CLI on PATH only the time to ask again.
  }
}
