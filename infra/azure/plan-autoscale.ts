import { AutoscaleSetting } from "@pulumi/azure-native/monitor/autoscaleSetting";
import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import { isoMinutes } from "./alert-rules";
import { childOf } from "./component";

export interface PlanAutoscaleArgs extends Placement {
  readonly settingName: string;
  readonly planId: string;
  readonly minimumInstances: number;
  readonly maximumInstances: number;
  /** Mean CPU of all instances in percent. */
  readonly scaleOutAboveCpuPercent: number;
  readonly scaleInBelowCpuPercent: number;
  /** Minutes that the mean is taken over. */
  readonly windowMinutes: number;
  readonly coolDownMinutes: number;
  readonly mailAddresses: readonly string[];
}

/** Lets a plan have an instance more while it is busy, and one fewer while it is idle. */
export function declarePlanAutoscale(
  name: string,
  args: PlanAutoscaleArgs,
  parent: pulumi.Resource,
  plan: pulumi.Resource,
): void {
  const step = (
    direction: "Increase" | "Decrease",
    operator: "GreaterThan" | "LessThan",
    threshold: number,
  ) => ({
    metricTrigger: {
      metricName: "CpuPercentage",
      metricNamespace: "microsoft.web/serverfarms",
      metricResourceUri: args.planId,
      operator,
      statistic: "Average" as const,
      threshold,
      timeAggregation: "Average" as const,
      timeGrain: "PT1M",
      timeWindow: isoMinutes(args.windowMinutes),
      dividePerInstance: false,
    },
    scaleAction: {
      direction,
      type: "ChangeCount" as const,
      value: "1",
      cooldown: isoMinutes(args.coolDownMinutes),
    },
  });
  new AutoscaleSetting(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      autoscaleSettingName: args.settingName,
      name: args.settingName,
      enabled: true,
      targetResourceUri: args.planId,
      profiles: [
        {
          name: "busy-or-idle",
          capacity: {
            // Taken while the metric cannot be read.
            default: String(args.minimumInstances),
            minimum: String(args.minimumInstances),
            maximum: String(args.maximumInstances),
          },
          rules: [
            step("Increase", "GreaterThan", args.scaleOutAboveCpuPercent),
            step("Decrease", "LessThan", args.scaleInBelowCpuPercent),
          ],
        },
      ],
      notifications: [
        {
          operation: "Scale",
          email: {
            customEmails: [...args.mailAddresses],
            sendToSubscriptionAdministrator: false,
            sendToSubscriptionCoAdministrators: false,
          },
        },
      ],
      tags: args.tags,
    },
    childOf(parent, [plan]),
  );
}
