import { join } from "node:path";
import { sideBySide } from "../side-by-side";
import { type EnsureToolOptions, ensureTool, type ToolSource } from "./ensure-tool";
import { ToolCache } from "./tool-cache";
import { controlPlane } from "./tools/control-plane";
import { customResources, definitionsFile } from "./tools/custom-resources";
import { kubernetesProvider, kubernetesSdkVersion } from "./tools/kubernetes-provider";

/** What a stack with Kubernetes needs on this machine besides the Pulumi CLI. */
export interface ClusterTools {
  readonly provider: KubernetesProviderTool;
  readonly controlPlane: {
    readonly etcd: string;
    readonly kubeApiserver: string;
    readonly kubeControllerManager: string;
    readonly version: string;
    readonly source: ToolSource;
  };
  /** Folder that holds `kubectl` and the servers. */
  readonly binDir: string;
  /** JSON array of custom resource definitions. */
  readonly customResources: string;
}

export interface KubernetesProviderTool {
  /** Path of the executable. */
  readonly path: string;
  readonly version: string;
  readonly source: ToolSource;
  /** Whether it is of the version that the SDK was made for; one that was built is older. */
  readonly isOfSdk: boolean;
}

/** The Kubernetes provider of Pulumi: from the cache, published, or built. */
export async function ensureKubernetesProvider(
  options: EnsureToolOptions = {},
): Promise<KubernetesProviderTool> {
  const { entry, source } = await ensureTool(kubernetesProvider, options);
  const { version } = entry.record;
  const path = join(entry.folder, "pulumi-resource-kubernetes");
  return { path, version, source, isOfSdk: version === kubernetesSdkVersion() };
}

/**
 * Provider, control plane and definitions: from the cache, published, or built. All at once: a build waits for its
 * modules first and for one linker at last, while the others keep the cores busy.
 */
export async function ensureClusterTools(options: EnsureToolOptions = {}): Promise<ClusterTools> {
  const cache = options.cache ?? new ToolCache(options.env ?? process.env);
  const [plane, provider, definitions] = await sideBySide(
    options.signal,
    (signal) => ensureTool(controlPlane, { ...options, cache, signal }),
    (signal) => ensureKubernetesProvider({ ...options, cache, signal }),
    (signal) => ensureTool(customResources, { ...options, cache, signal }),
  );
  const binDir = join(plane.entry.folder, "bin");
  return {
    provider,
    controlPlane: {
      etcd: join(binDir, "etcd"),
      kubeApiserver: join(binDir, "kube-apiserver"),
      kubeControllerManager: join(binDir, "kube-controller-manager"),
      version: plane.entry.record.version,
      source: plane.source,
    },
    binDir,
    customResources: join(definitions.entry.folder, definitionsFile),
  };
}
