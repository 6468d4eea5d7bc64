/** Queries over requests that Application Insights keeps in a workspace; alerts, panels and gates share them. */

/**
 * Share of failed requests in percent, one value; too few requests in the window yield no row, so no verdict.
 *
 * @param counted further `| where` lines: which requests are counted
 */
export function errorRateQuery(minimumRequests: number, counted: readonly string[] = []): string {
  return [
    "AppRequests",
    ...counted,
    "| summarize total = sum(ItemCount), failed = sumif(ItemCount, Success == false)",
    `| where total >= ${minimumRequests}`,
    "| project errorPercent = 100.0 * failed / total",
  ].join("\n");
}

/** 95th percentile of the request duration in milliseconds, one value; too few requests yield no row. */
export function latencyQuery(minimumRequests: number): string {
  return [
    "AppRequests",
    "| summarize total = sum(ItemCount), p95Milliseconds = percentilew(DurationMs, ItemCount, 95)",
    `| where total >= ${minimumRequests}`,
    "| project p95Milliseconds",
  ].join("\n");
}
