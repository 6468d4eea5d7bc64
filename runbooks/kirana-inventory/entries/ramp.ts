import type { Entry } from "../../vocabulary";
import { errorRate, latency, ofSlot, requestCount } from "../expressions";
import { breachMinutes, errorRatePercent, minimumRequests, p95Milliseconds } from "../limits";
import { functionApp } from "../names";
import { everywhere, logDelaySeconds, secondsPerMinute } from "./shared";

const windowSeconds = 5 * secondsPerMinute;
const sustainedSeconds = breachMinutes.rollback * secondsPerMinute;

/** Section 1: zero downtime, and what "if it is healthy" means for the part of the traffic that is on the new version. */
export const rampGates: readonly Entry[] = [
  {
    word: "metricGate",
    name: "api-availability",
    title: "No downtime: the API answers every probe during the canary, the swap and the cutover.",
    ids: ["KIR-001"],
    on: everywhere,
    during: ["ramp", "switch"],
    note: "Production and slot share the host, so the probes meet both sides. More than 10% at once is P0; one failed probe stops and asks.",
    measurement: { provider: "probes", host: "api", path: functionApp.healthPath, measure: "failedPercent" },
    unit: "percent",
    windowSeconds: 60,
    intervalSeconds: 5,
    telemetryDelaySeconds: 0,
    minimumSample: { of: "dataPoints", atLeast: 10 },
    zones: {
      pass: { operator: "<=", limit: 0 },
      rollback: [{ operator: ">", limit: errorRatePercent.atOnce, sustainedSeconds: 0 }],
    },
    alerts: ["api-available"],
    advice: "A probe failed while traffic was moved: see which side answered it before going on.",
  },
  {
    word: "metricGate",
    name: "app-availability",
    title: "No downtime: the web app answers every probe while it is replaced.",
    ids: [],
    supports: ["KIR-001"],
    on: everywhere,
    during: ["switch"],
    measurement: { provider: "probes", host: "app", path: "/", measure: "failedPercent" },
    unit: "percent",
    windowSeconds: 60,
    intervalSeconds: 5,
    telemetryDelaySeconds: 0,
    minimumSample: { of: "dataPoints", atLeast: 10 },
    zones: {
      pass: { operator: "<=", limit: 0 },
      rollback: [{ operator: ">", limit: errorRatePercent.atOnce, sustainedSeconds: 0 }],
    },
    alerts: ["app-available"],
    advice: "The web app did not answer a probe: compare its host name with app.kirana.io before going on.",
  },
  {
    word: "metricGate",
    name: "canary-error-rate",
    title: "The new version is healthy at 10%: fewer than 0.1% of its own requests fail.",
    ids: [],
    supports: ["KIR-003", "KIR-103", "KIR-162"],
    conflicts: [1, 3, 4, 25],
    on: everywhere,
    during: ["ramp"],
    note: "Asked of the slot alone: at 10% of the traffic its faults would hide in the rest.",
    measurement: {
      provider: "logAnalytics",
      query: ofSlot(errorRate),
      column: "errorPercent",
    },
    unit: "percent",
    windowSeconds,
    intervalSeconds: 60,
    telemetryDelaySeconds: logDelaySeconds,
    minimumSample: { of: "events", atLeast: minimumRequests, query: ofSlot(requestCount) },
    zones: {
      pass: { operator: "<", limit: errorRatePercent.pass },
      rollback: [
        { operator: ">", limit: errorRatePercent.atOnce, sustainedSeconds: 0 },
        { operator: ">", limit: errorRatePercent.rollback, sustainedSeconds },
      ],
      holdAtMostSeconds: breachMinutes.hold * secondsPerMinute,
    },
    alerts: ["error-rate-rollback", "error-rate-critical"],
    advice: "Between 0.1 and 1% of the new version's requests fail: promote only with a reason.",
  },
  {
    word: "metricGate",
    name: "canary-p95-latency",
    title: "The new version is healthy at 10%: its own p95 is below 500 ms.",
    ids: [],
    supports: ["KIR-003", "KIR-106", "KIR-162"],
    conflicts: [2, 3, 4, 25],
    on: everywhere,
    during: ["ramp"],
    measurement: {
      provider: "logAnalytics",
      query: ofSlot(latency),
      column: "p95Milliseconds",
    },
    unit: "milliseconds",
    windowSeconds,
    intervalSeconds: 60,
    telemetryDelaySeconds: logDelaySeconds,
    minimumSample: { of: "events", atLeast: minimumRequests, query: ofSlot(requestCount) },
    zones: {
      pass: { operator: "<", limit: p95Milliseconds.pass },
      rollback: [
        { operator: ">", limit: p95Milliseconds.atOnce, sustainedSeconds: 0 },
        { operator: ">", limit: p95Milliseconds.rollback, sustainedSeconds },
        {
          operator: ">",
          limit: p95Milliseconds.hold,
          sustainedSeconds: breachMinutes.hold * secondsPerMinute,
        },
      ],
    },
    alerts: ["latency-hold", "latency-rollback", "latency-critical"],
    advice: "The new version is slower than 500 ms in its p95: compare with the live side.",
  },
];
