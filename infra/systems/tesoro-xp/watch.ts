import type * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import { describeAlert } from "../../azure/alert-rules";
import { Alerts } from "../../azure/alerts";
import { declareBudget } from "../../azure/cost-budget";
import { Notifications } from "../../azure/notifications";
import { declareServiceHealthAlert } from "../../azure/service-health-alert";
import type { SlotApp } from "../../azure/slot-app";
import type { TesoroSettings } from "../../config/tesoro-settings";
import type { Placement } from "../../placement";
import type { SecretSource } from "../../secret-source";
import type { Foundation } from "./foundation";
import { azureHosts, type TesoroNames } from "./names";
import type { SecretValues } from "./secrets";

export interface WatchArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: TesoroNames;
  readonly own: TesoroSettings;
  readonly foundation: Foundation;
  readonly app: SlotApp;
  readonly source: SecretSource;
  readonly values: SecretValues;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** Action groups, every alert of the contract, Azure's own incidents, the budget. */
export function declareWatch(args: WatchArgs): void {
  const { name, placement, names, own, foundation, app, parent, group } = args;
  const { monitoring, database, live } = foundation;
  const notifications = new Notifications(
    `${name}-notify`,
    {
      ...placement,
      groupNames: names.actionGroups,
      shortName: "tesoro",
      relayName: names.slackRelay,
      workspaceId: monitoring.workspaceId,
      pagerDutyIntegrationKey: args.source.owned("pagerduty-integration-key", own.pagerDutyIntegrationKey),
      slackWebhook: args.values["slack-webhook-deployments"],
      mailAddresses: own.alertEmails,
    },
    { parent, dependsOn: [group, monitoring.workspace] },
  );
  const actionGroups = Object.values(notifications.groups);
  new Alerts(
    `${name}-alert`,
    {
      ...placement,
      alerts: contract.alerts,
      nameOf: names.alert,
      workspaceId: monitoring.workspaceId,
      componentId: monitoring.componentId,
      monitoring: [monitoring.workspace, monitoring.component],
      targets: {
        plan: { id: app.planId, resource: app.plan },
        webApp: { id: app.siteId, resource: app.site },
        sqlDatabase: { id: live.id, resource: database.database },
      },
      probes: { app: `https://${azureHosts(names).site}` },
      actionGroupIds: notifications.groupIds,
      actionGroups,
    },
    { parent },
  );
  const { serviceHealth } = contract;
  declareServiceHealthAlert(
    `${name}-service-health`,
    {
      ...placement,
      ruleName: names.serviceHealth,
      description: describeAlert(serviceHealth),
      actionGroupIds: serviceHealth.channels.map((channel) => notifications.groupIds[channel]),
    },
    parent,
    actionGroups,
  );
  declareBudget(
    `${name}-budget`,
    {
      ...placement,
      budgetName: names.budget,
      monthlyUsd: own.monthlyBudgetUsd,
      startDate: own.budgetStartDate,
      mailAddresses: own.alertEmails,
      actionGroupId: notifications.groupIds.mail,
    },
    parent,
    [group, notifications.groups.mail],
  );
}
