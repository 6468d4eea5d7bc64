import { judgeIpRules } from "../../azure/network";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, required, requiredText } from "../../read";
import { resourceRule } from "../../rule";
import { judged, passed, violation } from "../../verdict";

export const cosmosNetworkRestricted = resourceRule({
  name: "cosmos-network-restricted",
  topic: "data",
  displayName: "Cosmos DB is not open to every network",
  description:
    "A Cosmos DB account is reached from named subnets only, or not over its public endpoint at all.",
  severity: "high",
  ids: ["KIR-008", "KIR-028"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare isVirtualNetworkFilterEnabled: true with virtualNetworkRules, or publicNetworkAccess: Disabled.",
  types: [azure.cosmosAccount],
  evaluate(account) {
    if (required(account, "publicNetworkAccess") === "Disabled") return passed;
    const findings = [];
    const filter = required(account, "isVirtualNetworkFilterEnabled");
    if (filter !== true) {
      findings.push(
        violation(account.urn, `isVirtualNetworkFilterEnabled must be true, found ${describe(filter)}`),
      );
    }
    const subnets = objectsAt(account, "virtualNetworkRules").map((rule) => requiredText(rule, "id"));
    if (subnets.length === 0) {
      findings.push(violation(account.urn, "virtualNetworkRules must name the subnets that may connect"));
    }
    findings.push(...judgeIpRules(account, "ipRules", "ipAddressOrRange"));
    return judged(findings);
  },
});
