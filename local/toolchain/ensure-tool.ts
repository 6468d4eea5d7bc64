import { type Progress, silentProgress } from "../progress";
import { UserError } from "../user-error";
import type { CacheEntry } from "./cache-entry";
import type { FetchLimits } from "./fetch-file";
import { goFloor } from "./go";
import { SourceUnavailable } from "./source-unavailable";
import type { Tool } from "./tool";
import { ToolCache } from "./tool-cache";

export type ToolSource = "cache" | "download" | "build";

/** Something that could have been used and was not. */
export interface PassedOver {
  readonly what: string;
  readonly reason: string;
}

export interface EnsureToolOptions {
  readonly progress?: Progress;
  /** Ends a download or a build; nothing half-done stays. */
  readonly signal?: AbortSignal;
  /** Where PATH, the cache folder, proxies and Go's settings are read; default the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long a download may be silent; default 3 s until the first answer, 20 s later on. */
  readonly limits?: FetchLimits;
  readonly cache?: ToolCache;
}

export interface EnsuredTool {
  readonly entry: CacheEntry;
  /** Where it came from this time; `cache` is what an earlier download or build has left. */
  readonly source: ToolSource;
}

/** A whole entry in the cache: a download before a build. */
export async function cachedTool(tool: Tool, cache: ToolCache): Promise<CacheEntry | undefined> {
  for (const key of [...(await cache.keys(tool.downloadKeyPrefix)).reverse(), await tool.buildKey()]) {
    const entry = await cache.find(key);
    if (entry) return entry;
  }
  return undefined;
}

/**
 * The tool from the cache, as the published thing, or built from its sources, in this order.
 *
 * @param passedOver what was looked at before; each way that is not open is added
 * @throws UserError when there is none of these, or the cache cannot be written; the signal's reason after an abort.
 */
export async function ensureTool(
  tool: Tool,
  options: EnsureToolOptions = {},
  passedOver: PassedOver[] = [],
): Promise<EnsuredTool> {
  const { progress = silentProgress, signal, env = process.env, limits } = options;
  const cache = options.cache ?? new ToolCache(env);
  const cached = await cachedTool(tool, cache);
  if (cached) return { entry: cached, source: "cache" };
  const { name, version, builtVersion = version } = tool;
  return cache.locked(name, { progress, signal }, async (held) => {
    const meanwhile = await cachedTool(tool, cache);
    if (meanwhile) return { entry: meanwhile, source: "cache" };
    const filled = async (entry: CacheEntry, source: ToolSource) => {
      await cache.dropSuperseded(tool.keyPrefix, entry);
      return { entry, source };
    };
    const common = { env, signal, held };
    const downloaded = await attempt("official download", passedOver, () =>
      progress.step(`downloading ${name} ${version}`, (report) =>
        cache.fill((folder) => tool.download(folder, { ...common, report, limits })),
      ),
    );
    if (downloaded) return filled(downloaded, "download");
    const because = passedOver.at(-1)?.reason ?? "";
    const built = await attempt("build from the Go module", passedOver, () =>
      progress.step(`building ${name} ${builtVersion} with Go`, (report) =>
        cache.fill((folder) => tool.build(folder, { ...common, report, because })),
      ),
    );
    if (built) return filled(built, "build");
    throw await noWayOpen(tool, passedOver);
  });
}

async function attempt(
  what: string,
  passedOver: PassedOver[],
  work: () => Promise<CacheEntry>,
): Promise<CacheEntry | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SourceUnavailable)) throw error;
    passedOver.push({ what, reason: error.message });
    return undefined;
  }
}

async function noWayOpen(tool: Tool, passedOver: readonly PassedOver[]): Promise<UserError> {
  const { missing, mends, onPath } = tool;
  const looked = onPath === undefined || passedOver.some(({ what }) => what.endsWith("on PATH"));
  const nonePath = looked ? [] : [{ what: `${onPath} on PATH`, reason: "there is none" }];
  const lines = [...nonePath, ...passedOver].map(({ what, reason }) => `  ${what}: ${reason}`);
  const ways = [
    ...mends,
    `install Go ${await goFloor()} or later (https://go.dev/dl/) on a machine that reaches a Go module proxy (\`go env GOPROXY\`)`,
  ];
  return new UserError(`There is no ${missing}, and none can be had:\n${lines.join("\n")}`, {
    mend: `Do one of these and run the same command again:\n${ways.map((way) => `  - ${way}`).join("\n")}`,
  });
}
