import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { listAt, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { type Finding, violation } from "../../verdict";

export const edgeFirewallBound = clusterRule({
  name: "edge-firewall-bound",
  topic: "edge",
  displayName: "No host of the edge is without the firewall",
  description: "Every host and endpoint of a system is bound to the system's own firewall, for all paths.",
  severity: "critical",
  ids: ["RET-030", "RET-031", "STO-056", "STO-058"],
  framework: benchmark("NS-6"),
  remediationSteps: "Declare a SecurityPolicy whose association lists the endpoint and every custom domain.",
  judge(_system, view) {
    const guarded = [...view.ofType(azure.edgeDomain), ...view.ofType(azure.edgeEndpoint)];
    if (guarded.length === 0) return [violation(view.urn, "no host of the edge is declared")];
    return judgeEach(
      guarded,
      (domain) => domain.urn,
      (domain) => judgeDomain(view, domain),
    );
  },
});

function judgeDomain(view: SystemView, domain: DeclaredResource): readonly Finding[] {
  const id = armIdOf(domain);
  const firewalls = view.ofType(azure.firewallPolicy).map(armIdOf);
  const bound = view.ofType(azure.edgeSecurity).some((security) => {
    required(security, "parameters");
    return (
      firewalls.includes(comparableId(requiredText(security, "parameters.wafPolicy.id"))) &&
      objectsAt(security, "parameters.associations").some(
        (_association, index) =>
          listAt(security, `parameters.associations.${index}.patternsToMatch`).includes("/*") &&
          objectsAt(security, `parameters.associations.${index}.domains`).some(
            (_domain, at) =>
              comparableId(requiredText(security, `parameters.associations.${index}.domains.${at}.id`)) ===
              id,
          ),
      )
    );
  });
  return bound ? [] : [violation(domain.urn, "no security policy binds it to the system's firewall for /*")];
}
