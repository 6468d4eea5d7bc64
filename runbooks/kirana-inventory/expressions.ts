import { functionApp, names } from "./names";

/** KQL over the workspace's tables, as alerts and gates ask it. Each yields one row unless it says otherwise. */

const fromSlot = `| where AppRoleName endswith "-${functionApp.slot}" and AppRoleName !~ "${names.stagingFunctionApp}"`;

/**
 * A query over requests, asked of the slot alone: that is the candidate while it has a part of the traffic. Site and
 * slot have role names of their own; that of the staging stack's site ends as a slot's does (conflicts 23).
 */
export function ofSlot(query: string): string {
  return query.replace("AppRequests", `AppRequests\n${fromSlot}`);
}

/** Requests counted, column `total`: what a ratio or a percentile is taken over. */
export const requestCount = "AppRequests\n| summarize total = sum(ItemCount)";

/** Failed requests, column `failed`. */
export const failedCount = [
  "AppRequests",
  "| where Success == false",
  "| summarize failed = sum(ItemCount)",
].join("\n");

/** Requests answered with status 500, each a row. */
export const serverErrors = ["AppRequests", '| where ResultCode == "500"'].join("\n");

const llmCost = ["AppMetrics", '| where Name == "llm_cost"'].join("\n");

/** USD since midnight UTC, column `usdToday`. */
export const llmCostToday = [
  llmCost,
  "| where TimeGenerated > startofday(now())",
  "| summarize usdToday = sum(Sum)",
].join("\n");

/** Samples of llm_cost, column `samples`. */
export const llmCostSamples = [llmCost, "| summarize samples = count()"].join("\n");
