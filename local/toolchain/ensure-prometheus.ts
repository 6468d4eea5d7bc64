import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EnsureToolOptions, ensureTool, type PassedOver, type ToolSource } from "./ensure-tool";
import { executablesOnPath } from "./path-cli";
import { runTool } from "./run-tool";
import { ToolCache } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";
import { prometheus } from "./tools/prometheus";
import { isAtLeast, parseVersion } from "./versions";

export interface PrometheusTool {
  /** Path of the executable. */
  readonly path: string;
  readonly version: string;
  readonly source: ToolSource | "path";
}

/** A Prometheus on PATH that is taken, and what was looked at before it. */
interface PathPrometheus {
  readonly found?: { readonly path: string; readonly version: string };
  readonly passedOver: readonly PassedOver[];
}

/** The first with HTTP configuration, credentials of scrapes and native reload as they are used here. */
const floor = parseVersion("2.40.0")!;
const answerWithinMilliseconds = 10_000;

/**
 * Prometheus: on PATH, from the cache, published, or built, in this order. No part of `npm start`: it is asked for
 * when something is to be scraped.
 *
 * @throws UserError when there is none and none can be had
 */
export async function ensurePrometheus(options: EnsureToolOptions = {}): Promise<PrometheusTool> {
  const { env = process.env, signal } = options;
  const cache = options.cache ?? new ToolCache(env);
  const { found, passedOver } = await prometheusOnPath(env, cache, signal);
  if (found) return { ...found, source: "path" };
  const { entry, source } = await ensureTool(prometheus, { ...options, cache }, [...passedOver]);
  return { path: join(entry.folder, "bin", "prometheus"), version: entry.record.version, source };
}

/** Looks at each `prometheus` on PATH, in order, up to the first suitable one. */
export async function prometheusOnPath(
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
  signal?: AbortSignal,
): Promise<PathPrometheus> {
  const passedOver: PassedOver[] = [];
  for (const path of await executablesOnPath("prometheus", env, cache.root)) {
    const version = await versionOf(path, env, signal);
    if (version !== undefined && isAtLeast(parseVersion(version)!, floor)) {
      return { found: { path, version }, passedOver };
    }
    passedOver.push({
      what: `${path} on PATH`,
      reason: version === undefined ? "it does not say its version" : `${version} is older than 2.40`,
    });
  }
  return { passedOver };
}

async function versionOf(
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await runTool(path, ["--version"], {
    cwd: tmpdir(),
    env: toolEnvironment(env),
    signal,
    timeoutMilliseconds: answerWithinMilliseconds,
  });
  return code === 0 ? /^prometheus, version (\d+\.\d+\.\d+)/m.exec(`${stdout}${stderr}`)?.[1] : undefined;
}
