import { azure } from "../../azure/types";
import { equals, propertyRule } from "../../property-rule";

export const webHttp2 = propertyRule({
  name: "web-http2",
  topic: "web",
  displayName: "A site speaks HTTP/2",
  description: "A site and its slots answer HTTP/2, which the runbook's probe expects.",
  severity: "medium",
  ids: ["KIR-037"],
  remediationSteps: "Declare siteConfig.http20Enabled: true on the site and on the slot.",
  types: [azure.site, azure.slot],
  properties: [{ path: "siteConfig.http20Enabled", expected: equals(true) }],
});
