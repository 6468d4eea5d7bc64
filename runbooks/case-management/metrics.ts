import { clusterCollector, clusterMetrics } from "../cluster-metrics";
import type { ExportedMetric, MetricContract, MetricExporter } from "../prometheus";

/**
 * What the system's exporters export. An alert, a panel or a gate reads nothing else. The runbook names `error_rate` and
 * `response_time` (CAS-075) without type, labels or unit: docs/catalogue.md, question on case-management's metrics. The
 * counter beside them is what a ratio over several pods can be computed from.
 */

export const namespace = "case-management";

/** Deployments of the runbook (CAS-056), and scrape jobs: both colours of a component have the same one. */
export const deployments = {
  backend: "case-management-backend",
  frontend: "case-management-frontend",
} as const;

/** Port of both components; the runbook names none. */
export const appPort = 3000;

/** Port of both active Services. */
export const servicePort = 80;

export const healthPaths = {
  ids: ["CAS-021", "CAS-022", "CAS-054", "CAS-055"],
  backend: "/health",
  frontend: "/api/health",
} as const;

export const metricsPath = "/metrics";

/** A probe asks the active Service, so that it sees what users get: the colour that has the traffic. */
function probe(component: keyof typeof deployments) {
  const target = `http://${deployments[component]}.${namespace}.svc.cluster.local:${servicePort}${healthPaths[component]}`;
  return {
    name: `probe-${component}`,
    job: `case-management-probe-${component}`,
    kind: "exporter",
    exporter: "blackbox",
    port: 9115,
    path: "/probe",
    parameters: { module: ["http_2xx"], target: [target] },
    ids: ["CAS-085", "CAS-010"],
  } as const satisfies MetricExporter;
}

/**
 * Asks a component's public host, through the edge, as a client does: name, certificate and firewall are in it. The
 * target is the host of the stack, which infra adds. No reason to roll back: the inner probes are.
 */
function edgeProbe<const Component extends keyof typeof deployments>(component: Component) {
  return {
    name: `edge-${component}` as const,
    job: `case-management-edge-${component}` as const,
    kind: "exporter",
    exporter: "blackbox",
    port: 9115,
    path: "/probe",
    parameters: { module: ["http_2xx"] },
    ids: ["CAS-023", "CAS-021", "CAS-022"],
  } as const satisfies MetricExporter;
}

export const exporters = [
  {
    name: "backend",
    job: deployments.backend,
    kind: "application",
    port: appPort,
    path: metricsPath,
    ids: ["CAS-075"],
  },
  {
    name: "postgres",
    job: "case-management-postgres",
    kind: "exporter",
    exporter: "postgres",
    port: 9187,
    path: metricsPath,
    secretEnvironment: { DATA_SOURCE_NAME: "DATABASE_URL" },
    ids: ["CAS-076", "CAS-080"],
  },
  probe("backend"),
  probe("frontend"),
  edgeProbe("backend"),
  edgeProbe("frontend"),
  clusterCollector("kube-state-metrics", "CAS-087"),
  clusterCollector("cadvisor", "CAS-083", "CAS-068"),
] as const satisfies readonly MetricExporter[];

/** Statistics of the database that the runbook reads by hand. */
const databaseStatistics = [
  { name: "pg_stat_database_numbackends", type: "gauge" },
  { name: "pg_stat_database_xact_commit", type: "counter" },
  { name: "pg_stat_database_xact_rollback", type: "counter" },
  { name: "pg_stat_database_tup_returned", type: "counter" },
  { name: "pg_stat_database_tup_fetched", type: "counter" },
] as const;

const exported = [
  {
    name: "http_requests_total",
    type: "counter",
    labels: ["method", "route", "status"],
    unit: "count",
    exporter: "backend",
    ids: ["CAS-075", "CAS-066"],
    help: "Requests answered, by status code.",
  },
  {
    name: "error_rate",
    type: "gauge",
    labels: [],
    unit: "percent",
    exporter: "backend",
    ids: ["CAS-075"],
    help: "Share of the pod's own requests of the last 5 minutes that were answered with a server error.",
  },
  {
    name: "response_time_seconds",
    type: "histogram",
    labels: ["method", "route"],
    unit: "seconds",
    exporter: "backend",
    ids: ["CAS-075", "CAS-065"],
    help: "Time from a request to its answer.",
  },
  {
    name: "pg_up",
    type: "gauge",
    labels: [],
    unit: "boolean",
    exporter: "postgres",
    ids: ["CAS-080"],
  },
  ...databaseStatistics.map(
    (statistic) =>
      ({
        ...statistic,
        labels: ["datid", "datname"],
        unit: "count",
        exporter: "postgres",
        ids: ["CAS-076"],
      }) as const,
  ),
  ...(["probe-backend", "probe-frontend"] as const).map(
    (exporter) =>
      ({
        name: "probe_success",
        type: "gauge",
        labels: [],
        unit: "boolean",
        exporter,
        ids: ["CAS-085"],
      }) as const,
  ),
  ...(["edge-backend", "edge-frontend"] as const).flatMap(
    (exporter) =>
      [
        {
          name: "probe_success",
          type: "gauge",
          labels: [],
          unit: "boolean",
          exporter,
          ids: ["CAS-023"],
        },
        {
          name: "probe_ssl_earliest_cert_expiry",
          type: "gauge",
          labels: [],
          unit: "timestamp",
          exporter,
          ids: ["CAS-023"],
        },
      ] as const,
  ),
  ...clusterMetrics({
    kube_deployment_spec_replicas: { ids: ["CAS-087"] },
    kube_deployment_status_replicas_available: { ids: ["CAS-087"] },
    kube_pod_container_resource_limits: { ids: ["CAS-083", "CAS-068"] },
    container_cpu_usage_seconds_total: { ids: ["CAS-083", "CAS-067"] },
    container_memory_working_set_bytes: { ids: ["CAS-068"] },
  }),
] as const satisfies readonly ExportedMetric[];

export const metrics = { exporters, metrics: exported } as const satisfies MetricContract;
