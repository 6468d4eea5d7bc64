import type { PrometheusAlert } from "../prometheus";
import {
  allHealthy,
  backendTargets,
  backendUp,
  certificateDays,
  cpuRatio,
  daysSinceSuccess,
  declared,
  errorRatio,
  memoryRatio,
  mongoPoolRatio,
  orderCompletionRatio,
  ordersStarted,
  p95Seconds,
  paymentFailureRatio,
  payments,
  postgresPoolRatio,
  requestCount,
} from "./expressions";
import {
  certificateMinimumDays,
  defaultMinutes,
  errorRateLimits,
  healthLimits,
  latencyLimits,
  minimumEvents,
  orderLimits,
  paymentLimits,
  poolLimits,
  usageLimits,
} from "./limits";
import { snapshotTask } from "./tasks";

function of(expression: string) {
  return { expression, atLeast: minimumEvents };
}

/** A metric of the runbook's table with its two thresholds (RET-123 to RET-128). */
const errorRate = {
  kind: "prometheus",
  measures: "eventRatio",
  summary: "{{ $value | humanizePercentage }} of the requests fail",
  expression: errorRatio(errorRateLimits.windowMinutes),
  operator: ">",
  unit: "ratio",
  minimumSample: of(requestCount(errorRateLimits.windowMinutes)),
} as const;

const latency = {
  kind: "prometheus",
  measures: "quantile",
  summary: "p95 latency is {{ $value | humanizeDuration }}",
  expression: p95Seconds(latencyLimits.windowMinutes),
  operator: ">",
  unit: "seconds",
  minimumSample: of(requestCount(latencyLimits.windowMinutes)),
} as const;

function usage(what: string, expression: string) {
  return {
    kind: "prometheus",
    measures: "level",
    summary: `${what}: {{ $value | humanizePercentage }} in use on {{ $labels.pod }}`,
    expression,
    operator: ">",
    unit: "ratio",
    forMinutes: defaultMinutes,
  } as const;
}

const cpu = usage("CPU of the limit", cpuRatio);
const memory = usage("Memory of the limit", memoryRatio);
const postgresPool = usage("Connections to PostgreSQL", postgresPoolRatio);
const mongoPool = usage("Connections to MongoDB", mongoPoolRatio);

const orders = {
  kind: "prometheus",
  measures: "eventRatio",
  summary: "{{ $value | humanizePercentage }} of the checkouts end in an order",
  expression: orderCompletionRatio(orderLimits.windowMinutes),
  operator: "<",
  unit: "ratio",
  forMinutes: defaultMinutes,
  minimumSample: of(ordersStarted(orderLimits.windowMinutes)),
} as const;

const serviceAlerts = [
  {
    ...errorRate,
    name: "HighErrorRate",
    description:
      "More than 5% of the requests failed for 5 minutes. A release that is watched is rolled back.",
    severity: "critical",
    threshold: errorRateLimits.critical,
    forMinutes: errorRateLimits.sustainedMinutes,
    ids: ["RET-136", "RET-123", "RET-088"],
    conflicts: [1, 64],
  },
  {
    ...errorRate,
    name: "ErrorRateWarning",
    description: "More than 1% of the requests failed for 5 minutes. A ramp waits for a person.",
    severity: "warning",
    threshold: errorRateLimits.warning,
    forMinutes: defaultMinutes,
    ids: ["RET-123"],
    conflicts: [3, 64],
  },
  {
    ...latency,
    name: "HighLatency",
    description: "p95 latency was above 500 ms for 10 minutes. A release that is watched is rolled back.",
    severity: "critical",
    threshold: latencyLimits.criticalSeconds,
    forMinutes: latencyLimits.sustainedMinutes,
    ids: ["RET-137", "RET-124", "RET-089"],
    conflicts: [2, 62, 64],
  },
  {
    ...latency,
    name: "LatencyWarning",
    description: "p95 latency was above 300 ms for 10 minutes. A ramp waits for a person.",
    severity: "warning",
    threshold: latencyLimits.warningSeconds,
    forMinutes: latencyLimits.sustainedMinutes,
    ids: ["RET-124"],
    conflicts: [3, 62, 64],
  },
  {
    kind: "prometheus",
    measures: "state",
    name: "ServiceDown",
    summary: "Backend service is down",
    description:
      "No pod of the backend, or of a colour that had some, has answered for 1 minute, or none is scraped.",
    severity: "critical",
    expression: backendUp,
    operator: "==",
    threshold: 0,
    unit: "boolean",
    forMinutes: healthLimits.serviceDownMinutes,
    orAbsent: backendTargets,
    ids: ["RET-138"],
    conflicts: [60, 63, 64],
  },
  {
    kind: "prometheus",
    measures: "state",
    name: "HealthCheckFailing",
    summary: "A health check fails from outside",
    description:
      "Backend, consumer web or admin web failed its health check for 3 minutes. A release that is watched is rolled back.",
    severity: "critical",
    expression: allHealthy,
    operator: "==",
    threshold: 0,
    unit: "boolean",
    forMinutes: healthLimits.failingMinutes,
    ids: ["RET-090", "RET-097"],
    conflicts: [63],
  },
  {
    kind: "prometheus",
    measures: "eventRatio",
    name: "PaymentFailures",
    summary: "{{ $value | humanizePercentage }} of the payments fail",
    description:
      "More than 5% of the payments failed for 5 minutes. A release that is watched is rolled back.",
    severity: "critical",
    expression: paymentFailureRatio(paymentLimits.windowMinutes),
    operator: ">",
    threshold: paymentLimits.critical,
    unit: "ratio",
    forMinutes: paymentLimits.sustainedMinutes,
    minimumSample: of(payments(paymentLimits.windowMinutes)),
    ids: ["RET-091"],
    conflicts: [69],
  },
  {
    ...orders,
    name: "OrderCompletionCritical",
    description: "Fewer than 80% of the checkouts of half an hour ended in an order.",
    severity: "critical",
    threshold: orderLimits.critical,
    ids: ["RET-128"],
  },
  {
    ...orders,
    name: "OrderCompletionWarning",
    description: "Fewer than 90% of the checkouts of half an hour ended in an order.",
    severity: "warning",
    threshold: orderLimits.warning,
    ids: ["RET-128"],
  },
] as const satisfies readonly PrometheusAlert[];

