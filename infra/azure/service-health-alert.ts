import { ActivityLogAlert } from "@pulumi/azure-native/monitor/activityLogAlert";
import type * as pulumi from "@pulumi/pulumi";
import { subscriptionScope } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface ServiceHealthAlertArgs extends Placement {
  readonly ruleName: string;
  readonly description: string;
  readonly actionGroupIds: readonly string[];
}

/** Tells of incidents that Azure reports for services in the subscription. */
export function declareServiceHealthAlert(
  name: string,
  args: ServiceHealthAlertArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  new ActivityLogAlert(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      location: "Global",
      activityLogAlertName: args.ruleName,
      description: args.description,
      enabled: true,
      scopes: [subscriptionScope(args.subscriptionId)],
      condition: {
        allOf: [
          { field: "category", equals: "ServiceHealth" },
          { field: "properties.incidentType", equals: "Incident" },
        ],
      },
      actions: { actionGroups: args.actionGroupIds.map((actionGroupId) => ({ actionGroupId })) },
      tags: args.tags,
    },
    childOf(parent, dependsOn),
  );
}
