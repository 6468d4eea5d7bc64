import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required, requiredText } from "../../read";
import { stackRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const applicationInsightsWorkspace = stackRule({
  name: "application-insights-workspace",
  topic: "monitoring",
  displayName: "Telemetry is kept in the workspace",
  description:
    "Application Insights is based on a Log Analytics workspace of the stack; the classic mode is retired.",
  severity: "high",
  ids: ["KIR-036", "TES-059"],
  framework: benchmark("LT-5"),
  remediationSteps: "Declare workspaceResourceId and ingestionMode: LogAnalytics on the component.",
  presence: azure.applicationInsights,
  evaluate(stack) {
    const components = stack.ofType(azure.applicationInsights);
    const workspaces = stack.ofType(azure.workspace);
    return judged(
      judgeEach(
        components,
        (component) => component.urn,
        (component) => {
          const findings: Finding[] = [];
          const mode = required(component, "ingestionMode");
          if (mode !== "LogAnalytics") {
            findings.push(
              violation(component.urn, `ingestionMode must be "LogAnalytics", found ${describe(mode)}`),
            );
          }
          const id = comparableId(requiredText(component, "workspaceResourceId"));
          if (!workspaces.some((workspace) => armIdOf(workspace) === id)) {
            findings.push(violation(component.urn, "workspaceResourceId names no workspace of the stack"));
          }
          return findings;
        },
      ),
    );
  },
});
