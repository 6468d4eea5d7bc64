import type { ApiResource } from "../../local/cluster/user-cluster-room";

/** Namespaces that each system makes. A test holds them to what the program declares. */
export const namespacesOfSystems: Readonly<Record<string, readonly string[]>> = {
  platform: ["platform", "observability"],
  "kirana-store": ["kirana-store"],
  "retail-agentic": ["retail-agentic"],
  "case-management": ["case-management"],
};

const inGroup = (group: string, ...resources: readonly string[]): readonly ApiResource[] =>
  resources.map((resource) => ({ group, resource }));

/** Kinds that no API server knows by itself. */
export const definitionsNeeded: readonly ApiResource[] = [
  ...inGroup("gateway.networking.k8s.io", "gateways", "httproutes"),
  ...inGroup("azmonitoring.coreos.com", "podmonitors"),
  ...inGroup("secrets-store.csi.x-k8s.io", "secretproviderclasses"),
];

/** Every kind that the program declares; a test holds them to it. */
export const resourcesNeeded: readonly ApiResource[] = [
  ...inGroup("", "configmaps", "limitranges", "namespaces", "resourcequotas", "serviceaccounts", "services"),
  ...inGroup("apps", "deployments", "statefulsets"),
  ...inGroup("autoscaling", "horizontalpodautoscalers"),
  ...inGroup("batch", "cronjobs"),
  ...inGroup("networking.k8s.io", "networkpolicies"),
  ...inGroup("policy", "poddisruptionbudgets"),
  ...definitionsNeeded,
];
