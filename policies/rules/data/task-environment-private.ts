import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, matching, propertyRule } from "../../property-rule";

export const taskEnvironmentPrivate = propertyRule({
  name: "task-environment-private",
  topic: "data",
  displayName: "Jobs on data run in a network of the system's own",
  description:
    "An environment of Azure Container Apps lies in a subnet, has no address outside it, and sends its logs by diagnostic setting.",
  severity: "high",
  ids: ["TES-004", "TES-051", "TES-052"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare vnetConfiguration with infrastructureSubnetId and internal, publicNetworkAccess Disabled, and azure-monitor as destination of its logs.",
  types: [azure.taskEnvironment],
  properties: [
    {
      path: "vnetConfiguration.infrastructureSubnetId",
      expected: matching(/\/subnets\/[^/]+$/i, "the id of a subnet"),
    },
    { path: "vnetConfiguration.internal", expected: equals(true) },
    { path: "publicNetworkAccess", expected: equals("Disabled") },
    { path: "appLogsConfiguration.destination", expected: equals("azure-monitor") },
  ],
});
