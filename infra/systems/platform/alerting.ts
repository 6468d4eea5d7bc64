import type * as pulumi from "@pulumi/pulumi";
import { declareBudget } from "../../azure/cost-budget";
import { Notifications } from "../../azure/notifications";
import type { Placement } from "../../placement";
import type { PlatformNames } from "./names";
import { declareWatch, type WatchArgs } from "./watch";

/** How alerts reach people; both are secrets. */
export interface AlertSecrets {
  readonly pagerDutyIntegrationKey: pulumi.Output<string>;
  readonly slackWebhook: pulumi.Output<string>;
}

export interface AlertingArgs extends Placement, AlertSecrets {
  readonly names: PlatformNames;
  readonly mailAddresses: readonly string[];
  readonly monthlyBudgetUsd: number;
  readonly budgetStartDate: string;
  readonly workspaceId: string;
  readonly targets: WatchArgs["targets"];
}

/** Action groups, the rules on cluster and edge, the budget. */
export function declareAlerting(
  name: string,
  args: AlertingArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  const { names } = args;
  const notifications = new Notifications(
    `${name}-notify`,
    { ...args, groupNames: names.actionGroups, shortName: "cluster", relayName: names.slackRelay },
    { parent, dependsOn: [...dependsOn] },
  );
  declareWatch(
    name,
    {
      ...args,
      nameOf: names.alert,
      actionGroupIds: notifications.groupIds,
      actionGroups: Object.values(notifications.groups),
    },
    parent,
  );
  declareBudget(
    `${name}-budget`,
    {
      ...args,
      budgetName: names.budget,
      monthlyUsd: args.monthlyBudgetUsd,
      startDate: args.budgetStartDate,
      actionGroupId: notifications.groupIds.mail,
    },
    parent,
    [...dependsOn, notifications.groups.mail],
  );
}
