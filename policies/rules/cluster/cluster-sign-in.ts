import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const clusterSignIn = propertyRule({
  name: "cluster-sign-in",
  topic: "cluster",
  displayName: "People and pipelines sign in to the cluster by Entra",
  description:
    "An AKS cluster has no local accounts and no command through the portal; Azure roles decide who may do what.",
  severity: "critical",
  ids: ["STO-056", "RET-139"],
  framework: benchmark("IM-1"),
  remediationSteps:
    "Declare disableLocalAccounts, enableRBAC, aadProfile.managed, aadProfile.enableAzureRBAC and apiServerAccessProfile.disableRunCommand as true.",
  types: [azure.cluster],
  properties: [
    { path: "disableLocalAccounts", expected: equals(true) },
    { path: "enableRBAC", expected: equals(true) },
    { path: "aadProfile.managed", expected: equals(true) },
    { path: "aadProfile.enableAzureRBAC", expected: equals(true) },
    { path: "apiServerAccessProfile.disableRunCommand", expected: equals(true) },
  ],
});
