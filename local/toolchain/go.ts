import { readFile } from "node:fs/promises";
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

/** Folder of the Go module that pins the CLI's sources. */
export function pulumiModuleFolder(): string {
  return join(repoRoot(), "local/toolchain/modules/pulumi");
}

/** The lowest Go that the module's go.mod allows, such as `1.25.8`. */
export async function goFloor(): Promise<string> {
  const text = await readFile(join(pulumiModuleFolder(), "go.mod"), "utf8");
  const floor = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(text)?.[1];
  if (floor === undefined) throw new Error(`${pulumiModuleFolder()}/go.mod has no go line`);
  return floor;
}

/** The first `go` on PATH, and whether it can build the module. */
export async function findGo(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<GoFound> {
  const floor = await goFloor();
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
