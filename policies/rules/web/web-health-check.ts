import { appFactsOf } from "../../app-systems";
import { azure } from "../../azure/types";
import { oneOf, propertyRule } from "../../property-rule";

export const webHealthCheck = propertyRule({
  name: "web-health-check",
  topic: "web",
  displayName: "Instances that fail their health check leave the rotation",
  description:
    "A site and its slots name the contract's health path, so that an unhealthy instance gets no requests.",
  severity: "high",
  ids: ["KIR-001", "KIR-075", "KIR-152", "TES-040", "TES-044", "TES-056", "TES-112"],
  conflicts: [24, 42],
  remediationSteps:
    "Declare siteConfig.healthCheckPath as the contract's healthPath on the site and on the slot.",
  types: [azure.site, azure.slot],
  properties: (site) => [
    { path: "siteConfig.healthCheckPath", expected: oneOf(...appFactsOf(site).healthPaths) },
  ],
});
