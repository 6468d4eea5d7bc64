import { kubernetes } from "../../kubernetes/types";
import { listAt, objectsAt, optional, requiredText } from "../../read";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const routeBounded = resourceRule({
  name: "route-bounded",
  topic: "kubernetes",
  displayName: "A route takes requests for its own hosts, over HTTPS",
  description:
    "An HTTPRoute names its hosts, none with a wildcard, hangs on the gateway's HTTPS listener and sends everything to Services of its own namespace.",
  severity: "high",
  ids: ["RET-031", "RET-063", "STO-048", "STO-056", "CAS-023"],
  remediationSteps:
    "Declare hostnames, parentRefs with sectionName https, and backendRefs of kind Service without a namespace.",
  types: [kubernetes.httpRoute],
  evaluate(route) {
    const findings: Finding[] = [];
    const hosts = listAt(route, "spec.hostnames");
    if (hosts.length === 0)
      findings.push(
        violation(route.urn, "spec.hostnames must name at least one: without, every host is taken"),
      );
    for (const [index, host] of hosts.entries()) {
      if (String(host).includes("*"))
        findings.push(violation(route.urn, `spec.hostnames.${index} must hold no wildcard`));
    }
    if (objectsAt(route, "spec.parentRefs").length === 0)
      findings.push(violation(route.urn, "spec.parentRefs must name the gateway"));
    for (const index of objectsAt(route, "spec.parentRefs").keys()) {
      const path = `spec.parentRefs.${index}`;
      if (requiredText(route, `${path}.sectionName`) !== "https")
        findings.push(violation(route.urn, `${path}.sectionName must be "https"`));
    }
    for (const rule of objectsAt(route, "spec.rules").keys()) {
      for (const backend of objectsAt(route, `spec.rules.${rule}.backendRefs`).keys()) {
        const path = `spec.rules.${rule}.backendRefs.${backend}`;
        if ((optional(route, `${path}.kind`) ?? "Service") !== "Service")
          findings.push(violation(route.urn, `${path}.kind must be "Service"`));
        if (optional(route, `${path}.namespace`) !== undefined)
          findings.push(violation(route.urn, `${path}.namespace must not be set: it is another system's`));
      }
    }
    return judged(findings);
  },
});
