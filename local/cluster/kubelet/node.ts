/** Name of the cluster's one node. */
export const nodeName = "switchyard-local";

/** Labels of the node: what a nodeSelector can ask for here. AKS sets the same on a Linux user pool. */
export const nodeLabels: Readonly<Record<string, string>> = {
  "kubernetes.io/hostname": nodeName,
  "kubernetes.io/os": "linux",
  "kubernetes.io/arch": process.arch === "x64" ? "amd64" : process.arch,
  "kubernetes.azure.com/mode": "user",
  "topology.kubernetes.io/region": "local",
  "topology.kubernetes.io/zone": "local-1",
};

/** As a Node of the API; large enough that nothing is ever short of room: the emulation takes none. */
export function nodeObject(): Record<string, unknown> {
  return { apiVersion: "v1", kind: "Node", metadata: { name: nodeName, labels: nodeLabels } };
}

/** Status that says that the node is ready. */
export function nodeStatus(now: Date): Record<string, unknown> {
  const room = { cpu: "256", memory: "1Ti", pods: "1000", "ephemeral-storage": "1Ti" };
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  return {
    capacity: room,
    allocatable: room,
    addresses: [{ type: "Hostname", address: nodeName }],
    nodeInfo: {
      architecture: nodeLabels["kubernetes.io/arch"],
      operatingSystem: "linux",
      kubeletVersion: "v1.35.4-switchyard",
      kubeProxyVersion: "",
      containerRuntimeVersion: "switchyard://1",
      osImage: "emulated by switchyard: no containers run here",
      kernelVersion: "",
      machineID: "",
      systemUUID: "",
      bootID: "",
    },
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", time),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", time),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", time),
      condition("Ready", "True", "KubeletReady", time),
    ],
  };
}

function condition(type: string, status: string, reason: string, time: string): Record<string, string> {
  return { type, status, reason, message: "", lastHeartbeatTime: time, lastTransitionTime: time };
}
