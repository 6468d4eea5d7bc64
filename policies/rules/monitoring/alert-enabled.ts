import { azure } from "../../azure/types";
import { equals, propertyRule } from "../../property-rule";

export const alertEnabled = propertyRule({
  name: "alert-enabled",
  topic: "monitoring",
  displayName: "No alert is switched off",
  description: "Alert rules and action groups are enabled.",
  severity: "high",
  ids: ["KIR-041", "TES-027", "TES-103", "TES-110", "TES-111"],
  remediationSteps:
    "Declare enabled: true; silence an alert for a while with an alert processing rule instead.",
  types: [azure.metricAlert, azure.logAlert, azure.activityLogAlert, azure.actionGroup],
  properties: [{ path: "enabled", expected: equals(true) }],
});
