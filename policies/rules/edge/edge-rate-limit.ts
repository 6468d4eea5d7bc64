import { enabledRulesOf, matches, namesAddresses, spellingsOf } from "../../azure/edge-firewall";
import { admitsEverybody } from "../../azure/network";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { listAt, objectsAt, optional, requiredNumber } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

export const edgeRateLimit = clusterRule({
  name: "edge-rate-limit",
  topic: "edge",
  displayName: "One address cannot ask for everything",
  description:
    "The firewall of every system refuses an address after the contract's requests a minute, of the API where the contract says so; only named ranges are not counted.",
  severity: "high",
  ids: ["STO-018", "STO-051", "STO-058", "RET-024", "RET-030"],
  conflicts: [55],
  framework: benchmark("NS-6"),
  remediationSteps:
    "Declare a RateLimitRule with action Block, rateLimitDurationInMinutes 1 and the contract's rateLimitThreshold.",
  judge({ requestsPerMinutePerAddress, countedPaths }, view) {
    const policies = view.ofType(azure.firewallPolicy);
    if (policies.length === 0) return [violation(view.urn, "no firewall policy is declared")];
    return judgeEach(
      policies,
      (policy) => policy.urn,
      (policy) => judgePolicy(policy, requestsPerMinutePerAddress, countedPaths),
    );
  },
});

function judgePolicy(
  policy: DeclaredResource,
  most: number,
  countedPaths: readonly string[] | undefined,
): readonly Finding[] {
  const limits = enabledRulesOf(policy).filter(
    (rule) =>
      optional(policy, `${rule}.ruleType`) === "RateLimitRule" &&
      optional(policy, `${rule}.action`) === "Block",
  );
  if (limits.length === 0) return [violation(policy.urn, "customRules.rules must hold a RateLimitRule")];
  const [limit] = limits as [string];
  const findings: Finding[] = [];
  const perMinute =
    requiredNumber(policy, `${limit}.rateLimitThreshold`) /
    requiredNumber(policy, `${limit}.rateLimitDurationInMinutes`);
  if (perMinute > most)
    findings.push(
      violation(policy.urn, `${limit} must refuse after ${most} requests a minute, not ${perMinute}`),
    );
  for (const index of objectsAt(policy, `${limit}.matchConditions`).keys())
    findings.push(...judgeCondition(policy, `${limit}.matchConditions.${index}`, countedPaths));
  return findings;
}

/** The rule counts everybody, or everybody but named ranges; of the contract's paths whatever is asked for. */
function judgeCondition(
  policy: DeclaredResource,
  condition: string,
  countedPaths: readonly string[] | undefined,
): readonly Finding[] {
  if (!namesAddresses(policy, condition)) {
    if (countedPaths === undefined)
      return [
        violation(policy.urn, `${condition} must compare addresses: requests beside it are not counted`),
      ];
    return countedPaths
      .filter((path) => !spellingsOf(path).every((address) => matches(policy, condition, address)))
      .map((path) => violation(policy.urn, `${condition} must count ${path} in every spelling`));
  }
  const ranges = listAt(policy, `${condition}.matchValue`).map(String);
  if (optional(policy, `${condition}.negateCondition`) === true) {
    return ranges
      .filter((range) => admitsEverybody(range))
      .map(() => violation(policy.urn, `${condition}.matchValue must hold no range of everybody`));
  }
  const everybody = ["0.0.0.0/0", "::/0"].every((range) => ranges.includes(range));
  return everybody ? [] : [violation(policy.urn, `${condition}.matchValue must be every address`)];
}
