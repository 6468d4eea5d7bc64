import { judgeFirewall } from "../../azure/network";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { resourceRule } from "../../rule";
import { judged } from "../../verdict";

export const storageNetworkRestricted = resourceRule({
  name: "storage-network-restricted",
  topic: "storage",
  displayName: "Storage is closed to networks that are not named",
  description: "A storage account denies every network that its rules do not name.",
  severity: "high",
  ids: ["KIR-016", "KIR-034", "STO-056"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare networkRuleSet.defaultAction as Deny, and name the subnets that may connect.",
  types: [azure.storageAccount],
  evaluate: (account) => judged(judgeFirewall(account, "networkRuleSet", "iPAddressOrRange")),
});
