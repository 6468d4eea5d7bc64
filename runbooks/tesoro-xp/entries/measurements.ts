import { minimumRequests } from "../limits";
import { ofUsers } from "../queries";

/** Queries that only a release asks; alerts and dashboards have theirs in `../queries`. */

/** Mean response time in milliseconds, `meanMilliseconds`; what the baseline's HttpResponseTime is a mean of. */
export const meanLatency = [
  "AppRequests",
  ofUsers,
  "| summarize total = sum(ItemCount), spent = sum(DurationMs * ItemCount)",
  `| where total >= ${minimumRequests}`,
  "| project meanMilliseconds = spent / total",
].join("\n");

/** Unhandled exceptions per hundred requests, `exceptionPercent`: the number that the runbook's command counts, as a rate. */
export const exceptionRate = [
  "union AppRequests, AppExceptions",
  // Exceptions have no address and stay.
  ofUsers,
  '| summarize requests = sumif(ItemCount, Type == "AppRequests"), exceptions = sumif(ItemCount, Type == "AppExceptions")',
  `| where requests >= ${minimumRequests}`,
  "| project exceptionPercent = 100.0 * exceptions / requests",
].join("\n");

/** Seconds until what the app sent is found by a query, and until a platform metric is there. */
export const logDelaySeconds = 180;
export const metricDelaySeconds = 120;
