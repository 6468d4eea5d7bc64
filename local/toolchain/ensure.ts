import { type Progress, silentProgress } from "../progress";
import { UserError } from "../user-error";
import { buildCli, buildKey } from "./build-cli";
import type { CacheEntry } from "./cache-entry";
import { downloadCli, downloadKeyPrefix } from "./download-cli";
import type { FetchLimits } from "./fetch-file";
import { goFloor } from "./go";
import { equip, type LanguageHost } from "./language-host-choice";
import { type PathCli, pathClis } from "./path-cli";
import { pulumiVersion } from "./pulumi-release";
import { SourceUnavailable } from "./source-unavailable";
import { ToolCache } from "./tool-cache";

export type ToolchainSource = "path" | "cache" | "download" | "build";

/** Something that could have been used and was not. */
export interface PassedOver {
  readonly what: string;
  readonly reason: string;
}

/** The Pulumi CLI and language host to use. */
export interface Toolchain {
  /** Path of the CLI. */
  readonly pulumi: string;
  /** Folder to put in front of PATH: it holds `pulumi` and, where the CLI has none of its own, its language host. */
  readonly binDir: string;
  /** Version of the CLI, without a leading v. */
  readonly version: string;
  /** Where it came from this time; `cache` is what an earlier download or build has left. */
  readonly source: ToolchainSource;
  readonly reason: string;
  readonly languageHost: LanguageHost;
  readonly passedOver: readonly PassedOver[];
}

export interface EnsureToolchainOptions {
  readonly progress?: Progress;
  /** Ends a download or a build; nothing half-done stays. */
  readonly signal?: AbortSignal;
  /** Where PATH, the cache folder, proxies and Go's settings are read; default the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long a download may be silent; default 3 s until the first answer, 20 s later on. */
  readonly limits?: FetchLimits;
}

/**
 * Makes sure that there is a Pulumi CLI that can run this project: a suitable one on PATH, one in the cache, the
 * official download, or a build from the Go module, in this order.
 *
 * @throws UserError when there is none of these, or the cache cannot be written; the signal's reason after an abort.
 */
export async function ensureToolchain(options: EnsureToolchainOptions = {}): Promise<Toolchain> {
  const { progress = silentProgress, signal, env = process.env } = options;
  signal?.throwIfAborted();
  const cache = new ToolCache(env);
  const clis = await pathClis(env, cache, signal);
  const passedOver = clis.filter((cli) => !cli.suitable).map(describe);
  const fromPath = clis.find((cli) => cli.suitable);
  const chosen = fromPath
    ? {
        pulumi: fromPath.realPath,
        version: fromPath.version ?? "",
        source: "path" as const,
        reason: fromPath.reason,
      }
    : await fromCacheOrSource(cache, passedOver, { ...options, progress, env });
  const equipped = await equip(chosen.pulumi, chosen.version, { cache, env, progress, signal });
  return { ...chosen, ...equipped, passedOver };
}

export function describe(cli: PathCli): PassedOver {
  return { what: `${cli.path} on PATH`, reason: cli.reason };
}

interface ChosenCli {
  readonly pulumi: string;
  readonly version: string;
  readonly source: ToolchainSource;
  readonly reason: string;
}

/** A whole CLI in the cache: a download before a build. */
export async function cachedCli(cache: ToolCache): Promise<CacheEntry | undefined> {
  for (const key of [...(await cache.keys(downloadKeyPrefix)).reverse(), await buildKey()]) {
    const entry = await cache.find(key);
    if (entry) return entry;
  }
  return undefined;
}

type SourceOptions = EnsureToolchainOptions & {
  readonly progress: Progress;
  readonly env: NodeJS.ProcessEnv;
};

async function fromCacheOrSource(
  cache: ToolCache,
  passedOver: PassedOver[],
  options: SourceOptions,
): Promise<ChosenCli> {
  const cached = await cachedCli(cache);
  if (cached) return toChosen(cached, "cache");
  const { progress, signal, env } = options;
  return cache.locked("the Pulumi CLI", { progress, signal }, async (held) => {
    const meanwhile = await cachedCli(cache);
    if (meanwhile) return toChosen(meanwhile, "cache");
    const common = { env, signal, held };
    const downloaded = await attempt("official download", passedOver, () =>
      progress.step(`downloading the Pulumi CLI ${pulumiVersion}`, (report) =>
        cache.fill((folder) => downloadCli(folder, { ...common, report, limits: options.limits })),
      ),
    );
    if (downloaded) return toChosen(downloaded, "download");
    const because = passedOver.at(-1)?.reason ?? "";
    const built = await attempt("build from the Go module", passedOver, () =>
      progress.step(`building the Pulumi CLI ${pulumiVersion} with Go`, (report) =>
        cache.fill((folder) => buildCli(folder, { ...common, report, because })),
      ),
    );
    if (built) return toChosen(built, "build");
    throw await noWayOpen(passedOver);
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

function toChosen(entry: CacheEntry, source: ToolchainSource): ChosenCli {
  const { version, because } = entry.record;
  return { pulumi: `${entry.folder}/bin/pulumi`, version, source, reason: because };
}

async function noWayOpen(passedOver: readonly PassedOver[]): Promise<UserError> {
  const onPath = passedOver.some(({ what }) => what.endsWith("on PATH"));
  const lines = [...(onPath ? [] : [{ what: "pulumi on PATH", reason: "there is none" }]), ...passedOver].map(
    ({ what, reason }) => `  ${what}: ${reason}`,
  );
  return new UserError(
    `There is no Pulumi CLI ${pulumiVersion} or later, and none can be had:\n${lines.join("\n")}`,
    {
      mend: `Do one of these and run the same command again:
  - install the Pulumi CLI ${pulumiVersion} or later, so that \`pulumi\` is on PATH (https://www.pulumi.com/docs/install/)
  - let this machine reach https://get.pulumi.com, directly or by HTTPS_PROXY, or name a mirror with SWITCHYARD_PULUMI_DOWNLOAD_URL
  - install Go ${await goFloor()} or later (https://go.dev/dl/) on a machine that reaches a Go module proxy (\`go env GOPROXY\`)`,
    },
  );
}
