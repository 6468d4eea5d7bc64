import { blockedBy, enabledRulesOf, spellingsOf } from "../../azure/edge-firewall";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { clusterRule } from "../../kubernetes/cluster-rule";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

export const edgeBlockedPaths = clusterRule({
  name: "edge-blocked-paths",
  topic: "edge",
  displayName: "Metrics and internals answer nobody outside",
  description:
    "The firewall refuses the contract's internal paths in every spelling, and its administration to all but named addresses.",
  severity: "critical",
  ids: ["RET-094", "CAS-075", "STO-026", "STO-059"],
  conflicts: [59, 77],
  framework: benchmark("NS-6"),
  remediationSteps:
    "Declare the paths in the edge's blockedPaths, and administration in its restricted pathPrefixes.",
  judge({ blockedPaths, restrictedPaths }, view) {
    return judgeEach(
      view.ofType(azure.firewallPolicy),
      (policy) => policy.urn,
      (policy) => [
        ...blockedPaths.flatMap((path) => judgePath(policy, path, ["everybody"])),
        ...restrictedPaths.flatMap((path) => judgePath(policy, path, ["everybody", "outsiders"])),
      ],
    );
  },
});

function judgePath(policy: DeclaredResource, path: string, accepted: readonly string[]): readonly Finding[] {
  const rules = enabledRulesOf(policy);
  const open = spellingsOf(path).filter(
    (address) => !rules.some((rule) => accepted.includes(blockedBy(policy, rule, address) ?? "")),
  );
  if (open.length === 0) return [];
  const whom = accepted.includes("outsiders") ? "all but named addresses" : "everybody";
  return [violation(policy.urn, `customRules must refuse ${path} to ${whom} in every spelling`)];
}
