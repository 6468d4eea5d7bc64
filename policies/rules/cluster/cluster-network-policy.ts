import { azure } from "../../azure/types";
import { kubernetesBenchmark } from "../../frameworks";
import { oneOf, propertyRule } from "../../property-rule";

export const clusterNetworkPolicy = propertyRule({
  name: "cluster-network-policy",
  topic: "cluster",
  displayName: "The cluster enforces network policies",
  description:
    "An AKS cluster has a network plug-in that carries network policies out: without, they are text.",
  severity: "critical",
  ids: ["STO-056", "RET-094"],
  framework: kubernetesBenchmark("5.3.1"),
  remediationSteps: "Declare networkProfile.networkPlugin: azure and networkProfile.networkPolicy: cilium.",
  types: [azure.cluster],
  properties: [
    { path: "networkProfile.networkPlugin", expected: oneOf("azure") },
    { path: "networkProfile.networkPolicy", expected: oneOf("cilium", "azure", "calico") },
  ],
});
