import { join } from "node:path";

/** Everything of the cluster lies below this folder; mode 0700. */
export function clusterFolder(stateDir: string): string {
  return join(stateDir, "cluster");
}

/** Where things are in the folder of a cluster. */
export function clusterFiles(stateDir: string) {
  const folder = clusterFolder(stateDir);
  const logs = join(stateDir, "logs");
  return {
    folder,
    /** Supervisor that was started last, alive or not. */
    endpoint: join(folder, "endpoint.json"),
    /** Processes that the supervisor has started. */
    parts: join(folder, "parts.json"),
    ports: join(folder, "ports.json"),
    certificates: join(folder, "certificates"),
    etcdData: join(folder, "etcd"),
    /** The user's: context `switchyard-dev`, mode 0600. */
    kubeconfig: join(folder, "kubeconfig"),
    /** Digest of the custom resource definitions that were installed. */
    customResources: join(folder, "custom-resources.json"),
    kubelet: join(folder, "kubelet.json"),
    podFaults: join(folder, "pod-faults.json"),
    logs,
    supervisorLog: join(logs, "cluster.log"),
    partLog: (name: string) => join(logs, `cluster-${name}.log`),
  };
}

export type ClusterFiles = ReturnType<typeof clusterFiles>;
