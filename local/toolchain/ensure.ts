import { silentProgress } from "../progress";
import { type EnsureToolOptions, ensureTool, type PassedOver, type ToolSource } from "./ensure-tool";
import { equip, type LanguageHost } from "./language-host-choice";
import { type PathCli, pathClis } from "./path-cli";
import { ToolCache } from "./tool-cache";
import { pulumiCli } from "./tools/pulumi-cli";

export type { PassedOver } from "./ensure-tool";
export type ToolchainSource = "path" | ToolSource;
export type EnsureToolchainOptions = EnsureToolOptions;

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
    : await fromCacheOrSource(passedOver, { ...options, env, cache });
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

async function fromCacheOrSource(passedOver: PassedOver[], options: EnsureToolOptions): Promise<ChosenCli> {
  const { entry, source } = await ensureTool(pulumiCli, options, passedOver);
  const { version, because } = entry.record;
  return { pulumi: `${entry.folder}/bin/pulumi`, version, source, reason: because };
}
