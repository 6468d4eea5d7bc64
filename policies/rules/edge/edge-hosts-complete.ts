import { azure } from "../../azure/types";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { requiredText } from "../../read";
import { violation } from "../../verdict";

export const edgeHostsComplete = clusterRule({
  name: "edge-hosts-complete",
  topic: "edge",
  displayName: "A system answers at the hosts of its runbook",
  description:
    "The edge has every host that the contract names for the environment, all below one domain, which is the owner's.",
  severity: "high",
  ids: ["RET-027", "RET-028", "RET-077"],
  conflicts: [21, 65],
  remediationSteps:
    "Declare a custom domain for each host of the contract, below the domain of the stack's settings.",
  judge({ hosts, placeholderDomain }, view) {
    const prefixes = hosts?.[view.environment];
    if (!prefixes) return [];
    const declared = view.ofType(azure.edgeDomain).map((domain) => requiredText(domain, "hostName"));
    const domains = declared.flatMap((host) =>
      prefixes.filter((prefix) => host.startsWith(prefix)).map((prefix) => host.slice(prefix.length)),
    );
    const domain = domains.find((candidate) =>
      prefixes.every((prefix) => declared.includes(`${prefix}${candidate}`)),
    );
    if (domain === undefined) {
      const says = prefixes.map((prefix) => `${prefix}<domain>`).join(", ");
      return [violation(view.urn, `the edge must have the hosts ${says} of one domain`)];
    }
    if (placeholderDomain === undefined || !`.${domain}`.endsWith(`.${placeholderDomain}`)) return [];
    return [violation(view.urn, `the domain of its hosts must be the owner's, found ${placeholderDomain}`)];
  },
});
