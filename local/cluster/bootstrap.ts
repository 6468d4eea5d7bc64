import type { ApiClient } from "./api-client";

const rbac = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
const kubeletUser = "system:node:switchyard-local";

/** What the emulated kubelet may do beyond a node: it also binds pods and provides volumes, as others do elsewhere. */
const kubeletRole = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "switchyard:kubelet" },
  rules: [
    { apiGroups: [""], resources: ["nodes", "nodes/status"], verbs: ["create", "get", "patch", "update"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
    { apiGroups: [""], resources: ["pods/binding"], verbs: ["create"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["patch", "update"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["create", "get", "list", "delete"] },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
    {
      apiGroups: ["coordination.k8s.io"],
      resources: ["leases"],
      verbs: ["create", "get", "patch", "update"],
    },
  ],
};

/** Rights that the cluster's own parts need and that Kubernetes does not give by itself. */
export async function grantRights(api: ApiClient): Promise<void> {
  const { name } = kubeletRole.metadata;
  await api.apply(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`, kubeletRole);
  await api.apply(`${rbac}/${name}`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: kubeletUser }],
  });
}
