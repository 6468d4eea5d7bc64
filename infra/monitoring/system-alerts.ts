import type * as pulumi from "@pulumi/pulumi";
import type { MonitoringContract } from "../../runbooks/prometheus";
import { declareBudget } from "../azure/cost-budget";
import { localName, nameScopeOf } from "../naming";
import type { Placement } from "../placement";
import type { StackSettings } from "../settings";
import { AlertReceivers, type AlertReceiversArgs } from "./alert-receivers";
import { alertRuleGroups } from "./alert-rules";
import { PrometheusRuleGroups, type PrometheusRuleGroupsArgs } from "./prometheus-rule-groups";

export interface SystemAlertsArgs {
  /** Name of the system's component. */
  readonly name: string;
  readonly placement: Placement;
  readonly contract: Pick<MonitoringContract, "system" | "alerts" | "routing">;
  /** Begins the names of receivers in Azure. */
  readonly baseName: string;
  /** Shown in mails, at most 7 characters. */
  readonly shortName: string;
  readonly names: { readonly budget: string };
  readonly settings: StackSettings & {
    readonly own: {
      readonly alertEmails: readonly string[];
      readonly monthlyBudgetUsd: number;
      readonly budgetStartDate: string;
    };
  };
  /** Value of each secret that the routing names. */
  readonly values: AlertReceiversArgs["secrets"];
  readonly platform: Pick<
    PrometheusRuleGroupsArgs,
    "prometheusWorkspaceId" | "prometheusLocation" | "clusterName"
  > & {
    /** Log Analytics workspace of the relays' diagnostics. */
    readonly logWorkspaceId: string;
    readonly ready: { readonly monitoring: readonly pulumi.Resource[] };
  };
  readonly parent: pulumi.Resource;
  /** The system's resource group. */
  readonly group: pulumi.Resource;
}

/** Who hears of a system, the rules of its contract, and its budget, of which the receivers of `info` hear. */
export function declareSystemAlerts(args: SystemAlertsArgs): void {
  const { name, placement, contract, settings, platform, parent, group } = args;
  const { alertEmails: mailAddresses, monthlyBudgetUsd, budgetStartDate } = settings.own;
  const receivers = new AlertReceivers(
    `${name}-notify`,
    {
      ...placement,
      routing: contract.routing,
      nameOf: (kind, base) => localName(kind, `${args.baseName}-${base}`, nameScopeOf(settings)),
      shortName: args.shortName,
      workspaceId: platform.logWorkspaceId,
      secrets: args.values,
      mailAddresses,
    },
    { parent, dependsOn: [group, ...platform.ready.monitoring] },
  );
  new PrometheusRuleGroups(
    `${name}-rules`,
    {
      ...placement,
      groups: alertRuleGroups(contract),
      prometheusWorkspaceId: platform.prometheusWorkspaceId,
      prometheusLocation: platform.prometheusLocation,
      clusterName: platform.clusterName,
      actionGroupIds: receivers.actionGroupIds,
      after: [...receivers.actionGroups, ...platform.ready.monitoring],
    },
    { parent },
  );
  declareBudget(
    `${name}-budget`,
    {
      ...placement,
      budgetName: args.names.budget,
      monthlyUsd: monthlyBudgetUsd,
      startDate: budgetStartDate,
      mailAddresses,
      actionGroupId: receivers.actionGroupIds.info[0]!,
    },
    parent,
    [group, ...receivers.actionGroups],
  );
}
