import { Chart } from "@pulumi/kubernetes/helm/v4/chart";
import { Provider } from "@pulumi/kubernetes/provider";
import { ConfigGroup } from "@pulumi/kubernetes/yaml/v2/configGroup";
import * as pulumi from "@pulumi/pulumi";

// Components that the Kubernetes provider itself carries out: it reads manifests and registers what stands in them.
const provider = new Provider(
  "cluster",
  { context: "switchyard-dev" },
  { version: process.env.SWITCHYARD_KUBERNETES_PROVIDER_VERSION },
);
const manifests = new ConfigGroup(
  "manifests",
  {
    yaml: `
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: listed, namespace: default }, data: { a: "1" } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: hidden, namespace: default }, stringData: { key: not-for-the-state } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader, namespace: default }
rules: [{ apiGroups: [""], resources: [configmaps], verbs: [get] }]
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: own, namespace: default, annotations: { pulumi.com/skipAwait: "true" } }
spec: { selfSigned: {} }
`,
  },
  { providers: [provider] },
);
new Chart(
  "chart",
  { chart: new pulumi.Config("test").require("chart"), namespace: "default", values: { said: "by a value" } },
  { providers: [provider] },
);

export const resources = manifests.resources;
