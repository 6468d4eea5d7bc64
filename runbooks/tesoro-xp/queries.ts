import { errorRateQuery, latencyQuery, requestCountQuery, withoutPaths } from "../app-requests";
import { businessMetrics } from "./business-metrics";
import { minimumRequests, windows } from "./limits";
import { databaseDiagnostics, webApp } from "./web-app";

/** Queries over the system's Log Analytics workspace; each yields at most one row with one number. */

/**
 * Availability tests and a release ask these paths all the time, the last of them also to be refused, and gates of
 * their own look at them.
 */
export const ofUsers = withoutPaths([
  webApp.healthPath,
  webApp.apiHealthPath,
  webApp.smokePaths.transactions,
  databaseDiagnostics.path,
]);

/** Share of failed requests in percent, `errorPercent`. */
export const errorRate = errorRateQuery(minimumRequests, ofUsers);

/** `p95Milliseconds`. */
export const latency = latencyQuery(minimumRequests, ofUsers);

/** Requests in the window, `requests`, counted for minimum samples. */
export const requestsCounted = requestCountQuery(ofUsers);

/** Unhandled exceptions, `exceptions` (TES-060 names the number; it is no rate). */
export const exceptions = "AppExceptions\n| summarize exceptions = sum(ItemCount)";

const recent = `TimeGenerated > ago(${windows.rollback.minutes}m)`;

/**
 * Mean response time of the last minutes as a multiple of what it was before, `timesBaseline`. A release compares with
 * the hour before it (TES-032); outside one the time before stands for that hour.
 */
export const latencyOfBaseline = [
  "AppRequests",
  ofUsers,
  "| extend spent = DurationMs * ItemCount",
  `| summarize nowTotal = sumif(ItemCount, ${recent}), nowSpent = sumif(spent, ${recent}),`,
  `    beforeTotal = sumif(ItemCount, not(${recent})), beforeSpent = sumif(spent, not(${recent}))`,
  `| where nowTotal >= ${minimumRequests} and beforeTotal >= ${minimumRequests} and beforeSpent > 0`,
  "| project timesBaseline = (nowSpent / nowTotal) / (beforeSpent / beforeTotal)",
].join("\n");

/**
 * Share of availability tests that passed in percent, `availablePercent`. That of the certificate fails while the app answers
 * everybody.
 */
export const availability = [
  "AppAvailabilityResults",
  '| where Name !has "certificate"',
  "| summarize tests = count(), passed = countif(Success == true)",
  "| where tests > 0",
  "| project availablePercent = 100.0 * passed / tests",
].join("\n");

const { transactions, rewards } = businessMetrics;

/** Transactions that were processed, `transactions`. */
export const transactionsProcessed = `AppMetrics\n| where Name == "${transactions.name}"\n| summarize transactions = sum(Sum)`;

/** Rewards that were calculated, `rewards`. */
export const rewardsCalculated = `AppMetrics\n| where Name == "${rewards.name}"\n| summarize rewards = sum(Sum)`;

/** Transactions in a time in which no reward was calculated, `withoutReward`; no row while rewards are. */
export const transactionsWithoutReward = [
  "AppMetrics",
  `| where Name in ("${transactions.name}", "${rewards.name}")`,
  `| summarize rewards = sumif(Sum, Name == "${rewards.name}"), withoutReward = sumif(Sum, Name == "${transactions.name}")`,
  "| where rewards == 0",
  "| project withoutReward",
].join("\n");
