import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { fewest } from "../comparison";
import * as expressions from "../expressions";
import { limits } from "../limits";
import {
  componentNames,
  everywhere,
  figures,
  hosts,
  millisecondsPerSecond,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";
import { integrationGroups } from "./staging";
import { watched } from "./watched";

const hourOne = { from: 0, due: 60 };
const hourTwo = { from: 60, due: 120 };

const hourOneGates: readonly Entry[] = [
  {
    word: "checkGate",
    name: "containers-healthy",
    title: `Hour 1: all containers healthy, ${kiranaStore.components.containersPerColour} of ${kiranaStore.components.containersPerColour} running`,
    ids: ["STO-114"],
    on: everywhere,
    during: ["watch"],
    minutes: hourOne,
    check: {
      provider: "kubernetes",
      components: componentNames,
      side: "live",
      expects: "available",
      podsInAll: kiranaStore.components.containersPerColour,
    },
    expectation:
      "Every Deployment of the live side has all its pods available at the declared digest, 10 in all",
    timeoutSeconds: 30,
    attempts: 3,
    everySeconds: secondsPerMinute,
    onBreach: "hold",
    note: "At least 10: the autoscaler may have added some.",
  },
  {
    word: "metricGate",
    name: "api-latency",
    title: "Step 4 and hour 1: API response time p95 below 1 s, over the histogram of all pods",
    ids: ["STO-113", "STO-115"],
    conflicts: [2, 3, 51],
    ...watched,
    minutes: hourOne,
    measurement: { provider: "prometheus", query: expressions.apiP95("5m") },
    unit: limits.latencySla.unit,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.apiRequests("5m") },
    zones: {
      pass: { operator: "<", limit: limits.latencySla.value },
      rollback: [
        {
          operator: ">",
          limit: figures.rollback.latencySeconds,
          sustainedSeconds: figures.rollback.sustainedSeconds,
        },
      ],
    },
    alerts: ["ApiLatencyAboveSla", "ApiLatencyHigh"],
    advice: "Slower than the SLA of 1 s: find the route on the System Health dashboard.",
    note: 'The runbook\'s quantile="0.95" is of a summary, which cannot be added up over pods. Payments have a limit of their own.',
  },
  {
    word: "metricGate",
    name: "error-rate",
    title: "Step 4 and hour 1: error rate below 0.1%, failed requests of all requests over 5 minutes",
    ids: ["STO-112", "STO-116"],
    conflicts: [1, 2, 3, 50],
    ...watched,
    minutes: hourOne,
    measurement: { provider: "prometheus", query: expressions.errorRateOver("5m") },
    unit: "ratio",
    minimumSample: { of: "events", atLeast: fewest, query: expressions.requests("5m") },
    zones: {
      pass: { operator: "<", limit: figures.hourErrorRate },
      rollback: [
        {
          operator: ">",
          limit: figures.rollback.errorRate,
          sustainedSeconds: figures.rollback.sustainedSeconds,
        },
      ],
    },
    alerts: ["ErrorRateHigh"],
    advice: "0.1% or more in the first hour: somebody confirms that it may stay, or rolls back.",
    note: "rate(http_errors_total[5m]) of the runbook is errors a second: divided by the requests.",
  },
  {
    word: "metricGate",
    name: "cache-hit-rate",
    title: "Hour 1: cache hit rate above 80%",
    ids: ["STO-117"],
    conflicts: [2],
    ...watched,
    minutes: hourOne,
    measurement: { provider: "prometheus", query: expressions.cacheHitRate },
    unit: "ratio",
    minimumSample: { of: "events", atLeast: fewest, query: expressions.cacheLookUps },
    zones: { pass: { operator: ">", limit: figures.cacheHitRate }, rollback: [] },
    alerts: ["CacheHitRateLow"],
    advice: "The ramp warms the cache; one that stays below 80% is too small or is asked with other keys.",
  },
  {
    word: "metricGate",
    name: "database-latency",
    title: "Hour 1: database latency p95 below 200 ms",
    ids: ["STO-118"],
    conflicts: [2],
    ...watched,
    minutes: hourOne,
    measurement: {
      provider: "prometheus",
      query: expressions.p95("kirana_store_database_query_duration_seconds", "5m"),
    },
    unit: limits.databaseQuery.unit,
    minimumSample: {
      of: "events",
      atLeast: fewest,
      query: expressions.events("kirana_store_database_query_duration_seconds_count"),
    },
    zones: { pass: { operator: "<", limit: limits.databaseQuery.value }, rollback: [] },
    alerts: ["DatabaseSlowQueries", "DatabaseOperationSlow"],
    advice: "Queries are slow: look for one without an index among those that are new.",
  },
  {
    word: "metricGate",
    name: "payment-gateway-works",
    title: "Hour 1: the payment gateway works, at most 5% of the payments fail",
    ids: ["STO-120"],
    conflicts: [2],
    ...watched,
    minutes: hourOne,
    measurement: {
      provider: "prometheus",
      query: expressions.share("kirana_store_payments_total", 'result="failure"'),
    },
    unit: limits.paymentFailures.unit,
    minimumSample: {
      of: "events",
      atLeast: fewest,
      query: expressions.events("kirana_store_payments_total"),
    },
    zones: { pass: { operator: "<=", limit: limits.paymentFailures.value }, rollback: [] },
    alerts: ["PaymentFailures", "PaymentSuccessLow"],
    advice: "Payments fail: ask the gateway's status page, then look at what the new version sends.",
    note: "The runbook says only that it works; the limit is that of its critical alert.",
  },
  {
    word: "checkGate",
    name: "real-time-updates-work",
    title: "Hour 1: real-time updates work",
    ids: ["STO-121"],
    conflicts: [58],
    on: stagingAndProduction,
    during: ["watch"],
    minutes: hourOne,
    check: {
      provider: "suite",
      suite: "integration-real-time-updates",
      run: { as: "command", argv: ["make", "test", "SUITE=real-time-updates"] },
      atMostFailed: 0,
      atLeastPassed: integrationGroups["real-time-updates"],
      tokenSecret: "test-tenant-password",
      hostVariables: { [hosts.store]: "STORE_HOST" },
    },
    expectation: "2 of 2 pass on the store's own host, asked as the test tenant",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 2,
    onBreach: "hold",
  },
];

