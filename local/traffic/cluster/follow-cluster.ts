import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { ApiClient, ApiError } from "../../cluster/api-client";
import { readAccess } from "../../cluster/kubeconfig";
import { clusterFiles } from "../../cluster/paths";
import { type ClusterObjects, type CollectionName, collections } from "./cluster-objects";
import type { Namespaced } from "./objects";

const retryMilliseconds = 250;

interface FollowOptions {
  readonly stateDir: string;
  readonly objects: ClusterObjects;
  readonly signal: AbortSignal;
  readonly onChange: (name: CollectionName) => void;
  /** Told when there is a new client, after the API server was started anew. */
  readonly onClient: (api: ApiClient) => void;
}

/**
 * Keeps the objects as they are in the cluster, by list and watch. While the API server is away the last known ones
 * serve on, as a gateway's do.
 */
export async function followCluster(options: FollowOptions): Promise<void> {
  const { kubeconfig } = clusterFiles(options.stateDir);
  while (!options.signal.aborted) {
    const text = existsSync(kubeconfig) ? readFileSync(kubeconfig, "utf8") : undefined;
    if (text !== undefined) await followOne(options, kubeconfig, text);
    await wait(retryMilliseconds, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** Follows one start of the API server: the next one has other certificates. */
async function followOne(options: FollowOptions, kubeconfig: string, text: string): Promise<void> {
  const api = new ApiClient(readAccess(kubeconfig));
  const replaced = new AbortController();
  const signal = AbortSignal.any([options.signal, replaced.signal]);
  options.onClient(api);
  const names = Object.keys(collections) as CollectionName[];
  const follow = async (name: CollectionName) => {
    while (!signal.aborted) {
      await followOnce({ ...options, signal }, api, name);
      const now = existsSync(kubeconfig) ? readFileSync(kubeconfig, "utf8") : undefined;
      if (now !== text) replaced.abort();
      else await wait(retryMilliseconds, undefined, { signal }).catch(() => {});
    }
  };
  await Promise.all(names.map(follow));
  await api.close();
}

async function followOnce(
  { objects, signal, onChange }: FollowOptions,
  api: ApiClient,
  name: CollectionName,
) {
  try {
    await api.follow<Namespaced>(collections[name], signal, {
      listed: (list) => {
        objects.replace(name, list);
        onChange(name);
      },
      changed: (object) => {
        objects.put(name, object);
        onChange(name);
      },
      gone: (object) => {
        objects.remove(name, object);
        onChange(name);
      },
    });
  } catch (error) {
    // Where the definitions of the Gateway API are not installed yet there are no routes.
    const expected = error instanceof ApiError || error instanceof Error;
    if (!expected) throw error;
  }
}
