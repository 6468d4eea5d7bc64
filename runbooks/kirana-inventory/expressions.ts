import { errorRateQuery, failed, latencyQuery, requestCountQuery, withoutPaths } from "../app-requests";
import { minimumRequests } from "./limits";
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

/** Availability tests, the release and the platform ask these paths all the time; gates of their own look at them. */
export const ofUsers = withoutPaths([functionApp.healthPath, functionApp.slotHealthPath]);

/** Failed requests of users in percent, column `errorPercent`. */
export const errorRate = errorRateQuery(minimumRequests, ofUsers);

/** Column `p95Milliseconds`, of users' requests. */
export const latency = latencyQuery(minimumRequests, ofUsers);

/** Requests of users, column `requests`: what a ratio or a percentile is taken over. */
export const requestCount = requestCountQuery(ofUsers);

/** Failed requests, whoever asked, column `failed`: a number, which nothing dilutes. */
export const failedCount = ["AppRequests", `| where ${failed}`, "| summarize failed = sum(ItemCount)"].join(
  "\n",
);

/** Requests answered with status 500, each a row. */
export const serverErrors = ["AppRequests", '| where ResultCode == "500"'].join("\n");

const llmCost = ["AppMetrics", '| where Name == "llm_cost"'].join("\n");

const llmCostOfToday = [llmCost, "| where TimeGenerated > startofday(now())"].join("\n");

/** USD since midnight UTC, column `usdToday`: 0 where nothing was reported. */
export const llmCostToday = [llmCostOfToday, "| summarize usdToday = sum(Sum)"].join("\n");

/** Samples that `llmCostToday` is a sum of, column `samples`. */
export const llmCostSamplesToday = [llmCostOfToday, "| summarize samples = count()"].join("\n");

/** Samples of llm_cost, column `samples`. */
export const llmCostSamples = [llmCost, "| summarize samples = count()"].join("\n");

/** A row whenever requests are written down: of the paths that are asked all the time at least. */
export const requestsArrive = "AppRequests\n| where TimeGenerated > ago(15m)\n| take 1";
