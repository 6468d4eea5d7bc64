import type { Entry } from "../../vocabulary";
import {
  allProbedHealthy,
  candidate,
  errorRatio,
  p95Seconds,
  paymentFailureRatio,
  payments,
  requestCount,
} from "../expressions";
import { errorRateLimits, healthLimits, latencyLimits, minimumEvents, paymentLimits } from "../limits";
import {
  everywhere,
  lookEverySeconds,
  type MetricGate,
  production,
  productionRehearsed,
  roles,
  scrapeDelaySeconds,
  secondsPerMinute,
} from "./shared";

const failingSeconds = healthLimits.failingMinutes * secondsPerMinute;

/** Looked at after the switch, of the series of the candidate's colour. */
const watched: Pick<MetricGate, "word" | "on" | "during" | "intervalSeconds" | "telemetryDelaySeconds"> = {
  word: "metricGate",
  on: everywhere,
  during: ["watch"],
  intervalSeconds: lookEverySeconds,
  telemetryDelaySeconds: scrapeDelaySeconds,
};

/** When the release goes back by itself; outside a release the same limits are alerts. */
export const rollbackTriggers: readonly Entry[] = [
  {
    ...watched,
    name: "error-rate",
    title: "Roll back when more than 5 % of the requests fail for 5 minutes; above 1 % a person looks",
    ids: ["RET-088"],
    conflicts: [1, 2, 3, 64],
    measurement: { provider: "prometheus", query: errorRatio(errorRateLimits.windowMinutes, candidate) },
    unit: "ratio",
    windowSeconds: errorRateLimits.windowMinutes * secondsPerMinute,
    minimumSample: {
      of: "events",
      atLeast: minimumEvents,
      query: requestCount(errorRateLimits.windowMinutes, candidate),
    },
    zones: {
      pass: { operator: "<=", limit: errorRateLimits.warning },
      rollback: [
        {
          operator: ">",
          limit: errorRateLimits.critical,
          sustainedSeconds: errorRateLimits.sustainedMinutes * secondsPerMinute,
        },
      ],
    },
    alerts: ["HighErrorRate", "ErrorRateWarning"],
    advice: "Read the backend's logs; more pods help against load only (playbook high-error-rate).",
  },
  {
    ...watched,
    name: "p95-latency",
    title: "Roll back when p95 latency is above 500 ms for 10 minutes; above 300 ms a person looks",
    ids: ["RET-089"],
    conflicts: [2, 3, 62, 64],
    measurement: { provider: "prometheus", query: p95Seconds(latencyLimits.windowMinutes, candidate) },
    unit: "seconds",
    windowSeconds: latencyLimits.windowMinutes * secondsPerMinute,
    minimumSample: {
      of: "events",
      atLeast: minimumEvents,
      query: requestCount(latencyLimits.windowMinutes, candidate),
    },
    zones: {
      pass: { operator: "<=", limit: latencyLimits.warningSeconds },
      rollback: [
        {
          operator: ">",
          limit: latencyLimits.criticalSeconds,
          sustainedSeconds: latencyLimits.sustainedMinutes * secondsPerMinute,
        },
      ],
    },
    alerts: ["HighLatency", "LatencyWarning"],
    advice: "Look for slow queries and for pods at their limit (playbook high-latency).",
  },
  {
    ...watched,
    name: "any-health-check",
    title: "Roll back when any health check fails for 3 minutes in a row",
    ids: ["RET-090"],
    conflicts: [63],
    measurement: { provider: "prometheus", query: allProbedHealthy },
    unit: "count",
    windowSeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: 1 },
    zones: {
      pass: { operator: ">=", limit: 1 },
      rollback: [{ operator: "<", limit: 1, sustainedSeconds: failingSeconds }],
    },
    alerts: ["HealthCheckFailing", "ServiceDown"],
    note: "1 while backend, consumer web and admin web are well from outside, else 0; the release asks them itself too (RET-074 to RET-076).",
  },
  {
    ...watched,
    on: productionRehearsed,
    name: "payment-failures",
    title: "Roll back when payment processing fails: more than 5 % of the payments for 5 minutes",
    ids: ["RET-091"],
    conflicts: [2, 69],
    measurement: {
      provider: "prometheus",
      query: paymentFailureRatio(paymentLimits.windowMinutes, candidate),
    },
    unit: "ratio",
    windowSeconds: paymentLimits.windowMinutes * secondsPerMinute,
    minimumSample: {
      of: "events",
      atLeast: minimumEvents,
      query: payments(paymentLimits.windowMinutes, candidate),
    },
    zones: {
      pass: { operator: "<=", limit: paymentLimits.critical },
      rollback: [
        {
          operator: ">",
          limit: paymentLimits.critical,
          sustainedSeconds: paymentLimits.sustainedMinutes * secondsPerMinute,
        },
      ],
    },
    alerts: ["PaymentFailures"],
    note: "As printed one declined card would do. Too few payments are inconclusive, not a pass; on staging nobody pays.",
  },
  {
    word: "manual",
    name: "critical-vulnerability",
    title: "Roll back immediately when a critical security vulnerability is discovered",
    ids: ["RET-092"],
    on: production,
    during: ["watch"],
    role: roles.security,
    question:
      "Is the candidate free of a newly found critical vulnerability that the version before does not have?",
    answer: "yesNo",
    blocking: false,
    onBreach: "rollback",
    note: "A person decides, also later, by a rollback with this reason: going back is no use if the old version has it too.",
  },
];
