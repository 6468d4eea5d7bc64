import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const webHttpsOnly = propertyRule({
  name: "web-https-only",
  topic: "web",
  displayName: "A site answers HTTPS only",
  description: "A site and its slots redirect HTTP to HTTPS.",
  severity: "high",
  ids: ["KIR-008", "KIR-037"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare httpsOnly: true on the site and on the slot.",
  types: [azure.site, azure.slot],
  properties: [{ path: "httpsOnly", expected: equals(true) }],
});
