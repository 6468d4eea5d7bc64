import type { Pod, PodSpec } from "../../../../local/cluster/kubelet/pod";

/** A pod as the API server gives it, with what a test changes. */
export function pod(spec: Partial<PodSpec> = {}, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    metadata: { name: "p", namespace: "n", uid: "u", resourceVersion: "1", ...metadata },
    spec: {
      containers: [{ name: "c", image: "i", ports: [{ name: "http", containerPort: 8080 }] }],
      ...spec,
    },
  };
}
