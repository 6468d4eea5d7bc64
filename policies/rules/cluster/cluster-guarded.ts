import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const clusterGuarded = propertyRule({
  name: "cluster-guarded",
  topic: "cluster",
  displayName: "Attacks inside the cluster are noticed",
  description: "An AKS cluster has Defender's sensors, Azure Policy and logs of its containers.",
  severity: "high",
  ids: ["STO-061", "STO-062", "STO-063", "STO-064"],
  framework: benchmark("LT-1"),
  remediationSteps:
    "Enable securityProfile.defender.securityMonitoring and the add-ons azurepolicy and omsagent.",
  types: [azure.cluster],
  properties: [
    { path: "securityProfile.defender.securityMonitoring.enabled", expected: equals(true) },
    { path: "addonProfiles.azurepolicy.enabled", expected: equals(true) },
    { path: "addonProfiles.omsagent.enabled", expected: equals(true) },
  ],
});
