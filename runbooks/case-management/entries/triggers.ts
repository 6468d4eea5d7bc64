import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import {
  bothProbedHealthy,
  errorPercent,
  everythingKnownAvailable,
  highestCpuPercent,
  highestMemoryPercent,
  p95Milliseconds,
  requestCount,
  type Side,
} from "../expressions";
import { durations, limits } from "../limits";
import {
  type CheckGate,
  everywhere,
  hosts,
  lookEverySeconds,
  type MetricGate,
  scrapeDelaySeconds,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const candidate: Side = "$candidate";
const windowMinutes = durations.alert;

/** Looked at after the switch, of the series of the candidate's colour. */
const watched: Pick<MetricGate, "word" | "on" | "during" | "intervalSeconds" | "telemetryDelaySeconds"> = {
  word: "metricGate",
  on: everywhere,
  during: ["watch"],
  intervalSeconds: lookEverySeconds,
  telemetryDelaySeconds: scrapeDelaySeconds,
};

function requests(minutes: number): MetricGate["minimumSample"] {
  return {
    of: "events",
    atLeast: limits.minimumRequests,
    query: requestCount(minutes, { side: candidate }),
  };
}

/** Samples of a level over its window: half of the looks at least. The cluster's collectors give them; dev has none. */
const samples: MetricGate["minimumSample"] = {
  of: "dataPoints",
  atLeast: (windowMinutes * secondsPerMinute) / lookEverySeconds / 2,
};

const perWindow = { ...watched, windowSeconds: windowMinutes * secondsPerMinute };

/** Phase 4.2 of the runbook: performance validation. Missed, the release holds until a person decides. */
export const performance: readonly Entry[] = [
  {
    ...perWindow,
    name: "response-time",
    title: `Response times below ${limits.p95Milliseconds.validation} ms, as p95 of all requests`,
    ids: ["CAS-065"],
    conflicts: [2, 3],
    measurement: { provider: "prometheus", query: p95Milliseconds(windowMinutes, candidate) },
    unit: "milliseconds",
    minimumSample: requests(windowMinutes),
    zones: { pass: { operator: "<", limit: limits.p95Milliseconds.validation }, rollback: [] },
    alerts: ["ResponseTimeWarning", "ResponseTimeCritical"],
    advice:
      "Above 500 ms it is a warning, above 1 s for 5 minutes somebody is paged: nothing goes back by itself.",
    note: "The runbook names no percentile, and no rollback for slowness.",
  },
  {
    ...perWindow,
    name: "error-rate",
    title: `Error rate below ${limits.errorPercent.warning} %`,
    ids: ["CAS-066"],
    conflicts: [1, 2, 3, 76],
    measurement: { provider: "prometheus", query: errorPercent(windowMinutes, candidate) },
    unit: "percent",
    minimumSample: requests(windowMinutes),
    zones: { pass: { operator: "<", limit: limits.errorPercent.warning }, rollback: [] },
    alerts: ["ErrorRateWarning"],
    advice:
      "Read the errors by route; above 5 % the question is a rollback, above 10 % it goes back by itself.",
  },
  {
    ...perWindow,
    name: "error-rate-asks-for-rollback",
    title: `Error rate above ${limits.errorPercent.critical} % for 5 minutes: a person is asked for a rollback`,
    ids: [],
    supports: ["CAS-078", "CAS-086"],
    conflicts: [1, 2, 3, 76],
    measurement: { provider: "prometheus", query: errorPercent(windowMinutes, candidate) },
    unit: "percent",
    minimumSample: requests(windowMinutes),
    zones: { pass: { operator: "<=", limit: limits.errorPercent.critical }, rollback: [] },
    alerts: ["ErrorRateCritical"],
    advice:
      "More than one request in twenty fails: roll back now, unless you know the cause and it is not the candidate.",
    note: "Between 5 and 10 % the runbook pages and rolls nothing back.",
  },
  {
    ...perWindow,
    name: "cpu-usage",
    title: `CPU usage below ${limits.cpuPercent.validation} % of its limit, of every pod`,
    ids: ["CAS-067"],
    conflicts: [76],
    on: stagingAndProduction,
    measurement: { provider: "prometheus", query: highestCpuPercent(candidate) },
    unit: "percent",
    minimumSample: samples,
    zones: { pass: { operator: "<", limit: limits.cpuPercent.validation }, rollback: [] },
    alerts: ["CpuHigh"],
    advice:
      "The autoscaler grows from here on; if it has reached its most pods, the candidate needs more than the one before.",
    note: "Outside a release the alert's limit is 80 %.",
  },
  {
    ...perWindow,
    name: "memory-usage",
    title: `Memory usage below ${limits.memoryPercent} % of its limit, of every pod`,
    ids: ["CAS-068"],
    conflicts: [76],
    on: stagingAndProduction,
    measurement: { provider: "prometheus", query: highestMemoryPercent(candidate) },
    unit: "percent",
    minimumSample: samples,
    zones: { pass: { operator: "<", limit: limits.memoryPercent }, rollback: [] },
    alerts: ["MemoryHigh"],
    advice: "If it grows without falling, the candidate leaks: go back before pods are ended.",
  },
];

const failingSeconds = durations.healthRollback * secondsPerMinute;

/** Asked by the release itself, from outside, beside the exporter's probe. */
const probed: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach" | "sustainedSeconds"
> = {
  word: "checkGate",
  on: everywhere,
  during: ["watch"],
  timeoutSeconds: 10,
  attempts: 1,
  everySeconds: lookEverySeconds,
  onBreach: "rollback",
  sustainedSeconds: failingSeconds,
};

const { backend, frontend } = caseManagement.components;

/** Automatic rollback triggers, as the runbook lists them. */
export const rollbackTriggers: readonly Entry[] = [
  {
    ...watched,
    name: "health-checks-fail",
    title: `Roll back when a health check of backend or frontend fails for more than ${durations.healthRollback} minutes`,
    ids: ["CAS-085"],
    measurement: { provider: "prometheus", query: bothProbedHealthy },
    unit: "count",
    windowSeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: 1 },
    zones: {
      pass: { operator: ">=", limit: 1 },
      rollback: [{ operator: "<", limit: 1, sustainedSeconds: failingSeconds }],
    },
    alerts: ["HealthCheckFailing"],
    note: "1 while both succeed, else 0; without a probe there is no verdict, and nothing goes back.",
  },
  {
    ...probed,
    name: "api-health",
    title: "The API's health check, asked from outside for the whole watch",
    ids: [],
    supports: ["CAS-085"],
    check: { provider: "http", host: hosts.api, method: "GET", path: backend.healthPath, status: [200] },
    expectation: "status 200",
  },
  {
    ...probed,
    name: "web-health",
    title: "The frontend's health check, asked from outside for the whole watch",
    ids: [],
    supports: ["CAS-085"],
    check: { provider: "http", host: hosts.web, method: "GET", path: frontend.healthPath, status: [200] },
    expectation: "status 200",
  },
  {
    ...watched,
    name: "error-rate-rollback",
    title: `Roll back when the error rate is above ${limits.errorPercent.rollback} % for more than ${durations.errorRateRollback} minute`,
    ids: ["CAS-086"],
    conflicts: [1, 2, 3, 76],
    measurement: {
      provider: "prometheus",
      query: errorPercent(durations.errorRateRollbackWindow, candidate),
    },
    unit: "percent",
    windowSeconds: durations.errorRateRollbackWindow * secondsPerMinute,
    minimumSample: requests(durations.errorRateRollbackWindow),
    zones: {
      pass: { operator: "<=", limit: limits.errorPercent.rollback },
      rollback: [
        {
          operator: ">",
          limit: limits.errorPercent.rollback,
          sustainedSeconds: durations.errorRateRollback * secondsPerMinute,
        },
      ],
    },
    alerts: ["ErrorRateRollback"],
    note: "With fewer than 20 requests in the window there is no verdict. Below 10 % the gates error-rate hold.",
  },
  {
    ...watched,
    name: "critical-service-unavailable",
    title:
      "Roll back when a critical service is unavailable: no ready pod of the candidate's backend or frontend, or no database",
    ids: ["CAS-087"],
    conflicts: [63],
    on: stagingAndProduction,
    measurement: { provider: "prometheus", query: everythingKnownAvailable(candidate) },
    unit: "count",
    windowSeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: 1 },
    zones: {
      pass: { operator: ">=", limit: 1 },
      rollback: [
        { operator: "<", limit: 1, sustainedSeconds: durations.unavailableRollback * secondsPerMinute },
      ],
    },
    alerts: ["CriticalServiceUnavailable", "DatabaseDown"],
    note: "The runbook gives no time; a minute is the shortest that any of the five gives. The old side, kept for the way back, makes up for nothing.",
  },
];

/** The hour after the switch. */
export const anomalies: readonly Entry[] = [
  {
    word: "checkGate",
    name: "no-anomaly-in-first-hour",
    title: "Within 1 hour: system metrics are monitored for anomalies, none of the alerts fires",
    ids: ["CAS-115"],
    conflicts: [16],
    on: stagingAndProduction,
    during: ["watch"],
    check: { provider: "firedAlerts", severities: ["critical", "warning", "info"] },
    expectation: "no alert of the system: errors, response time, health, CPU, memory, unusual traffic",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: secondsPerMinute,
    onBreach: "hold",
    note: "The watch lasts an hour; every gate of it is looked at for as long.",
  },
];