const hourTwoGates: readonly Entry[] = [
  {
    word: "checkGate",
    name: "user-authentication-works",
    title: "Hour 2: user authentication works",
    ids: ["STO-122"],
    conflicts: [58],
    on: stagingAndProduction,
    during: ["watch"],
    minutes: hourTwo,
    check: {
      provider: "suite",
      suite: "integration-access-control",
      run: { as: "command", argv: ["make", "test", "SUITE=access-control"] },
      atMostFailed: 0,
      atLeastPassed: integrationGroups["access-control"],
      tokenSecret: "test-tenant-password",
      hostVariables: { [hosts.store]: "STORE_HOST" },
    },
    expectation:
      "7 of 7 pass on the store's own host: the test tenant logs in, is refused where it must be, logs out",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 2,
    onBreach: "hold",
  },
  {
    word: "metricGate",
    name: "search-responsive",
    title: `Hour 2: search is responsive, p95 below ${limits.search.value * millisecondsPerSecond} ms`,
    ids: ["STO-126"],
    conflicts: [2],
    ...watched,
    minutes: hourTwo,
    measurement: { provider: "prometheus", query: expressions.routeP95("search") },
    unit: limits.search.unit,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.routeRequests("search") },
    zones: { pass: { operator: "<", limit: limits.search.value }, rollback: [] },
    alerts: ["SearchSlow"],
    advice: "Searches are slower than 500 ms: look for one that no index serves.",
  },
];

/** Hours 1 and 2 of the watch; hour 4 is full-validation.ts. */
export const watch: readonly Entry[] = [...hourOneGates, ...hourTwoGates];
