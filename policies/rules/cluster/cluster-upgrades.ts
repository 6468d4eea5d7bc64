import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { oneOf, propertyRule } from "../../property-rule";

export const clusterUpgrades = propertyRule({
  name: "cluster-upgrades",
  topic: "cluster",
  displayName: "The cluster and its nodes are patched",
  description: "An AKS cluster takes patches of its version and new images of its nodes by itself.",
  severity: "high",
  ids: [],
  framework: benchmark("PV-6"),
  remediationSteps:
    "Declare autoUpgradeProfile.upgradeChannel: patch and nodeOSUpgradeChannel: NodeImage, with maintenance windows.",
  types: [azure.cluster],
  properties: [
    { path: "autoUpgradeProfile.upgradeChannel", expected: oneOf("patch", "stable") },
    { path: "autoUpgradeProfile.nodeOSUpgradeChannel", expected: oneOf("NodeImage", "SecurityPatch") },
  ],
});
