import type { MonitoringContract } from "../../../runbooks/prometheus";

const ids = ["RET-136"] as const;

/** A contract of no runbook, with one alert of each kind. */
export const shop: MonitoringContract = {
  system: "retail-agentic",
  metrics: {
    exporters: [
      { name: "api", kind: "application", job: "shop-api", port: 8080, path: "/metrics", ids },
      {
        name: "probe",
        kind: "exporter",
        exporter: "blackbox",
        job: "shop-probe",
        port: 9115,
        path: "/probe",
        parameters: { module: ["http_2xx"], target: ["https://shop.test/health"] },
        ids,
      },
      {
        name: "database",
        kind: "exporter",
        exporter: "postgres",
        job: "shop-database",
        port: 9187,
        path: "/metrics",
        secretEnvironment: { DATA_SOURCE_NAME: "DATABASE_URL" },
        ids,
      },
      { name: "kube", kind: "addon", target: "kube-state-metrics", job: "kube-state-metrics", ids },
    ],
    metrics: [
      { name: "requests_total", type: "counter", labels: ["status"], unit: "count", exporter: "api", ids },
      { name: "licence_days", type: "gauge", labels: [], unit: "days", exporter: "api", ids },
      { name: "maintenance", type: "gauge", labels: [], unit: "boolean", exporter: "api", ids },
      { name: "kube_pod_info", type: "gauge", labels: ["pod"], unit: "boolean", exporter: "kube", ids },
      { name: "kube_wait_seconds", type: "histogram", labels: [], unit: "seconds", exporter: "kube", ids },
    ],
  },
  alerts: [
    {
      kind: "prometheus",
      measures: "state",
      name: "ApiDown",
      summary: "down",
      description: "The API is down.",
      severity: "critical",
      expression: 'max(up{job="shop-api"})',
      operator: "==",
      threshold: 0,
      unit: "boolean",
      forMinutes: 1,
      orAbsent: 'up{job="shop-api"}',
      unless: "max(maintenance) == 1",
      ids,
    },
    {
      kind: "prometheus",
      measures: "eventRatio",
      name: "ErrorRate",
      summary: "errors",
      description: "Too many requests fail.",
      severity: "warning",
      expression: 'sum(rate(requests_total{status="500"}[5m])) / sum(rate(requests_total[5m]))',
      operator: ">",
      threshold: 0.05,
      unit: "ratio",
      forMinutes: 5,
      minimumSample: { expression: "sum(increase(requests_total[5m]))", atLeast: 20 },
      ids,
    },
    {
      kind: "prometheus",
      measures: "level",
      name: "LicenceExpiry",
      summary: "licence",
      description: "A licence expires.",
      severity: "info",
      expression: 'min(licence_days{job="shop-api"})',
      operator: "<",
      threshold: 30,
      unit: "days",
      forMinutes: 15,
      ids,
    },
  ],
  routing: {
    system: "retail-agentic",
    routes: {
      critical: {
        receivers: [
          { channel: "pagerDuty", secret: "pager" },
          { channel: "slack", room: "#alerts", secret: "slack" },
        ],
        respondWithin: { minutes: 5 },
        delivery: "immediate",
        repeatEveryHours: 1,
        ids,
      },
      warning: {
        receivers: [
          { channel: "slack", room: "#alerts", secret: "slack" },
          { channel: "webhook", secret: "hook" },
        ],
        delivery: "immediate",
        repeatEveryHours: 12,
        ids,
      },
      info: { receivers: [{ channel: "mail" }], delivery: "daily", repeatEveryHours: 24, ids },
    },
  },
  dashboards: [
    {
      uid: "shop",
      title: "Shop",
      ids,
      panels: [
        {
          title: "Error rate",
          visualisation: "timeseries",
          unit: "ratio",
          queries: [
            {
              source: "prometheus",
              expression: 'sum(rate(requests_total{status="500"}[5m])) / sum(rate(requests_total[5m]))',
              legend: "failed",
            },
          ],
          alerts: ["ErrorRate"],
          ids,
        },
        {
          title: "Cost",
          visualisation: "stat",
          unit: "currency",
          queries: [{ source: "logs", query: "AppMetrics | summarize sum(Sum)", legend: "cost" }],
          ids,
        },
      ],
    },
  ],
};
