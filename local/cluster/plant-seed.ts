import { existsSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { clusterFiles } from "./paths";

export function hasClusterData(stateDir: string): boolean {
  return existsSync(join(clusterFiles(stateDir).etcdData, "member"));
}

/** Gives a state folder without data that of the seed. */
export async function plantSeed(seed: string, stateDir: string): Promise<void> {
  const files = clusterFiles(stateDir);
  const next = `${files.etcdData}.next`;
  await rm(next, { recursive: true, force: true });
  await cp(join(seed, basename(files.etcdData)), next, { recursive: true });
  await cp(join(seed, basename(files.customResources)), files.customResources);
  await rm(files.etcdData, { recursive: true, force: true });
  await rename(next, files.etcdData);
}
