import { stat } from "node:fs/promises";
import { describe, type ToolchainSource } from "./ensure";
import { prometheusOnPath } from "./ensure-prometheus";
import { cachedTool, type PassedOver } from "./ensure-tool";
import { findGoForAll, type GoFound } from "./go";
import { assembledHost, assemblyKey, bundledHost, type LanguageHost } from "./language-host-choice";
import { pathClis } from "./path-cli";
import { pulumiVersion } from "./pulumi-release";
import type { Tool } from "./tool";
import { ToolCache } from "./tool-cache";
import { controlPlane } from "./tools/control-plane";
import { customResources } from "./tools/custom-resources";
import { kubernetesProvider } from "./tools/kubernetes-provider";
import { prometheus } from "./tools/prometheus";
import { pulumiCli } from "./tools/pulumi-cli";

/** What a command would use now, and why. */
export interface ToolchainStatus {
  /** The CLI in use; undefined when the next command has to get one first. */
  readonly pulumi: {
    readonly path: string;
    readonly version: string;
    readonly source: ToolchainSource;
    readonly reason: string;
  } | null;
  readonly languageHost:
    | (Omit<LanguageHost, "path"> & {
        /** Null while the next command that needs it has yet to put it beside the CLI. */
        readonly path: string | null;
      })
    | null;
  /** The lowest version of the CLI that is accepted. */
  readonly floor: string;
  /** The tools of the local cluster. */
  readonly cluster: readonly ToolStatus[];
  /** What a release on dev measures with, where its gates ask Prometheus. */
  readonly prometheus: ToolStatus;
  /** What was looked at and not taken. */
  readonly passedOver: readonly PassedOver[];
  /** What the next command would do when there is no CLI yet. */
  readonly next: string | null;
  readonly cache: { readonly folder: string; readonly bytes: number };
  readonly go: GoFound;
  readonly node: { readonly path: string; readonly version: string };
}

/** One tool that is downloaded or built. */
export interface ToolStatus {
  readonly name: string;
  /** Null when the next command that needs it has to get it first. */
  readonly found: { readonly path: string; readonly version: string; readonly reason: string } | null;
  readonly next: string | null;
}

const clusterTools: readonly Tool[] = [kubernetesProvider, controlPlane, customResources];

/** Looks only: nothing is downloaded, built or assembled. */
export async function toolchainStatus(env: NodeJS.ProcessEnv = process.env): Promise<ToolchainStatus> {
  const cache = new ToolCache(env);
  const [clis, go, bytes, measuring] = await Promise.all([
    pathClis(env, cache),
    findGoForAll(env),
    cache.size(),
    prometheusOnPath(env, cache),
  ]);
  const fromPath = clis.find((cli) => cli.suitable);
  const cached = fromPath ? undefined : await cachedTool(pulumiCli, cache);
  const chosen = fromPath
    ? {
        path: fromPath.realPath,
        version: fromPath.version ?? "",
        source: "path" as const,
        reason: fromPath.reason,
      }
    : cached
      ? {
          path: `${cached.folder}/bin/pulumi`,
          version: cached.record.version,
          source: "cache" as const,
          reason: cached.record.because,
        }
      : null;
  const host = chosen && (await hostOf(chosen.path, env, cache));
  return {
    // An assembled CLI is the same file in another folder.
    pulumi: chosen && { ...chosen, path: host?.pulumi ?? chosen.path },
    languageHost: host?.languageHost ?? null,
    floor: pulumiVersion,
    cluster: await Promise.all(clusterTools.map((tool) => statusOf(tool, cache, go, env))),
    prometheus: measuring.found
      ? {
          name: prometheus.name,
          found: { ...measuring.found, reason: "the first on PATH that is recent enough" },
          next: null,
        }
      : await statusOf(prometheus, cache, go, env),
    passedOver: [...clis.filter((cli) => !cli.suitable).map(describe), ...measuring.passedOver],
    next: chosen ? null : nextOf(pulumiCli, go, env),
    cache: { folder: cache.root, bytes },
    go,
    node: { path: process.execPath, version: process.version },
  };
}

async function statusOf(
  tool: Tool,
  cache: ToolCache,
  go: GoFound,
  env: NodeJS.ProcessEnv,
): Promise<ToolStatus> {
  const name = tool.name.replace(/^the /, "");
  const entry = await cachedTool(tool, cache);
  if (entry === undefined) return { name, found: null, next: nextOf(tool, go, env) };
  const { version, because } = entry.record;
  return { name, found: { path: entry.folder, version, reason: because }, next: null };
}

function nextOf(tool: Tool, go: GoFound, env: NodeJS.ProcessEnv): string {
  const url = tool.downloadUrl(env);
  const ways = [
    ...(url === undefined ? [] : [`download ${url}`]),
    ...(go.suitable ? [`build with ${go.path} ${go.version}`] : []),
  ];
  return ways.join(", or else ") || "refuse: there is no way to get one here";
}

async function hostOf(
  pulumi: string,
  env: NodeJS.ProcessEnv,
  cache: ToolCache,
): Promise<{ readonly pulumi: string; readonly languageHost: ToolchainStatus["languageHost"] }> {
  const bundled = await bundledHost(pulumi, env, cache);
  if (bundled) return { pulumi, languageHost: bundled };
  const assembled = assembledHost(cache.entryFolder(await assemblyKey(pulumi)));
  const there = await stat(assembled.languageHost.path).then(
    () => true,
    () => false,
  );
  if (there) return assembled;
  return { pulumi, languageHost: { ...assembled.languageHost, path: null } };
}
