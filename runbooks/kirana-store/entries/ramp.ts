import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { fewest } from "../comparison";
import * as expressions from "../expressions";
import { worstOfTargets } from "./performance";
import {
  componentNames,
  everywhere,
  figures,
  hosts,
  production,
  scrapeDelaySeconds,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const { components, ramp } = kiranaStore;
const { candidate } = expressions;

/** Minute after 00:00 at which the table has a weight: 10% at 00:10. */
const minuteAt = (percent: (typeof ramp.weights)[number]) =>
  (ramp.weights.indexOf(percent) + 1) * ramp.everyMinutes;

/**
 * What the table asks at a weight. What can be asked at every weight is: a fault that shows at 20% is not let through to
 * 60% because its line comes first.
 */
export const rampGates: readonly Entry[] = [
  {
    word: "metricGate",
    name: "green-is-measured",
    title: "Ramp 00:10, green 10%: green's own metrics are monitored, those of all its containers",
    ids: ["STO-077"],
    on: everywhere,
    during: ["ramp", "watch"],
    measurement: { provider: "prometheus", query: expressions.scrapedPods(candidate) },
    unit: "count",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: 3 },
    zones: { pass: { operator: ">=", limit: components.containersPerColour }, rollback: [] },
    alerts: ["ScrapeTargetDown"],
    advice:
      "A container of the new side that is not scraped is not judged either: do not go on before it is.",
  },
  {
    word: "metricGate",
    name: "ramp-error-rate",
    title: "Ramp 00:20, green 20%: error rates below 0.5%, at every weight",
    ids: ["STO-078"],
    conflicts: [1, 2, 3, 50],
    on: everywhere,
    during: ["ramp"],
    measurement: { provider: "prometheus", query: expressions.errorRateOver("5m", candidate) },
    unit: "ratio",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.requests("5m", candidate) },
    zones: {
      pass: { operator: "<", limit: figures.rampErrorRate },
      rollback: [
        {
          operator: ">",
          limit: figures.rollback.errorRate,
          sustainedSeconds: figures.rollback.sustainedSeconds,
        },
      ],
    },
    alerts: ["ErrorRateHigh"],
    advice:
      "Between 0.5% and 5% the ramp stays where it is: find the failing route, then go on or roll back.",
  },
  {
    word: "metricGate",
    name: "ramp-performance",
    title:
      "Ramp 00:30, green 30%: validate performance, every p95 of green within its target, at every weight",
    ids: ["STO-079"],
    conflicts: [2, 3, 51],
    on: everywhere,
    during: ["ramp"],
    measurement: { provider: "prometheus", query: worstOfTargets(candidate) },
    unit: "ratio",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: expressions.apiRequests("5m", candidate) },
    zones: { pass: { operator: "<", limit: 1 }, rollback: [] },
    alerts: [
      "ApiLatencyAboveSla",
      "PermissionCheckSlow",
      "SearchSlow",
      "OrderPlacementSlow",
      "PaymentSlow",
      "DatabaseSlowQueries",
    ],
    advice: "A p95 of the new side misses its target: the System Health dashboard shows which, by endpoint.",
    note: "API 1 s, permission 100 ms, search 500 ms, order 1 s, payment 2 s, queries 200 ms. Above 5 s another gate rolls back.",
  },
  {
    word: "manual",
    name: "support-ready",
    title: "Ramp 00:40, green 40%: customer support is ready",
    ids: ["STO-080"],
    on: production,
    during: ["ramp"],
    role: "support-lead",
    question: "Is customer support ready: people at work, briefed on the new features, told of the ramp?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
    offsetMinutes: minuteAt(40),
  },
  {
    word: "checkGate",
    name: "steady-state",
    title: "Ramp 00:50, green 50%: steady state, no container of either side starts anew",
    ids: ["STO-081"],
    on: everywhere,
    during: ["ramp"],
    check: {
      provider: "kubernetes",
      components: componentNames,
      side: "both",
      expects: "noRestarts",
    },
    expectation: "No restart on either side since the ramp began, all pods available",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: secondsPerMinute,
    onBreach: "hold",
    note: "The runbook does not say what steady is. Errors and latency are gates of their own, at every weight.",
  },
  {
    word: "checkGate",
    name: "no-alerts-in-ramp",
    title:
      "Ramp 01:00 and 01:10, green 60% and 70%: monitor for issues, at every weight, and continue the ramp",
    ids: ["STO-082"],
    on: everywhere,
    during: ["ramp"],
    check: { provider: "firedAlerts", severities: ["critical", "warning"] },
    expectation: "No critical alert and no warning of the store is firing",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: secondsPerMinute,
    onBreach: "hold",
  },
  {
    word: "checkGate",
    name: "final-validation",
    title: "Ramp 01:20, green 80%: final validation, the critical paths once more under load",
    ids: ["STO-083"],
    conflicts: [58],
    on: stagingAndProduction,
    during: ["ramp"],
    atWeight: 80,
    check: {
      provider: "suite",
      suite: "smoke",
      run: { as: "command", argv: ["./scripts/smoke-tests.sh"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      tokenSecret: "test-tenant-password",
      hostVariables: { [hosts.store]: "STORE_HOST" },
    },
    expectation:
      "Every smoke test passes on the store's own host, where four of five requests meet the new side",
    timeoutSeconds: ramp.everyMinutes * secondsPerMinute,
    attempts: 1,
    onBreach: "hold",
  },
  {
    word: "checkGate",
    name: "rollback-prepared",
    title: "Ramp 01:30, green 90%: rollback is prepared, and was before the first step",
    ids: ["STO-084"],
    conflicts: [54],
    on: everywhere,
    during: ["smoke", "ramp"],
    check: { provider: "release", expects: "rollbackPrepared" },
    expectation: "The old side has all its pods, the backup's name is recorded, the way back is planned",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: ramp.everyMinutes * secondsPerMinute,
    onBreach: "hold",
    note: "At 90% it would be too late for every weight before.",
  },
];
