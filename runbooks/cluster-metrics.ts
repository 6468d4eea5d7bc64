import type { Source } from "./model";
import type { AddonTarget, ExportedMetric } from "./prometheus";

/** What the cluster's own collectors export: Microsoft Learn, "Default Prometheus metrics configuration in Azure Monitor". */
const table = {
  container_cpu_usage_seconds_total: {
    type: "counter",
    labels: ["namespace", "pod", "container"],
    unit: "seconds",
    exporter: "cadvisor",
  },
  container_memory_working_set_bytes: {
    type: "gauge",
    labels: ["namespace", "pod", "container"],
    unit: "bytes",
    exporter: "cadvisor",
  },
  container_network_receive_bytes_total: {
    type: "counter",
    labels: ["namespace", "pod"],
    unit: "bytes",
    exporter: "cadvisor",
  },
  container_network_transmit_bytes_total: {
    type: "counter",
    labels: ["namespace", "pod"],
    unit: "bytes",
    exporter: "cadvisor",
  },
  kube_cronjob_created: {
    type: "gauge",
    labels: ["namespace", "cronjob"],
    unit: "timestamp",
    exporter: "kube-state-metrics",
  },
  kube_cronjob_status_last_successful_time: {
    type: "gauge",
    labels: ["namespace", "cronjob"],
    unit: "timestamp",
    exporter: "kube-state-metrics",
  },
  kube_deployment_spec_replicas: {
    type: "gauge",
    labels: ["namespace", "deployment"],
    unit: "count",
    exporter: "kube-state-metrics",
  },
  kube_deployment_status_replicas_available: {
    type: "gauge",
    labels: ["namespace", "deployment"],
    unit: "count",
    exporter: "kube-state-metrics",
  },
  kube_pod_container_resource_limits: {
    type: "gauge",
    labels: ["namespace", "pod", "container", "resource", "unit"],
    unit: "count",
    unitBy: { label: "resource", units: { cpu: "count", memory: "bytes" } },
    exporter: "kube-state-metrics",
  },
  kube_pod_container_status_restarts_total: {
    type: "counter",
    labels: ["namespace", "pod", "container"],
    unit: "count",
    exporter: "kube-state-metrics",
  },
  node_filesystem_avail_bytes: {
    type: "gauge",
    labels: ["device", "fstype", "mountpoint"],
    unit: "bytes",
    exporter: "node",
  },
  node_filesystem_size_bytes: {
    type: "gauge",
    labels: ["device", "fstype", "mountpoint"],
    unit: "bytes",
    exporter: "node",
  },
} as const satisfies Readonly<
  Record<string, Omit<ExportedMetric, "name" | keyof Source> & { readonly exporter: AddonTarget }>
>;

type Table = typeof table;

/** One of the collectors' metrics, as a system's contract has it. */
export type ClusterMetric<Name extends keyof Table = keyof Table> = {
  readonly [Each in Name]: { readonly name: Each } & Table[Each] & Source;
}[Name];

/** The collectors' metrics that a system reads, each with the statements it is read for. */
export function clusterMetrics<Name extends keyof Table>(
  sources: Readonly<Record<Name, Source>>,
): readonly ClusterMetric<Name>[] {
  return (Object.keys(sources) as Name[]).map(
    (name) => ({ name, ...table[name], ...sources[name] }) as ClusterMetric<Name>,
  );
}

/**
 * For how long a colour has wanted pods before it can have lost them, and within what time it had some: one that
 * starts, or starts again, is not taken for lost.
 */
export const wantedFor = "5m";
export const hadWithin = "1h";

/**
 * 1 while each colour of a component has a ready pod, 0 once one has lost all that it had: the other colour, which is
 * kept for a rollback, makes up for nothing. Nothing where no colour wants pods and had some.
 */
export function noColourLost(namespace: string, component: string): string {
  const selector = `{namespace="${namespace}",deployment=~"${component}-(blue|green)"}`;
  const available = `kube_deployment_status_replicas_available${selector}`;
  const wanted = `min_over_time(kube_deployment_spec_replicas${selector}[${wantedFor}]) > 0`;
  return `min(clamp_max(${available}, 1) and ${wanted} and max_over_time(${available}[${hadWithin}]) > 0)`;
}

/** A collector of the cluster among a system's exporters. */
export function clusterCollector<Target extends AddonTarget>(target: Target, ...ids: Source["ids"]) {
  return { name: target, job: target, kind: "addon" as const, target, ids };
}

/** KQL: a row whenever the cluster's agent sends what pods of a namespace write, whoever of them does. */
export function containerLogsOf(namespace: string): string {
  return `ContainerLogV2\n| where PodNamespace == "${namespace}"\n| take 1`;
}
