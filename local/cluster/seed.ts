import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Progress, silentProgress } from "../progress";
import { textDigest } from "../toolchain/file-digest";
import { ToolCache } from "../toolchain/tool-cache";
import { startCluster, stopCluster } from "./daemon";
import type { ControlPlaneBinaries } from "./parts";
import { clusterFiles } from "./paths";

const keyPrefix = "cluster-seed-";
/** Raised when a seed is made in another way. */
const format = "1";

interface SeedOptions {
  readonly binaries: ControlPlaneBinaries;
  readonly customResources: string;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * First data of a cluster, with the definitions installed: they cost the server more than all the rest of its first
 * start, so that is done once for all state folders and kept in the cache of tools.
 *
 * @returns folder to copy from
 */
export async function ensureSeed(options: SeedOptions): Promise<string> {
  const { binaries, customResources, progress = silentProgress, signal, env = process.env } = options;
  const cache = new ToolCache(env);
  // The folders of these entries are named by what is in them.
  const made = [binaries.kubeApiserver, binaries.etcd, customResources].map((file) => dirname(file));
  const key = `${keyPrefix}${textDigest(format, ...made).slice(0, 16)}`;
  const there = await cache.find(key);
  if (there) return there.folder;
  return cache.locked("the first data of a cluster", { progress, signal }, async () => {
    const meanwhile = await cache.find(key);
    if (meanwhile) return meanwhile.folder;
    const entry = await progress.step("preparing the first data of a cluster", () =>
      cache.fill(async (folder) => {
        await grow(folder, { binaries, customResources, signal });
        const because = `made with ${basename(dirname(made[0]!))}`;
        return { key, facts: { version: format, origin: "assembly", because } };
      }),
    );
    await cache.dropSuperseded(keyPrefix, entry);
    return entry.folder;
  });
}

/**
 * Below the folder that is filled: should this process be killed, the next one that fills anything removes it, and the
 * cluster in it ends by itself.
 */
async function grow(
  folder: string,
  { binaries, customResources, signal }: Pick<SeedOptions, "binaries" | "customResources" | "signal">,
): Promise<void> {
  const stateDir = join(folder, "state");
  const files = clusterFiles(stateDir);
  try {
    await startCluster({ stateDir, binaries, customResources, signal, withoutKubelet: true });
    await stopCluster({ stateDir });
    await rename(files.etcdData, join(folder, basename(files.etcdData)));
    await rename(files.customResources, join(folder, basename(files.customResources)));
  } finally {
    await stopCluster({ stateDir });
    await rm(stateDir, { recursive: true, force: true });
  }
}
