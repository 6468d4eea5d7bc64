import type { LogAlert } from "./model";

/** Queries over requests that Application Insights keeps in a workspace; alerts, panels and gates share them. */

/**
 * Condition of a request that failed. Of a Function app `Success` says only that the invocation threw nothing: a
 * handler that answers 500 is logged as a success (Azure/azure-functions-host, issue 6511).
 */
export const failed = "Success == false or toint(ResultCode) >= 500";

/** Number of failed requests, as an aggregate. */
export const failedSum = `sumif(ItemCount, ${failed})`;

/**
 * A line that leaves out what only machines ask: they would stand for users in every minimum sample, and make failures
 * rarer and answers faster than users see them.
 *
 * @param paths of health checks and diagnostics, without query and host, of letters, digits, hyphens and slashes
 */
export function withoutPaths(paths: readonly string[]): string {
  return `| where not(Url matches regex "^([a-z]+://[^/?#]*)?(${paths.join("|")})/?([?#]|$)")`;
}

/**
 * Share of failed requests in percent, `errorPercent`; too few requests in the window yield no row, so no verdict.
 *
 * @param counted a `| where` line: which requests are counted
 */
export function errorRateQuery(minimumRequests: number, counted: string): string {
  return [
    "AppRequests",
    counted,
    `| summarize total = sum(ItemCount), failed = ${failedSum}`,
    `| where total >= ${minimumRequests}`,
    "| project errorPercent = 100.0 * failed / total",
  ].join("\n");
}

/** 95th percentile of the request duration in milliseconds, `p95Milliseconds`; too few requests yield no row. */
export function latencyQuery(minimumRequests: number, counted: string): string {
  return [
    "AppRequests",
    counted,
    "| summarize total = sum(ItemCount), p95Milliseconds = percentilew(DurationMs, ItemCount, 95)",
    `| where total >= ${minimumRequests}`,
    "| project p95Milliseconds",
  ].join("\n");
}

/** Requests, `requests`: what a ratio or a percentile of them is taken over. */
export function requestCountQuery(counted: string): string {
  return ["AppRequests", counted, "| summarize requests = sum(ItemCount)"].join("\n");
}

/**
 * Requests of whoever asks, `logged`, one row also of none: availability tests ask all the time, so that none is the silence of
 * the telemetry, in which every query above yields no row and its alert stays quiet.
 */
const loggedRequests = "AppRequests\n| summarize logged = count()";

/** That telemetry is silent: no request is logged, not even those of the availability tests. */
export function requestsNotLogged(ids: LogAlert["ids"], windowMinutes: number): LogAlert {
  return {
    kind: "log",
    name: "requests-not-logged",
    description: `No request has been logged for ${windowMinutes} minutes, not even those of the availability tests: error rate and response time are unknown, not good.`,
    ids,
    severity: 2,
    channels: ["slack"],
    query: loggedRequests,
    measureColumn: "logged",
    threshold: 1,
    unit: "requests",
    operator: "LessThan",
    windowMinutes,
    evaluationEveryMinutes: 5,
  };
}

/** Lines of a panel: share of failed requests in percent over time. */
export function errorRateOverTime(counted: string, every: string): readonly string[] {
  return [
    "AppRequests",
    "| where $__timeFilter(TimeGenerated)",
    counted,
    `| summarize total = sum(ItemCount), failed = ${failedSum}`,
    `  ${every}`,
    "| project TimeGenerated, errorPercent = 100.0 * failed / total",
  ];
}

/** Lines of a panel: 95th percentile of the request duration in milliseconds over time. */
export function latencyOverTime(counted: string, every: string): readonly string[] {
  return [
    "AppRequests",
    "| where $__timeFilter(TimeGenerated)",
    counted,
    `| summarize p95Milliseconds = percentilew(DurationMs, ItemCount, 95) ${every}`,
  ];
}
