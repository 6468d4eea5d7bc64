import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repoRoot } from "../repo-root";
import { executablesOnPath } from "./path-cli";
import { runTool } from "./run-tool";
import { toolEnvironment } from "./tool-environment";
import { isAtLeast, parseVersion } from "./versions";

/** What there is of Go on this machine. */
export interface GoFound {
  readonly path?: string;
  readonly version?: string;
  readonly suitable: boolean;
  readonly reason: string;
}

const answerWithinMilliseconds = 10_000;

/** Folder of a Go module that pins sources. */
export function moduleFolder(module: string): string {
  return join(repoRoot(), "local/toolchain/modules", module);
}

/** The lowest Go that a module's go.mod allows, such as `1.25.8`. */
async function floorOf(module: string): Promise<string> {
  const text = await readFile(join(moduleFolder(module), "go.mod"), "utf8");
  const floor = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(text)?.[1];
  if (floor === undefined) throw new Error(`${moduleFolder(module)}/go.mod has no go line`);
  return floor;
}

/** The lowest Go with which everything can be built. */
export async function goFloor(): Promise<string> {
  const floors = await Promise.all((await readdir(moduleFolder("."))).map(floorOf));
  const known = floors.map((text) => ({ text, version: parseVersion(text)! }));
  return known.reduce((high, each) => (isAtLeast(each.version, high.version) ? each : high)).text;
}

/**
 * The first `go` on PATH, and whether it can build.
 * @param module the one to build; default whichever asks for the least, the CLI's
 */
export async function findGo(
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
  module = "pulumi",
): Promise<GoFound> {
  return goAtLeast(await floorOf(module), env, signal);
}

/** The first `go` on PATH, and whether it can build everything. */
export async function findGoForAll(env: NodeJS.ProcessEnv): Promise<GoFound> {
  return goAtLeast(await goFloor(), env);
}

async function goAtLeast(floor: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<GoFound> {
  const [path] = await executablesOnPath("go", env);
  if (path === undefined)
    return { suitable: false, reason: `there is no go on PATH (needed: ${floor} or later)` };
  let stdout = "";
  try {
    // Without a module around and with the local toolchain only: the question must not start a download.
    const options = { cwd: tmpdir(), env: toolEnvironment(env, { GOTOOLCHAIN: "local" }), signal };
    ({ stdout } = await runTool(path, ["env", "GOVERSION"], {
      ...options,
      timeoutMilliseconds: answerWithinMilliseconds,
    }));
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { path, suitable: false, reason: `${path} does not run here (${code})` };
  }
  const version = stdout.trim().replace(/^go/, "");
  const parsed = parseVersion(version);
  const wanted = parseVersion(floor);
  if (parsed === undefined || wanted === undefined) {
    return { path, suitable: false, reason: `${path} states no version ("${version}")` };
  }
  const found = { path, version };
  return isAtLeast(parsed, wanted)
    ? { ...found, suitable: true, reason: `${path} is ${version} (needed: ${floor} or later)` }
    : { ...found, suitable: false, reason: `${path} is ${version}, needed is ${floor} or later` };
}
