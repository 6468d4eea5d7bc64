import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials";
import { Provider, type ProviderArgs } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../runbooks/model";
import { kubeconfigPath } from "./kubeconfig-path";
import { localContext } from "./local-context";

/** The cluster of a stack: who makes objects on it, and how a track finds it. */
export interface Cluster {
  readonly provider: Provider;
  /** Part of a track's target. */
  readonly choice: { readonly context?: string } | { readonly clusterId: string };
  /** Whether pods are emulated and must say what they answer. */
  readonly emulated: boolean;
  /** Whether Azure's load balancers and Private Link services stand behind its Services. */
  readonly onAzure: boolean;
}

export interface ClusterArgs {
  readonly environment: Environment;
  /** Whether the stack is on the embedded local cloud, whose cluster has no containers. */
  readonly localCloud: boolean;
  /** Path of the developer's own kubeconfig, dev only: its current context. @default - `KUBECONFIG`, context `switchyard-dev` */
  readonly kubeconfigPath?: string | undefined;
  /** The AKS cluster. Outside dev its kubeconfig is asked for; it signs in as whoever runs the program. */
  readonly aks: AksCluster;
}

export interface AksCluster {
  /** ARM id. */
  readonly id: string;
  readonly resourceGroupName: string;
  readonly name: string;
  /** What must exist before the kubeconfig is asked for. */
  readonly dependsOn?: pulumi.Resource;
}

/**
 * The one Kubernetes provider of a stack. `clusterIdentifier` is what decides whether everything on the cluster would
 * be made anew: addresses and certificates of the same cluster change.
 */
export function clusterOf(
  name: string,
  { environment, localCloud, kubeconfigPath: setting, aks }: ClusterArgs,
  parent: pulumi.Resource,
): Cluster {
  const local = environment === "dev";
  const own = local && setting !== undefined ? kubeconfigPath(setting) : undefined;
  // Both are set by the command line: for an offline preview, and when the provider was built from source, whose
  // version is then not the SDK's.
  const offline = process.env.SWITCHYARD_OFFLINE_STACK === pulumi.getStack();
  const builtVersion = process.env.SWITCHYARD_KUBERNETES_PROVIDER_VERSION;
  const args: ProviderArgs = {
    enableServerSideApply: true,
    // A colour's ConfigMap changes with its release key, and so with its pods: made anew it would be missing meanwhile.
    enableConfigMapMutable: true,
    clusterIdentifier: own ? identityOf(own, localCloud) : local ? localContext : aks.id,
    ...(offline
      ? { renderYamlToDirectory: offlineFolder }
      : local
        ? own
          ? { kubeconfig: own }
          : { context: localContext, ...inKubeconfigOfEnvironment }
        : { kubeconfig: userKubeconfig(aks) }),
  };
  return {
    provider: new Provider(name, args, { parent, ...(builtVersion && { version: builtVersion }) }),
    choice: own ? {} : local ? { context: localContext } : { clusterId: aks.id },
    emulated: local && localCloud && own === undefined,
    onAzure: !localCloud,
  };
}

/**
 * Which of a developer's clusters it is. The command line asks the cluster, and refuses another one than the stack stands
 * on; a stack whose cloud is Azure is not brought up by it, and has no more than the file's name.
 */
function identityOf(path: string, localCloud: boolean): string {
  if (!localCloud) return path;
  const identity = process.env.SWITCHYARD_CLUSTER_UID;
  if (identity) return identity;
  throw new pulumi.RunError(
    `switchyard:kubeconfig is ${path}, and nothing says which cluster that is: eval "$(npx switchyard env)"`,
  );
}

/**
 * The provider finds the cluster in `KUBECONFIG` by itself. Named as an input, as the SDK does with that variable when
 * nothing is given, the file would be copied into the folder for temporary files, key included, and be left there.
 */
const inKubeconfigOfEnvironment = { kubeconfig: "" } as const;

/** Nothing is written there: a preview renders nothing. It keeps the provider from looking for a cluster. */
const offlineFolder = ".switchyard/offline-manifests";

/**
 * Kubeconfig that holds address and certificate of the cluster and runs `kubelogin` for a token: local accounts are
 * disabled, so it lets nobody in by itself. Secret all the same, so that no state shows where the cluster is.
 */
function userKubeconfig({ resourceGroupName, name, dependsOn }: AksCluster): pulumi.Output<string> {
  const credentials = listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: name, format: "exec" },
    dependsOn ? { dependsOn: [dependsOn] } : {},
  );
  return pulumi.secret(
    credentials.apply(({ kubeconfigs }) => {
      const [first] = kubeconfigs;
      if (!first) throw new Error(`AKS cluster ${name} gave no kubeconfig for users`);
      return Buffer.from(first.value, "base64").toString("utf8");
    }),
  );
}
