import { MetricAlert } from "@pulumi/azure-native/monitor/metricAlert";
import type * as pulumi from "@pulumi/pulumi";
import type { NotificationChannel } from "../../../runbooks/model";
import { isoMinutes } from "../../azure/alert-rules";
import { childOf } from "../../azure/component";
import type { Placement } from "../../placement";

/** A rule on a metric that Azure itself takes of the cluster or of the edge. */
interface PlatformAlert {
  readonly name: string;
  readonly description: string;
  readonly target: "cluster" | "edge";
  readonly metric: string;
  readonly aggregation: "Average" | "Total" | "Maximum";
  readonly operator: "GreaterThan" | "LessThan";
  readonly threshold: number;
  readonly windowMinutes: number;
  /** 1 pages somebody, 2 is looked at in the day. */
  readonly severity: 1 | 2;
  readonly dimensions?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** Limits near those of "Recommended alert rules for Kubernetes clusters" (Microsoft Learn); the runbooks have none. */
const alerts: readonly PlatformAlert[] = [
  {
    name: "node-not-ready",
    description: "A node of the cluster has not been ready for most of a quarter of an hour",
    target: "cluster",
    metric: "kube_node_status_condition",
    // One for each node and minute: a node that the autoscaler or an upgrade adds is not ready for its first one or two.
    aggregation: "Total",
    operator: "GreaterThan",
    threshold: 10,
    windowMinutes: 15,
    severity: 1,
    dimensions: [{ name: "status2", values: ["NotReady"] }],
  },
  {
    name: "pods-unschedulable",
    // Azure has no minimum of it, so that a release whose pods wait two minutes for a node looks the same: no reason to wake
    // somebody. What misses pods is told by its system.
    description: "Pods found no node within the last quarter of an hour: see that the autoscaler adds one",
    target: "cluster",
    metric: "cluster_autoscaler_unschedulable_pods_count",
    aggregation: "Average",
    operator: "GreaterThan",
    threshold: 0,
    windowMinutes: 15,
    severity: 2,
  },
  {
    name: "node-cpu",
    description: "The nodes use more than 90 % of their CPU",
    target: "cluster",
    metric: "node_cpu_usage_percentage",
    aggregation: "Average",
    operator: "GreaterThan",
    threshold: 90,
    windowMinutes: 15,
    severity: 2,
  },
  {
    name: "node-memory",
    description: "The nodes use more than 90 % of their memory",
    target: "cluster",
    metric: "node_memory_working_set_percentage",
    aggregation: "Average",
    operator: "GreaterThan",
    threshold: 90,
    windowMinutes: 15,
    severity: 2,
  },
  {
    name: "node-disk",
    description: "A node's disk is more than 80 % full",
    target: "cluster",
    metric: "node_disk_usage_percentage",
    aggregation: "Maximum",
    operator: "GreaterThan",
    threshold: 80,
    windowMinutes: 15,
    severity: 2,
  },
  {
    name: "origin-health",
    description: "The edge finds the gateway ill: its pods, its certificate, or the Private Link connection",
    target: "edge",
    metric: "OriginHealthPercentage",
    aggregation: "Average",
    operator: "LessThan",
    threshold: 50,
    windowMinutes: 5,
    severity: 1,
  },
];

const namespaces = {
  cluster: "Microsoft.ContainerService/managedClusters",
  edge: "Microsoft.Cdn/profiles",
} as const;

const channels: Readonly<Record<PlatformAlert["severity"], readonly NotificationChannel[]>> = {
  1: ["pagerDuty", "slack"],
  2: ["slack", "mail"],
};

export interface WatchArgs extends Placement {
  readonly nameOf: (alert: string) => string;
  readonly targets: Readonly<
    Record<PlatformAlert["target"], { readonly id: string; readonly resource: pulumi.Resource }>
  >;
  readonly actionGroupIds: Readonly<Record<NotificationChannel, string>>;
  readonly actionGroups: readonly pulumi.Resource[];
}

/** Rules on the cluster itself; those on the systems are the systems'. */
export function declareWatch(name: string, args: WatchArgs, parent: pulumi.Resource): void {
  for (const alert of alerts) {
    const target = args.targets[alert.target];
    new MetricAlert(
      `${name}-alert-${alert.name}`,
      {
        resourceGroupName: args.resourceGroupName,
        location: "global",
        ruleName: args.nameOf(alert.name),
        description: alert.description,
        enabled: true,
        autoMitigate: true,
        severity: alert.severity,
        scopes: [target.id],
        targetResourceType: namespaces[alert.target],
        targetResourceRegion: alert.target === "edge" ? "global" : args.location,
        windowSize: isoMinutes(alert.windowMinutes),
        evaluationFrequency: isoMinutes(5),
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [
            {
              criterionType: "StaticThresholdCriterion",
              name: alert.name,
              metricNamespace: namespaces[alert.target],
              metricName: alert.metric,
              timeAggregation: alert.aggregation,
              operator: alert.operator,
              threshold: alert.threshold,
              dimensions: (alert.dimensions ?? []).map((dimension) => ({
                name: dimension.name,
                operator: "Include",
                values: [...dimension.values],
              })),
            },
          ],
        },
        actions: channels[alert.severity].map((channel) => ({ actionGroupId: args.actionGroupIds[channel] })),
        tags: args.tags,
      },
      childOf(parent, [target.resource, ...args.actionGroups]),
    );
  }
}
