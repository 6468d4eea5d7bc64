import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const telemetryByIdentity = propertyRule({
  name: "telemetry-by-identity",
  topic: "monitoring",
  displayName: "Nobody can forge what the gates read",
  description: "Application Insights takes telemetry from identities only, not from whoever knows the key.",
  severity: "medium",
  ids: ["KIR-036", "KIR-035"],
  conflicts: [35],
  framework: benchmark("IM-1"),
  remediationSteps: "Declare disableLocalAuth: true, and give the app the role Monitoring Metrics Publisher.",
  types: [azure.applicationInsights],
  properties: [{ path: "disableLocalAuth", expected: equals(true) }],
});
