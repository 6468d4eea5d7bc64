import { join } from "node:path";
import {
  jobNameOf,
  labelName,
  type MetricsEndpoint,
  type PodMonitor,
  type Relabeling,
  targetsFileName,
} from "./pod-monitor";

/** How often and where to: the same for every target, whatever a monitor says, so that a rehearsal can be fast. */
export interface Scraping {
  readonly intervalMilliseconds: number;
  /** Folder with a file of targets for each endpoint of a monitor. */
  readonly targetsFolder: string;
}

/** A scrape for each endpoint of a monitor, with the labels that the Prometheus operator's would have. */
export function monitorScrapes(monitor: PodMonitor, scraping: Scraping): readonly object[] {
  return (monitor.spec.podMetricsEndpoints ?? []).map((endpoint, index) => ({
    job_name: jobNameOf(monitor, index),
    ...timing(scraping),
    metrics_path: endpoint.path ?? "/metrics",
    scheme: (endpoint.scheme ?? "http").toLowerCase(),
    ...(endpoint.params && { params: endpoint.params }),
    ...(endpoint.honorLabels !== undefined && { honor_labels: endpoint.honorLabels }),
    file_sd_configs: [{ files: [join(scraping.targetsFolder, targetsFileName(monitor, index))] }],
    relabel_configs: [...usualLabels(monitor, endpoint), ...(endpoint.relabelings ?? []).map(relabelingOf)],
    metric_relabel_configs: (endpoint.metricRelabelings ?? []).map(relabelingOf),
  }));
}

export function timing({ intervalMilliseconds }: Pick<Scraping, "intervalMilliseconds">) {
  return {
    scrape_interval: `${intervalMilliseconds}ms`,
    scrape_timeout: `${Math.min(intervalMilliseconds, 10_000)}ms`,
  };
}

/** What the operator writes before a monitor's own (Prometheus operator, "PodMonitor"). */
function usualLabels({ metadata, spec }: PodMonitor, endpoint: MetricsEndpoint): readonly object[] {
  const meta = (name: string, target_label: string) => ({
    source_labels: [`__meta_kubernetes_${name}`],
    target_label,
  });
  return [
    meta("namespace", "namespace"),
    meta("pod_container_name", "container"),
    meta("pod_name", "pod"),
    // Not where the emulated pod listens, but where the cluster says that it does.
    {
      source_labels: ["__meta_kubernetes_pod_ip", "__meta_kubernetes_pod_container_port_number"],
      separator: ":",
      target_label: "instance",
    },
    { target_label: "job", replacement: `${metadata.namespace}/${metadata.name}` },
    ...(spec.podTargetLabels ?? []).map((key) => ({
      source_labels: [`__meta_kubernetes_pod_label_${labelName(key)}`],
      regex: "(.+)",
      target_label: labelName(key),
    })),
    {
      target_label: "endpoint",
      replacement: String(endpoint.port ?? endpoint.portNumber ?? endpoint.targetPort ?? ""),
    },
  ];
}

function relabelingOf(relabeling: Relabeling): object {
  const { sourceLabels, separator, targetLabel, regex, modulus, replacement, action } = relabeling;
  return {
    ...(sourceLabels && { source_labels: sourceLabels }),
    ...(separator !== undefined && { separator }),
    ...(targetLabel !== undefined && { target_label: targetLabel }),
    ...(regex !== undefined && { regex }),
    ...(modulus !== undefined && { modulus }),
    ...(replacement !== undefined && { replacement }),
    ...(action !== undefined && { action: action.toLowerCase() }),
  };
}
