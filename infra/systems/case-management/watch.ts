import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { declareBudget } from "../../azure/cost-budget";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { AlertReceivers } from "../../monitoring/alert-receivers";
import { alertRuleGroups } from "../../monitoring/alert-rules";
import { PrometheusRuleGroups } from "../../monitoring/prometheus-rule-groups";
import { ScrapeMonitors } from "../../monitoring/scrape-monitors";
import { localName, nameScopeOf } from "../../naming";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { declareExporters } from "./exporters";
import type { Identities } from "./identities";
import type { CaseManagementNames } from "./names";
import type { SecretValues } from "./secrets";

export interface WatchArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: CaseManagementNames;
  readonly settings: SystemSettings<"case-management">;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly values: SecretValues;
  readonly identities: Identities;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Action groups, every alert of the contract, exporters and what is scraped, the budget. */
export function declareWatch(args: WatchArgs): void {
  const { name, placement, names, settings, platform, values, parent, group } = args;
  const receivers = new AlertReceivers(
    `${name}-notify`,
    {
      ...placement,
      routing: contract.routing,
      nameOf: (kind, base) => localName(kind, `case-${base}`, nameScopeOf(settings)),
      shortName: "cases",
      workspaceId: platform.logWorkspaceId,
      secrets: values,
      mailAddresses: settings.own.alertEmails,
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
  declareExporters(args);
  new ScrapeMonitors(
    `${name}-scrape`,
    {
      system: contract.system,
      environment: settings.stack.environment,
      namespace: contract.namespace.name,
      exporters: contract.metrics.exporters,
    },
    { ...args.onCluster, dependsOn: [args.namespace.namespace] },
  );
  declareBudget(
    `${name}-budget`,
    {
      ...placement,
      budgetName: names.budget,
      monthlyUsd: settings.own.monthlyBudgetUsd,
      startDate: settings.own.budgetStartDate,
      mailAddresses: settings.own.alertEmails,
      actionGroupId: receivers.actionGroupIds.info[0]!,
    },
    parent,
    [group, ...receivers.actionGroups],
  );
}
