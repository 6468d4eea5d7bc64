import { enabledRulesOf, ruleName } from "../../azure/edge-firewall";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, optional, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const managedSets = "managedRules.managedRuleSets";

/** Actions of a managed rule by which an attack ends, at once or by its score. */
const refusing: ReadonlySet<unknown> = new Set(["Block", "AnomalyScoring"]);

export const edgeFirewallOn = resourceRule({
  name: "edge-firewall-on",
  topic: "edge",
  displayName: "The firewall of the edge refuses attacks",
  description:
    "A firewall policy is on, prevents instead of only noting, looks into bodies, has Azure's default rules, and lets nothing past them: no rule is off or only notes, nothing is excluded.",
  severity: "critical",
  ids: ["RET-030", "RET-031", "STO-056", "STO-058"],
  framework: benchmark("NS-6"),
  remediationSteps:
    "Declare policySettings with mode Prevention and the managed rule set Microsoft_DefaultRuleSet with ruleSetAction Block, without exclusions.",
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
  const sets = objectsAt(policy, managedSets);
  const standard = sets.findIndex(({ ruleSetType }) => ruleSetType === "Microsoft_DefaultRuleSet");
  if (standard < 0) return [violation(policy.urn, `${managedSets} must hold Microsoft_DefaultRuleSet`)];
  const action = `${managedSets}.${standard}.ruleSetAction`;
  return [
    ...(optional(policy, action) === "Block" ? [] : [violation(policy.urn, `${action} must be "Block"`)]),
    ...[...sets.keys()].flatMap((index) => judgeSet(policy, `${managedSets}.${index}`)),
  ];
}

/** What a set spares, as a whole, in a group of rules and in a rule; and what is said of a rule in place of Azure's word. */
function judgeSet(policy: DeclaredResource, set: string): readonly Finding[] {
  const groups = pathsIn(policy, `${set}.ruleGroupOverrides`);
  const rules = groups.flatMap((group) => pathsIn(policy, `${group}.rules`));
  return [
    ...[set, ...groups, ...rules].flatMap((holder) =>
      objectsAt(policy, `${holder}.exclusions`).length === 0
        ? []
        : [violation(policy.urn, `${holder}.exclusions must be empty: what they name is not looked at`)],
    ),
    ...rules.flatMap((rule) => judgeOverride(policy, rule)),
  ];
}

function judgeOverride(policy: DeclaredResource, rule: string): readonly Finding[] {
  const findings: Finding[] = [];
  // Azure's default for an override that does not say is Disabled.
  if (optional(policy, `${rule}.enabledState`) !== "Enabled")
    findings.push(violation(policy.urn, `${rule} must not switch the rule off`));
  const action = optional(policy, `${rule}.action`);
  if (action !== undefined && !refusing.has(action))
    findings.push(
      violation(
        policy.urn,
        `${rule}.action must be ${[...refusing].map((each) => `"${each}"`).join(" or ")}, found ${describe(action)}`,
      ),
    );
  return findings;
}

function pathsIn(policy: DeclaredResource, list: string): readonly string[] {
  return objectsAt(policy, list).map((_item, index) => `${list}.${index}`);
}

/** An `Allow` ends the evaluation: neither the managed rules nor the rate limit see the request. */
function judgeExceptions(policy: DeclaredResource): readonly Finding[] {
  return enabledRulesOf(policy)
    .filter((rule) => optional(policy, `${rule}.action`) === "Allow")
    .map((rule) => violation(policy.urn, `${rule} (${ruleName(policy, rule)}) must not allow`));
}
