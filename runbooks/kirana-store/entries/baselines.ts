import type { Entry } from "../../vocabulary";
import { fewest } from "../comparison";
import * as expressions from "../expressions";
import { limits } from "../limits";
import {
  figures,
  millisecondsPerSecond,
  production,
  scrapeDelaySeconds,
  secondsPerMinute,
  stagingRehearsed,
} from "./shared";
import { stagingAgeHours } from "./staging";

function measured(
  suite: string,
  title: string,
  id: Entry["ids"][number],
  limit: { readonly value: number },
  conflicts?: number[],
): Entry {
  return {
    word: "evidence",
    name: `baseline-${suite}`,
    title,
    ids: [id],
    ...(conflicts && { conflicts }),
    on: production,
    during: ["prepare"],
    predicate: "test-run",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "suite", operator: "equals", value: `performance-${suite}` },
      { field: "p95Milliseconds", operator: "lessThan", value: limit.value * millisecondsPerSecond },
      { field: "passed", operator: "atLeast", value: 1 },
      { field: "failed", operator: "equals", value: 0 },
    ],
    maximumAgeHours: stagingAgeHours,
  };
}

/** How fast staging must have been, and be while it is watched. */
export const baselines: readonly Entry[] = [
  {
    word: "metricGate",
    name: "staging-api-latency",
    title: "Staging: the API answers within the SLA, p95 below 1 s",
    ids: ["STO-004"],
    conflicts: [51],
    on: stagingRehearsed,
    during: ["watch", "finish"],
    measurement: { provider: "prometheus", query: expressions.apiP95("5m") },
    unit: limits.latencySla.unit,
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.apiRequests("5m") },
    zones: { pass: { operator: "<", limit: limits.latencySla.value }, rollback: [] },
    alerts: ["ApiLatencyAboveSla", "ApiLatencyHigh"],
    advice: "Staging is slower than its SLA: production is not asked for before it is not.",
    note: "The runbook gives no percentile here; p95 as for its other limits.",
  },
  measured(
    "permission-check",
    "Permission check p95 below 100 ms in staging",
    "STO-020",
    limits.permissionCheck,
  ),
  measured("search", "Search response p95 below 500 ms in staging", "STO-021", limits.search),
  measured("order-placement", "Order placement p95 below 1 s in staging", "STO-022", limits.orderPlacement),
  measured("payment", "Payment processing p95 below 2 s in staging", "STO-023", limits.payment, [51]),
  measured("database-query", "Database queries p95 below 200 ms in staging", "STO-024", limits.databaseQuery),
  {
    word: "metricGate",
    name: "staging-cache-hit-rate",
    title: "Staging: more than 80% of the look-ups hit the cache",
    ids: ["STO-025"],
    on: stagingRehearsed,
    during: ["watch", "finish"],
    measurement: { provider: "prometheus", query: expressions.cacheHitRate },
    unit: "ratio",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.cacheLookUps },
    zones: { pass: { operator: ">", limit: figures.cacheHitRate }, rollback: [] },
    alerts: ["CacheHitRateLow"],
    advice: "The cache of staging is cold or too small: load it with the performance suite and look again.",
  },
];
