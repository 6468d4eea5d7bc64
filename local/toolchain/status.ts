import { stat } from "node:fs/promises";
import { cachedCli, describe, type PassedOver, type ToolchainSource } from "./ensure";
import { findGo, type GoFound } from "./go";
import { assembledHost, assemblyKey, bundledHost, type LanguageHost } from "./language-host-choice";
import { pathClis } from "./path-cli";
import { officialRelease, pulumiVersion } from "./pulumi-release";
import { ToolCache } from "./tool-cache";

/** What a command would use now, and why. */
export interface ToolchainStatus {
  /** The CLI in use; undefined when the next command has to get one first. */
  readonly pulumi: {
    readonly path: string;
    readonly version: string;
    readonly source: ToolchainSource;
    readonly reason: string;
  } | null;
  readonly languageHost: LanguageHost | null;
  /** The lowest version of the CLI that is accepted. */
  readonly floor: string;
  /** What was looked at and not taken. */
  readonly passedOver: readonly PassedOver[];
  /** What the next command would do when there is no CLI yet. */
  readonly next: string | null;
  readonly cache: { readonly folder: string; readonly bytes: number };
  readonly go: GoFound;
  readonly node: { readonly path: string; readonly version: string };
}

/** Looks only: nothing is downloaded, built or assembled. */
export async function toolchainStatus(env: NodeJS.ProcessEnv = process.env): Promise<ToolchainStatus> {
  const cache = new ToolCache(env);
  const [clis, go, bytes] = await Promise.all([pathClis(env, cache), findGo(env), cache.size()]);
  const fromPath = clis.find((cli) => cli.suitable);
  const cached = fromPath ? undefined : await cachedCli(cache);
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
  const url = officialRelease(env)?.archiveUrl;
  const next = [
    ...(url === undefined ? [] : [`download ${url}`]),
    ...(go.suitable ? [`build with ${go.path} ${go.version}`] : []),
  ].join(", or else ");
  return {
    // An assembled CLI is the same file in another folder.
    pulumi: chosen && { ...chosen, path: host?.pulumi ?? chosen.path },
    languageHost: host?.languageHost ?? null,
    floor: pulumiVersion,
    passedOver: clis.filter((cli) => !cli.suitable).map(describe),
    next: chosen ? null : next || "refuse: there is no way to get one here",
    cache: { folder: cache.root, bytes },
    go,
    node: { path: process.execPath, version: process.version },
  };
}

async function hostOf(pulumi: string, env: NodeJS.ProcessEnv, cache: ToolCache) {
  const bundled = await bundledHost(pulumi, env, cache);
  if (bundled) return { pulumi, languageHost: bundled };
  const assembled = assembledHost(cache.entryFolder(await assemblyKey(pulumi)));
  const there = await stat(assembled.languageHost.path).then(
    () => true,
    () => false,
  );
  return there ? assembled : { pulumi, languageHost: assembled.languageHost };
}
