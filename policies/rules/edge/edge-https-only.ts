import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const edgeHttpsOnly = propertyRule({
  name: "edge-https-only",
  topic: "edge",
  displayName: "The edge answers and asks over HTTPS",
  description: "A route of the edge redirects HTTP to HTTPS and reaches its origin over HTTPS only.",
  severity: "high",
  ids: ["KIR-037", "KIR-092", "STO-017", "STO-048", "STO-057"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare httpsRedirect: Enabled and forwardingProtocol: HttpsOnly on the route.",
  types: [azure.edgeRoute],
  properties: [
    { path: "httpsRedirect", expected: equals("Enabled") },
    { path: "forwardingProtocol", expected: equals("HttpsOnly") },
  ],
});
