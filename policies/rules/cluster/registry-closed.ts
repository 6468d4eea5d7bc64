import { judgeIpRules } from "../../azure/network";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, optional, required } from "../../read";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

export const registryClosed = resourceRule({
  name: "registry-closed",
  topic: "cluster",
  displayName: "Images come from whom we let in, and go to whom we let in",
  description:
    "A container registry has no admin user and no anonymous pull, and denies networks that it does not name.",
  severity: "critical",
  ids: ["RET-050", "STO-056"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare adminUserEnabled: false, anonymousPullEnabled: false and networkRuleSet.defaultAction: Deny.",
  types: [azure.containerRegistry],
  evaluate(registry) {
    const closed = optional(registry, "publicNetworkAccess") === "Disabled";
    const wanted: readonly (readonly [string, unknown])[] = [
      ["adminUserEnabled", false],
      ["anonymousPullEnabled", false],
      ...(closed ? [] : [["networkRuleSet.defaultAction", "Deny"] as const]),
    ];
    const properties = judgeEach(
      wanted,
      () => registry.urn,
      ([path, value]) => {
        const found = required(registry, path);
        if (found === value) return [];
        return [
          violation(registry.urn, `${path} must be ${JSON.stringify(value)}, found ${describe(found)}`),
        ];
      },
    );
    return judged([...properties, ...judgeIpRules(registry, "networkRuleSet.ipRules", "iPAddressOrRange")]);
  },
});
