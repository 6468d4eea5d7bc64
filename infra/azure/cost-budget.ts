import { Budget } from "@pulumi/azure-native/consumption/budget";
import type * as pulumi from "@pulumi/pulumi";
import { resourceGroupId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface CostBudgetArgs extends Placement {
  readonly budgetName: string;
  readonly monthlyUsd: number;
  /** First day of a month, `YYYY-MM-01`. */
  readonly startDate: string;
  readonly mailAddresses: readonly string[];
  readonly actionGroupId: string;
}

/** Shares of the budget in percent at which somebody hears of it: spent, and expected by the end of the month. */
const warnings = [
  { key: "spent-80", threshold: 80, thresholdType: "Actual" },
  { key: "spent-100", threshold: 100, thresholdType: "Actual" },
  { key: "forecast-100", threshold: 100, thresholdType: "Forecasted" },
] as const;

/** A monthly budget for everything in the resource group. It warns and stops nothing. */
export function declareBudget(
  name: string,
  args: CostBudgetArgs,
  parent: pulumi.Resource,
  dependsOn: readonly pulumi.Resource[],
): void {
  new Budget(
    name,
    {
      budgetName: args.budgetName,
      scope: resourceGroupId(args),
      amount: args.monthlyUsd,
      category: "Cost",
      timeGrain: "Monthly",
      timePeriod: { startDate: `${args.startDate}T00:00:00Z` },
      notifications: Object.fromEntries(
        warnings.map(({ key, threshold, thresholdType }) => [
          key,
          {
            enabled: true,
            operator: "GreaterThanOrEqualTo",
            threshold,
            thresholdType,
            contactEmails: [...args.mailAddresses],
            contactGroups: [args.actionGroupId],
          },
        ]),
      ),
    },
    childOf(parent, dependsOn),
  );
}
