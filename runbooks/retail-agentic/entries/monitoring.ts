import type { Entry } from "../../vocabulary";
import { alerts } from "../alerts";
import { everywhere } from "./shared";

const inStack: Pick<Entry, "on" | "during"> = { on: everywhere, during: ["always"] };
const complete = ["prometheus-rules-complete"];
const told = ["prometheus-rules-told", "prometheus-rules-complete"];

function ofSeverity(severity: "critical" | "warning"): string[] {
  return alerts.flatMap((alert) => (alert.severity === severity ? [alert.name] : []));
}

/** Metrics of the runbook's table with both thresholds, and its three rules; numbers: limits.ts, by way of alerts.ts. */
export const metricAlerts: readonly Entry[] = [
  {
    ...inStack,
    word: "alert",
    name: "error-rate-thresholds",
    title: "Error rate: warning above 1 %, critical above 5 %",
    ids: ["RET-123"],
    conflicts: [3, 64],
    alerts: ["ErrorRateWarning", "HighErrorRate"],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "latency-thresholds",
    title: "p95 latency: warning above 300 ms, critical above 500 ms",
    ids: ["RET-124"],
    conflicts: [62],
    alerts: ["LatencyWarning", "HighLatency"],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "cpu-thresholds",
    title: "CPU of a pod: warning above 70 %, critical above 90 % of its limit",
    ids: ["RET-125"],
    alerts: ["CpuUsageWarning", "CpuUsageCritical"],
    rules: [...complete, "autoscaler-minimum", "pod-resources"],
  },
  {
    ...inStack,
    word: "alert",
    name: "memory-thresholds",
    title: "Memory of a pod: warning above 70 %, critical above 90 % of its limit",
    ids: ["RET-126"],
    alerts: ["MemoryUsageWarning", "MemoryUsageCritical"],
    rules: [...complete, "pod-resources"],
  },
  {
    ...inStack,
    word: "alert",
    name: "connection-thresholds",
    title: "Active connections: warning above 80 %, critical above 95 % of each pool",
    ids: ["RET-127"],
    conflicts: [66],
    alerts: [
      "PostgresConnectionsWarning",
      "PostgresConnectionsCritical",
      "MongoConnectionsWarning",
      "MongoConnectionsCritical",
    ],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "order-completion-thresholds",
    title: "Order completion rate: warning below 90 %, critical below 80 %, over a minimum of checkouts",
    ids: ["RET-128"],
    alerts: ["OrderCompletionWarning", "OrderCompletionCritical"],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "high-error-rate-rule",
    title:
      "Rule HighErrorRate of group retail-platform: server errors over all requests above 0.05 for 5 minutes, critical",
    ids: ["RET-136"],
    conflicts: [64],
    alerts: ["HighErrorRate"],
    rules: complete,
    note: "Sums before it divides: as printed each series is divided by itself.",
  },
  {
    ...inStack,
    word: "alert",
    name: "high-latency-rule",
    title: "Rule HighLatency: p95 above 0.5 s for 10 minutes, critical as the table has it",
    ids: ["RET-137"],
    conflicts: [62, 64],
    alerts: ["HighLatency"],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "service-down-rule",
    title: "Rule ServiceDown: no pod of the backend is up, or none is scraped, for 1 minute, critical",
    ids: ["RET-138"],
    conflicts: [60, 63, 64],
    alerts: ["ServiceDown"],
    rules: complete,
  },
  {
    ...inStack,
    word: "alert",
    name: "certificate-expiry",
    title:
      "Certificates renew themselves (cert-manager at the gateway, the edge for its hosts), and their expiry is watched",
    ids: ["RET-107"],
    alerts: ["CertificateExpiry"],
    rules: [...complete, "edge-domain-tls", "gateway-certificate-renewed", "chart-pinned"],
  },
];

/** Who hears of an alert of which severity; how soon somebody answers stands in people.ts. */
export const routes: readonly Entry[] = [
  {
    ...inStack,
    word: "alert",
    name: "critical-route",
    title: "Critical alerts go to PagerDuty and Slack's #alerts",
    ids: ["RET-133"],
    conflicts: [12, 13],
    alerts: ofSeverity("critical"),
    rules: told,
  },
  {
    ...inStack,
    word: "alert",
    name: "warning-route",
    title: "Warnings go to Slack's #alerts",
    ids: ["RET-134"],
    conflicts: [13],
    alerts: ofSeverity("warning"),
    rules: told,
  },
  {
    ...inStack,
    word: "declared",
    name: "info-route",
    title: "Information goes to Slack's #monitoring",
    ids: ["RET-135"],
    conflicts: [13],
    rules: ["alert-routes-complete"],
    note: "No alert of the runbook has this severity; the release's own messages and the budget's go there.",
  },
];

function dashboard(uid: string, title: string, ids: Entry["ids"]): Entry {
  return {
    ...inStack,
    word: "declared",
    name: `dashboard-${uid}`,
    title: `Dashboard ${title} of Grafana, found under /d/${uid}`,
    ids,
    rules: ["dashboards-complete"],
  };
}

export const dashboardEntries: readonly Entry[] = [
  dashboard("retail-overview", "Application Overview", ["RET-129"]),
  dashboard("retail-infrastructure", "Infrastructure", ["RET-130"]),
  dashboard("retail-business", "Business Metrics", ["RET-131"]),
  dashboard("retail-security", "Security Events", ["RET-132"]),
];
