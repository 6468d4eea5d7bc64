import { PrometheusRuleGroup } from "@pulumi/azure-native/alertsmanagement/prometheusRuleGroup";
import * as pulumi from "@pulumi/pulumi";
import type { AlertSeverity } from "../../runbooks/prometheus";
import { isoMinutes } from "../azure/alert-rules";
import { childOf } from "../azure/component";
import type { Placement } from "../placement";
import type { AlertRule, AlertRuleGroup } from "./alert-rules";

/** Azure Monitor's numbers for the words. 1 ("error") has no counterpart. */
export const azureSeverities = { critical: 0, warning: 2, info: 3 } as const satisfies Record<
  AlertSeverity,
  number
>;

/** An alert whose condition has not held for this long is resolved. */
const resolveAfterMinutes = 10;

export interface PrometheusRuleGroupsArgs extends Omit<Placement, "location"> {
  readonly groups: readonly AlertRuleGroup[];
  /** ARM id of the Azure Monitor workspace that holds the series. */
  readonly prometheusWorkspaceId: string;
  /** Region of that workspace: a rule group must be in it. */
  readonly prometheusLocation: string;
  /** Value of the label `cluster`: rules see no other cluster's series. */
  readonly clusterName: string;
  /** ARM ids of the action groups that hear of each severity. */
  readonly actionGroupIds: Readonly<Record<AlertSeverity, readonly string[]>>;
  /** What must exist first. */
  readonly after: readonly pulumi.Resource[];
}

/** A system's alerts in Azure Monitor's managed Prometheus. */
export class PrometheusRuleGroups extends pulumi.ComponentResource {
  constructor(name: string, args: PrometheusRuleGroupsArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:monitoring:PrometheusRuleGroups", name, {}, options);
    for (const group of args.groups) {
      new PrometheusRuleGroup(
        `${name}-${group.name}`,
        {
          resourceGroupName: args.resourceGroupName,
          location: args.prometheusLocation,
          ruleGroupName: group.name,
          description: group.description,
          enabled: true,
          interval: isoMinutes(group.intervalMinutes),
          scopes: [args.prometheusWorkspaceId],
          clusterName: args.clusterName,
          rules: group.rules.map((rule) => azureRule(rule, args)),
          tags: args.tags,
        },
        childOf(this, args.after),
      );
    }
    this.registerOutputs({});
  }
}

function azureRule(
  rule: AlertRule,
  { actionGroupIds, tags: { environment } }: Pick<PrometheusRuleGroupsArgs, "actionGroupIds" | "tags">,
) {
  return {
    alert: rule.alert,
    expression: rule.expression,
    for: rule.forMinutes === 0 ? "PT0M" : isoMinutes(rule.forMinutes),
    enabled: true,
    severity: azureSeverities[rule.severity],
    // Beside the contract's: a subscription may hold staging and production, whose rules have the same names.
    labels: { ...rule.labels, ...(environment !== undefined && { environment }) },
    annotations: rule.annotations,
    actions:
      rule.delivery === "silent"
        ? []
        : actionGroupIds[rule.severity].map((actionGroupId) => ({ actionGroupId })),
    resolveConfiguration: { autoResolved: true, timeToResolve: isoMinutes(resolveAfterMinutes) },
  };
}
