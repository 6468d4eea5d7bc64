import type { Entry } from "../../vocabulary";
import type { alerts } from "../alerts";
import { durations, limits } from "../limits";
import { everywhere } from "./shared";

type AlertName = (typeof alerts)[number]["name"];

function alerting(
  name: string,
  title: string,
  of: Pick<Entry, "ids" | "supports" | "conflicts" | "note">,
  ...names: AlertName[]
): Entry {
  return {
    on: everywhere,
    during: ["always"],
    ...of,
    word: "alert",
    name,
    title,
    alerts: names,
    rules: ["prometheus-rules-complete", "prometheus-rules-told"],
  };
}

const { certificateDays, errorPercent, p95Milliseconds, cpuPercent, memoryPercent } = limits;
const forMinutes = `for ${durations.alert} minutes`;

/** Alert thresholds. No duration is the runbook's: five minutes (catalogue, CAS-084). */
export const thresholds: readonly Entry[] = [
  alerting(
    "alert-error-rate-critical",
    `Critical alert: error rate above ${errorPercent.critical} % ${forMinutes}`,
    { ids: ["CAS-078"], conflicts: [1, 2, 76] },
    "ErrorRateCritical",
  ),
  alerting(
    "alert-response-time-critical",
    `Critical alert: p95 of the response time above ${p95Milliseconds.critical / 1000} s ${forMinutes} pages a person`,
    { ids: ["CAS-079"], conflicts: [2], note: "Nothing is rolled back for it." },
    "ResponseTimeCritical",
  ),
  alerting(
    "alert-database-down",
    `Critical alert: the database does not answer ${forMinutes}, or its exporter is silent`,
    { ids: ["CAS-080"] },
    "DatabaseDown",
  ),
  alerting(
    "alert-error-rate-warning",
    `Warning: error rate above ${errorPercent.warning} % ${forMinutes}`,
    { ids: ["CAS-081"], conflicts: [2, 3] },
    "ErrorRateWarning",
  ),
  alerting(
    "alert-response-time-warning",
    `Warning: p95 of the response time above ${p95Milliseconds.warning} ms ${forMinutes}`,
    { ids: ["CAS-082"], conflicts: [2, 3] },
    "ResponseTimeWarning",
  ),
  alerting(
    "alert-cpu-warning",
    `Warning: CPU of a pod above ${cpuPercent.warning} % of its limit ${forMinutes}`,
    {
      ids: ["CAS-083"],
      conflicts: [76],
      note: `A release's validation asks for ${cpuPercent.validation} %.`,
    },
    "CpuHigh",
  ),
  alerting(
    "alert-memory-warning",
    `Warning: memory of a pod above ${memoryPercent} % of its limit ${forMinutes}`,
    { ids: [], supports: ["CAS-068"], conflicts: [76], note: "The runbook has the limit and no alert." },
    "MemoryHigh",
  ),
  alerting(
    "traffic-patterns",
    "Info: unusual traffic, more than twice or less than half of the same hour of the day before",
    { ids: [], supports: ["CAS-084"], note: "The runbook gives no number." },
    "TrafficMuchMore",
    "TrafficMuchLess",
  ),
  alerting(
    "alert-rollback-triggers",
    "What rolls a release back pages at any other time: error rate, health checks, a critical service",
    { ids: [], supports: ["CAS-085", "CAS-086", "CAS-087"], conflicts: [1, 63] },
    "ErrorRateRollback",
    "HealthCheckFailing",
    "CriticalServiceUnavailable",
  ),
  alerting(
    "alert-monitoring-blind",
    "Warning: no pod of the backend gives its metrics, so error rate and response time are unknown",
    { ids: [], supports: ["CAS-012", "CAS-075"], conflicts: [64] },
    "BackendNotScraped",
  ),
  alerting(
    "alert-public-hosts",
    `Critical: a public host does not answer through the edge ${forMinutes}`,
    { ids: [], supports: ["CAS-023"] },
    "PublicHostFailing",
  ),
  alerting(
    "alert-certificate-expiry",
    `Warning: the certificate of a public host expires within ${certificateDays} days`,
    { ids: [], supports: ["CAS-023"], note: "The runbook gives no number; this is retail-agentic's." },
    "CertificateExpiry",
  ),
];
