import { clusterCollector, clusterMetrics } from "../cluster-metrics";
import type { ExportedMetric, MetricContract, MetricExporter } from "../prometheus";
import { backendPort, type Component, deployments, paths } from "./components";

/**
 * What the system's exporters export; an alert, a panel or a gate reads nothing else. Names are those of Micrometer's
 * Prometheus registry in Spring Boot 3, whose histogram of requests must be switched on (conflicts 64). Orders and
 * payments have no names in the runbook (RET-128, RET-091): these are what the backend is asked to count.
 */

/** Port of the search engine inside the cluster. */
export const searchPort = 9200;

/** As names of objects on the cluster are written. */
export const shortNames = {
  backend: "backend",
  consumerWeb: "consumer-web",
  adminWeb: "admin-web",
} as const satisfies Record<Component, string>;

/** A probe asks a component's public host, through the edge: the target is the host of the stack, which infra adds. */
function probe<const Name extends Component>(component: Name) {
  return {
    name: `probe-${shortNames[component]}` as const,
    job: `${deployments[component]}-probe`,
    kind: "exporter",
    exporter: "blackbox",
    port: 9115,
    path: "/probe",
    parameters: { module: ["http_2xx"] },
    ids: ["RET-074", "RET-075", "RET-076", "RET-090", "RET-097"],
    conflicts: [63],
  } as const satisfies MetricExporter;
}

export const exporters = [
  {
    name: "backend",
    job: deployments.backend,
    kind: "application",
    port: backendPort,
    path: paths.metrics,
    ids: ["RET-136", "RET-137", "RET-138"],
    conflicts: [60],
  },
  probe("backend"),
  probe("consumerWeb"),
  probe("adminWeb"),
  clusterCollector("kube-state-metrics", "RET-125", "RET-126", "RET-101"),
  clusterCollector("cadvisor", "RET-125", "RET-126", "RET-102", "RET-105"),
] as const satisfies readonly MetricExporter[];

/** Series that every probe writes. */
const probeSeries = (["probe-backend", "probe-consumer-web", "probe-admin-web"] as const).flatMap(
  (exporter) =>
    [
      {
        name: "probe_success",
        type: "gauge",
        labels: [],
        unit: "boolean",
        exporter,
        ids: ["RET-090"],
      },
      {
        name: "probe_ssl_earliest_cert_expiry",
        type: "gauge",
        labels: [],
        unit: "timestamp",
        exporter,
        ids: ["RET-107"],
      },
    ] as const,
);

const exported = [
  {
    name: "http_server_requests_seconds",
    type: "histogram",
    labels: ["method", "uri", "status", "outcome", "exception"],
    unit: "seconds",
    exporter: "backend",
    ids: ["RET-136", "RET-137", "RET-123", "RET-124"],
    conflicts: [64],
    help: "Time from a request to its answer; management.metrics.distribution.percentiles-histogram is on.",
  },
  {
    name: "hikaricp_connections_active",
    type: "gauge",
    labels: ["pool"],
    unit: "count",
    exporter: "backend",
    ids: ["RET-127", "RET-104"],
    help: "Connections to PostgreSQL in use.",
  },
  {
    name: "hikaricp_connections_max",
    type: "gauge",
    labels: ["pool"],
    unit: "count",
    exporter: "backend",
    ids: ["RET-127", "RET-104"],
    help: "Connections to PostgreSQL that the pool may hold.",
  },
  {
    name: "mongodb_driver_pool_checkedout",
    type: "gauge",
    labels: ["cluster_id", "server_address"],
    unit: "count",
    exporter: "backend",
    ids: ["RET-127", "RET-104"],
    help: "Connections to the document database in use.",
  },
  {
    name: "retail_orders_started_total",
    type: "counter",
    labels: [],
    unit: "count",
    exporter: "backend",
    ids: ["RET-128"],
    help: "Checkouts begun.",
  },
  {
    name: "retail_orders_completed_total",
    type: "counter",
    labels: [],
    unit: "count",
    exporter: "backend",
    ids: ["RET-128"],
    help: "Checkouts that ended in an order.",
  },
  {
    name: "retail_payments_total",
    type: "counter",
    labels: ["result"],
    unit: "count",
    exporter: "backend",
    ids: ["RET-091"],
    conflicts: [69],
    help: "Payments by result, success or failure; a card that was declined for its holder's reasons is a success.",
  },
  ...probeSeries,
  ...clusterMetrics({
    kube_deployment_spec_replicas: { ids: ["RET-138"], conflicts: [60] },
    kube_deployment_status_replicas_available: { ids: ["RET-060", "RET-067"] },
    kube_pod_container_status_restarts_total: { ids: ["RET-101"] },
    kube_pod_container_resource_limits: { ids: ["RET-125", "RET-126"] },
    kube_cronjob_status_last_successful_time: { ids: ["RET-117"], conflicts: [18] },
    kube_cronjob_created: { ids: ["RET-117"], conflicts: [18] },
    container_cpu_usage_seconds_total: { ids: ["RET-125"] },
    container_memory_working_set_bytes: { ids: ["RET-126"] },
  }),
] as const satisfies readonly ExportedMetric[];

export const metrics = { exporters, metrics: exported } as const satisfies MetricContract;
