import { benchmark } from "../../frameworks";
import { kubernetes } from "../../kubernetes/types";
import { describe, listAt, optional, required } from "../../read";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const serviceInternal = resourceRule({
  name: "service-internal",
  topic: "kubernetes",
  displayName: "No Service is reached from outside the cluster",
  description: "A Service has an address inside the cluster only: the gateway is the one way in.",
  severity: "critical",
  ids: ["STO-056", "STO-057", "STO-069", "RET-031"],
  framework: benchmark("NS-2"),
  remediationSteps: "Declare type: ClusterIP, without externalIPs and externalName, and route a host to it.",
  types: [kubernetes.service],
  evaluate(service) {
    const findings: Finding[] = [];
    // The default is ClusterIP too; only a headless Service, which has no address at all, may leave it at that.
    const type =
      optional(service, "spec.clusterIP") === "None"
        ? (optional(service, "spec.type") ?? "ClusterIP")
        : required(service, "spec.type");
    if (type !== "ClusterIP")
      findings.push(violation(service.urn, `spec.type must be "ClusterIP", found ${describe(type)}`));
    if (listAt(service, "spec.externalIPs").length > 0)
      findings.push(violation(service.urn, "spec.externalIPs must be empty"));
    if (optional(service, "spec.externalName") !== undefined)
      findings.push(violation(service.urn, "spec.externalName must not be set"));
    return judged(findings);
  },
});
