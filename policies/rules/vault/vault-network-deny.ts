import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const vaultNetworkDeny = propertyRule({
  name: "vault-network-deny",
  topic: "vault",
  displayName: "A vault is closed to networks that are not named",
  description: "A key vault denies every network that its rules do not name.",
  severity: "high",
  ids: ["KIR-016", "KIR-031"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare properties.networkAcls.defaultAction as Deny, and name the subnets that may read.",
  types: [azure.vault],
  properties: [{ path: "properties.networkAcls.defaultAction", expected: equals("Deny") }],
});