const usageAlerts = [
  {
    ...cpu,
    name: "CpuUsageCritical",
    description: "A pod used more than 90% of its CPU for 5 minutes.",
    severity: "critical",
    threshold: usageLimits.critical,
    ids: ["RET-125"],
  },
  {
    ...cpu,
    name: "CpuUsageWarning",
    description: "A pod used more than 70% of its CPU for 5 minutes.",
    severity: "warning",
    threshold: usageLimits.warning,
    ids: ["RET-125"],
  },
  {
    ...memory,
    name: "MemoryUsageCritical",
    description: "A pod used more than 90% of its memory for 5 minutes; beyond 100% it is ended.",
    severity: "critical",
    threshold: usageLimits.critical,
    ids: ["RET-126"],
  },
  {
    ...memory,
    name: "MemoryUsageWarning",
    description: "A pod used more than 70% of its memory for 5 minutes.",
    severity: "warning",
    threshold: usageLimits.warning,
    ids: ["RET-126"],
  },
  {
    ...postgresPool,
    name: "PostgresConnectionsCritical",
    description: "A pod used more than 95% of its connections to PostgreSQL for 5 minutes.",
    severity: "critical",
    threshold: poolLimits.critical,
    ids: ["RET-127"],
    conflicts: [66],
  },
  {
    ...postgresPool,
    name: "PostgresConnectionsWarning",
    description: "A pod used more than 80% of its connections to PostgreSQL for 5 minutes.",
    severity: "warning",
    threshold: poolLimits.warning,
    ids: ["RET-127"],
    conflicts: [66],
  },
  {
    ...mongoPool,
    name: "MongoConnectionsCritical",
    description: "A pod used more than 95% of its connections to MongoDB for 5 minutes.",
    severity: "critical",
    threshold: poolLimits.critical,
    ids: ["RET-127"],
  },
  {
    ...mongoPool,
    name: "MongoConnectionsWarning",
    description: "A pod used more than 80% of its connections to MongoDB for 5 minutes.",
    severity: "warning",
    threshold: poolLimits.warning,
    ids: ["RET-127"],
  },
] as const satisfies readonly PrometheusAlert[];

/** Only where the stack runs the search engine itself. */
export const snapshotAlert = "SearchSnapshotMissing";

/** What nobody looks at until it is needed. */
const upkeepAlerts = [
  {
    kind: "prometheus",
    measures: "level",
    name: "CertificateExpiry",
    summary: "A certificate expires in {{ $value | humanize }} days",
    description: `The first of the hosts' certificates expires within ${certificateMinimumDays} days: its renewal has failed for weeks.`,
    severity: "warning",
    expression: certificateDays,
    operator: "<",
    threshold: certificateMinimumDays,
    unit: "days",
    forMinutes: 15,
    ids: ["RET-107", "RET-028", "RET-077"],
  },
  {
    kind: "prometheus",
    measures: "level",
    name: snapshotAlert,
    summary: "No snapshot of the search index for {{ $value | humanize }} days",
    description: "The daily snapshot of Elasticsearch has not ended well for more than a day and a half.",
    severity: "warning",
    expression: daysSinceSuccess(snapshotTask),
    operator: ">",
    threshold: 1.5,
    unit: "days",
    forMinutes: 15,
    orAbsent: declared(snapshotTask),
    ids: ["RET-117"],
    conflicts: [18, 19],
  },
] as const satisfies readonly PrometheusAlert[];

/** Every alert of the runbook, and those that watch what it demands. Who hears of them: routing.ts. */
export const alerts = [...serviceAlerts, ...usageAlerts, ...upkeepAlerts] as const;
