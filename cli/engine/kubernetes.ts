import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { clusterSystems } from "../../infra/config/system-names";
import { type ClusterEndpoint, startCluster } from "../../local/cluster/daemon";
import { hasClusterData } from "../../local/cluster/plant-seed";
import { installKubernetesProvider } from "../../local/cluster/provider-plugin";
import { ensureSeed } from "../../local/cluster/seed";
import { requireUserCluster, type UserClusterOptions } from "../../local/cluster/user-cluster";
import {
  type ClusterTools,
  ensureClusterTools,
  ensureKubernetesProvider,
  type KubernetesProviderTool,
} from "../../local/toolchain/ensure-cluster-tools";
import { ownKubeconfig, systemsOfStack } from "../stack-settings";
import type { Workspace } from "../workspace";
import { pulumiHome } from "./environment";
import { requireSameCluster } from "./own-cluster";
import type { PrepareOptions } from "./session";

/** Variables by which program, provider and kubectl find the cluster of dev. */
export interface KubernetesExports {
  readonly KUBECONFIG?: string;
  /** Version of a provider that was built; absent when it is the one that the SDK asks for by itself. */
  readonly SWITCHYARD_KUBERNETES_PROVIDER_VERSION?: string;
  /** Which cluster the user's own one is; absent for the local one. */
  readonly SWITCHYARD_CLUSTER_UID?: string;
}

/** What the dev stack runs on. */
export interface LocalKubernetes {
  readonly exports: KubernetesExports;
  /** Folder with `kubectl` alone, for the end of PATH: the user's own comes first. */
  readonly kubectlFolder: string;
  /** Absent when the user's own cluster is used. */
  readonly cluster?: ClusterEndpoint;
  /** How the user's own cluster is asked. */
  readonly own?: UserClusterOptions;
}

/** Whether a stack has anything on a cluster. */
export function usesKubernetes(workspace: Workspace, stack: string): boolean {
  return systemsOfStack(workspace, stack).some(
    (name) => name === "platform" || clusterSystems.includes(name),
  );
}

/** The provider for an offline preview, which contacts no cluster. */
export async function prepareProvider(options: PrepareOptions): Promise<KubernetesExports> {
  const { workspace, progress, signal, user = process.env } = options;
  return installed(workspace, await ensureKubernetesProvider({ progress, signal, env: user }));
}

/**
 * Tools, provider and cluster of the dev stack: the local one, or the user's own when `switchyard:kubeconfig` names it.
 *
 * @throws UserError when the cluster cannot be used
 */
export async function prepareKubernetes(
  options: PrepareOptions & { stack: string },
): Promise<LocalKubernetes> {
  const { workspace, progress, signal, stack, user = process.env } = options;
  const tools = await ensureClusterTools({ progress, signal, env: user });
  const exports = await installed(workspace, tools.provider);
  const kubectlFolder = await linkKubectl(workspace, tools);
  const kubeconfig = ownKubeconfig(workspace, stack, user);
  if (kubeconfig !== undefined) {
    const own = { kubeconfig, kubectl: join(kubectlFolder, "kubectl"), env: user, signal };
    const uid = await requireUserCluster(own);
    requireSameCluster(workspace, uid);
    return {
      exports: { ...exports, KUBECONFIG: kubeconfig, SWITCHYARD_CLUSTER_UID: uid },
      kubectlFolder,
      own,
    };
  }
  requireSameCluster(workspace);
  const cluster = await startLocalCluster(options, tools);
  return { exports: { ...exports, KUBECONFIG: cluster.kubeconfig }, kubectlFolder, cluster };
}

/** @param apiPort for a port that the user asks for */
export async function startLocalCluster(
  { workspace, progress, signal }: Pick<PrepareOptions, "workspace" | "progress" | "signal">,
  tools: ClusterTools,
  apiPort?: number,
): Promise<ClusterEndpoint> {
  const { stateDir } = workspace;
  const { etcd, kubeApiserver, kubeControllerManager } = tools.controlPlane;
  const input = {
    binaries: { etcd, kubeApiserver, kubeControllerManager },
    customResources: tools.customResources,
    progress,
    signal,
  };
  const seed = hasClusterData(stateDir) ? undefined : await ensureSeed(input);
  return startCluster({
    stateDir,
    ...input,
    ...(seed === undefined ? {} : { seed }),
    ...(apiPort === undefined ? {} : { apiPort }),
  });
}

async function installed(workspace: Workspace, provider: KubernetesProviderTool): Promise<KubernetesExports> {
  const { path, version, isOfSdk } = provider;
  await installKubernetesProvider({ pulumiHome: pulumiHome(workspace), path, version });
  return isOfSdk ? {} : { SWITCHYARD_KUBERNETES_PROVIDER_VERSION: version };
}

async function linkKubectl(workspace: Workspace, { binDir }: ClusterTools): Promise<string> {
  const folder = join(workspace.stateDir, "bin");
  const link = join(folder, "kubectl");
  const target = join(binDir, "kubectl");
  if ((await readlink(link).catch(() => undefined)) === target) return folder;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = `${link}.${process.pid}.next`;
  await rm(next, { force: true });
  await symlink(target, next);
  await rename(next, link);
  return folder;
}
