import type { Dashboard } from "../prometheus";
import {
  answered,
  availableReplicas,
  backendUp,
  certificateDays,
  cpuRatio,
  errorRatio,
  healthy,
  memoryRatio,
  mongoPoolRatio,
  orderCompletionRatio,
  ordersStarted,
  p95Seconds,
  paymentFailureRatio,
  payments,
  postgresPoolRatio,
  requestRate,
  restarts,
} from "./expressions";

function query(expression: string, legend: string) {
  return { source: "prometheus", expression, legend } as const;
}

/** None before the first one makes its series, where requests are counted at all: a panel without data is a fault. */
function refused(status: string): string {
  return `${answered(status, 5)} or 0 * ${requestRate(5)}`;
}

/** The four dashboards of the runbook by their uids. */
export const dashboards = [
  {
    uid: "retail-overview",
    title: "Application Overview",
    ids: ["RET-129", "RET-080", "RET-039"],
    panels: [
      {
        title: "Error rate",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-123"],
        queries: [query(errorRatio(5), "failed requests")],
        alerts: ["HighErrorRate", "ErrorRateWarning"],
      },
      {
        title: "Latency, p95",
        visualisation: "timeseries",
        unit: "seconds",
        ids: ["RET-124"],
        queries: [query(p95Seconds(5), "p95")],
        alerts: ["HighLatency", "LatencyWarning"],
      },
      {
        title: "Requests",
        visualisation: "timeseries",
        unit: "countPerSecond",
        ids: ["RET-129"],
        queries: [query(requestRate(5), "requests")],
      },
      {
        title: "Health",
        visualisation: "stat",
        unit: "boolean",
        ids: ["RET-090", "RET-138"],
        queries: [
          query(backendUp, "backend is scraped"),
          query(healthy("backend"), "backend"),
          query(healthy("consumerWeb"), "consumer web"),
          query(healthy("adminWeb"), "admin web"),
        ],
      },
    ],
  },
  {
    uid: "retail-infrastructure",
    title: "Infrastructure",
    ids: ["RET-130"],
    panels: [
      {
        title: "CPU of the limit",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-125", "RET-102"],
        queries: [query(cpuRatio, "{{pod}}")],
        alerts: ["CpuUsageCritical", "CpuUsageWarning"],
      },
      {
        title: "Memory of the limit",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-126", "RET-105"],
        queries: [query(memoryRatio, "{{pod}}")],
        alerts: ["MemoryUsageCritical", "MemoryUsageWarning"],
      },
      {
        title: "Connections to PostgreSQL",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-127", "RET-104"],
        queries: [query(postgresPoolRatio, "{{pod}}")],
        alerts: ["PostgresConnectionsCritical", "PostgresConnectionsWarning"],
      },
      {
        title: "Connections to MongoDB",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-127", "RET-104"],
        queries: [query(mongoPoolRatio, "{{pod}}")],
        alerts: ["MongoConnectionsCritical", "MongoConnectionsWarning"],
      },
      {
        title: "Ready pods",
        visualisation: "timeseries",
        unit: "count",
        ids: ["RET-060", "RET-067", "RET-071"],
        queries: [query(availableReplicas, "{{deployment}}")],
      },
      {
        title: "Restarts of the last hour",
        visualisation: "timeseries",
        unit: "count",
        ids: ["RET-101"],
        queries: [query(restarts, "{{pod}}")],
      },
    ],
  },
  {
    uid: "retail-business",
    title: "Business Metrics",
    ids: ["RET-131"],
    panels: [
      {
        title: "Order completion rate",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-128"],
        queries: [query(orderCompletionRatio(30), "completed")],
        alerts: ["OrderCompletionCritical", "OrderCompletionWarning"],
      },
      {
        title: "Checkouts of half an hour",
        visualisation: "timeseries",
        unit: "count",
        ids: ["RET-128"],
        queries: [query(ordersStarted(30), "begun")],
      },
      {
        title: "Payment failures",
        visualisation: "timeseries",
        unit: "ratio",
        ids: ["RET-091"],
        queries: [query(paymentFailureRatio(5), "failed")],
        alerts: ["PaymentFailures"],
      },
      {
        title: "Payments of 5 minutes",
        visualisation: "timeseries",
        unit: "count",
        ids: ["RET-091"],
        queries: [query(payments(5), "payments")],
      },
    ],
  },
  {
    uid: "retail-security",
    title: "Security Events",
    ids: ["RET-132"],
    panels: [
      {
        title: "Refused requests",
        visualisation: "timeseries",
        unit: "countPerSecond",
        ids: ["RET-132", "RET-024", "RET-025"],
        queries: [
          query(refused("401"), "not signed in (401)"),
          query(refused("403"), "not allowed, or no CSRF token (403)"),
          query(refused("429"), "too many (429)"),
        ],
      },
      {
        title: "Days until a certificate expires",
        visualisation: "stat",
        unit: "days",
        ids: ["RET-107"],
        queries: [query(certificateDays, "days")],
        alerts: ["CertificateExpiry"],
      },
    ],
  },
] as const satisfies readonly Dashboard[];
