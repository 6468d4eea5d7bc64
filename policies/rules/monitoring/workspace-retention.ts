import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { atLeast, propertyRule } from "../../property-rule";
import { contractOf } from "../../resource";

export const workspaceRetention = propertyRule({
  name: "workspace-retention",
  topic: "monitoring",
  displayName: "Logs are kept as long as backups",
  description: "A Log Analytics workspace keeps its data at least as long as the contract says.",
  severity: "medium",
  ids: ["KIR-036", "STO-062"],
  conflicts: [18],
  framework: benchmark("LT-6"),
  remediationSteps: "Declare retentionInDays on the workspace.",
  types: [azure.workspace],
  properties: (workspace) => [
    { path: "retentionInDays", expected: atLeast(contractOf(workspace).retentionDays) },
  ],
});
