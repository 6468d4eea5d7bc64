import { enabledRulesOf, ruleName } from "../../azure/edge-firewall";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, optional, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const edgeFirewallOn = resourceRule({
  name: "edge-firewall-on",
  topic: "edge",
  displayName: "The firewall of the edge refuses attacks",
  description:
    "A firewall policy is on, prevents instead of only noting, looks into bodies, has Azure's default rules, and lets nothing past them.",
  severity: "critical",
  ids: ["RET-030", "RET-031", "STO-056", "STO-058"],
  framework: benchmark("NS-6"),
  remediationSteps:
    "Declare policySettings with mode Prevention and the managed rule set Microsoft_DefaultRuleSet with ruleSetAction Block.",
  types: [azure.firewallPolicy],
  evaluate: (policy) =>
    judged([
      ...judgeEach(
        [
          ["sku.name", "Premium_AzureFrontDoor"],
          ["policySettings.enabledState", "Enabled"],
          ["policySettings.mode", "Prevention"],
          ["policySettings.requestBodyCheck", "Enabled"],
        ] as const,
        () => policy.urn,
        ([path, wanted]) => {
          const found = required(policy, path);
          if (found === wanted) return [];
          return [violation(policy.urn, `${path} must be "${wanted}", found ${describe(found)}`)];
        },
      ),
      ...judgeEach(
        [judgeManagedRules, judgeExceptions],
        () => policy.urn,
        (judge) => judge(policy),
      ),
    ]),
});

function judgeManagedRules(policy: DeclaredResource): readonly Finding[] {
  const path = "managedRules.managedRuleSets";
  const index = objectsAt(policy, path).findIndex(
    ({ ruleSetType }) => ruleSetType === "Microsoft_DefaultRuleSet",
  );
  if (index < 0) return [violation(policy.urn, `${path} must hold Microsoft_DefaultRuleSet`)];
  const set = `${path}.${index}`;
  const findings: Finding[] = [];
  if (optional(policy, `${set}.ruleSetAction`) !== "Block")
    findings.push(violation(policy.urn, `${set}.ruleSetAction must be "Block"`));
  for (const group of objectsAt(policy, `${set}.ruleGroupOverrides`).keys()) {
    const overridden = objectsAt(policy, `${set}.ruleGroupOverrides.${group}.rules`);
    if (overridden.some(({ enabledState }) => enabledState !== "Enabled"))
      findings.push(violation(policy.urn, `${set}.ruleGroupOverrides.${group} must switch no rule off`));
  }
  return findings;
}

/** An `Allow` ends the evaluation: neither the managed rules nor the rate limit see the request. */
function judgeExceptions(policy: DeclaredResource): readonly Finding[] {
  return enabledRulesOf(policy)
    .filter((rule) => optional(policy, `${rule}.action`) === "Allow")
    .map((rule) => violation(policy.urn, `${rule} (${ruleName(policy, rule)}) must not allow`));
}
