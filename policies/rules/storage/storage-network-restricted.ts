import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const storageNetworkRestricted = propertyRule({
  name: "storage-network-restricted",
  topic: "storage",
  displayName: "Storage is closed to networks that are not named",
  description: "A storage account denies every network that its rules do not name.",
  severity: "high",
  ids: ["KIR-016", "KIR-034"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare networkRuleSet.defaultAction as Deny, and name the subnets that may connect.",
  types: [azure.storageAccount],
  properties: [{ path: "networkRuleSet.defaultAction", expected: equals("Deny") }],
});
