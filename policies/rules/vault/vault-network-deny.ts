import { judgeFirewall } from "../../azure/network";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { resourceRule } from "../../rule";
import { judged } from "../../verdict";

export const vaultNetworkDeny = resourceRule({
  name: "vault-network-deny",
  topic: "vault",
  displayName: "A vault is closed to networks that are not named",
  description: "A key vault denies every network that its rules do not name.",
  severity: "high",
  ids: ["KIR-016", "KIR-031", "TES-004", "STO-056"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare properties.networkAcls.defaultAction as Deny, and name the subnets that may read.",
  types: [azure.vault],
  evaluate: (vault) => judged(judgeFirewall(vault, "properties.networkAcls", "value")),
});
