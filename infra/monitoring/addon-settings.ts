import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import type * as pulumi from "@pulumi/pulumi";
import type { AddonTarget, MetricContract } from "../../runbooks/prometheus";
import { objectOf } from "../kubernetes/options";
import { scrapeIntervalSeconds } from "./scrape-monitors";

/** The add-on's own names of its targets (Microsoft Learn, "Default Prometheus metrics configuration in Azure Monitor"). */
const settingNames = {
  "kube-state-metrics": "kubestate",
  cadvisor: "cadvisor",
  node: "nodeexporter",
  kubelet: "kubelet",
} as const satisfies Record<AddonTarget, string>;

/**
 * What the add-on keeps of its default targets. It drops what its own dashboards do not show (the minimal ingestion
 * profile), so whatever a contract reads of them is listed, and nothing else is paid for.
 *
 * @param contracts Of every system, also of those that other stacks carry: there is one of these objects in a cluster.
 */
export function addonSettings(contracts: readonly MetricContract[]): Record<string, string> {
  const kept = new Map<string, Set<string>>(Object.values(settingNames).map((name) => [name, new Set()]));
  for (const { exporters, metrics } of contracts) {
    for (const exporter of exporters) {
      if (exporter.kind !== "addon") continue;
      const names = kept.get(settingNames[exporter.target])!;
      for (const metric of metrics) {
        if (metric.exporter === exporter.name) {
          for (const series of metric.type === "histogram" ? histogramSeries(metric.name) : [metric.name])
            names.add(series);
        }
      }
    }
  }
  const each = (value: (names: ReadonlySet<string>) => string) =>
    [...kept].map(([setting, names]) => `${setting} = ${value(names)}`).join("\n");
  return {
    "schema-version": "v1",
    "config-version": "ver1",
    "default-scrape-settings-enabled": each(() => "true"),
    "default-targets-metrics-keep-list": [
      each((names) => `"${[...names].sort().join("|")}"`),
      "minimalingestionprofile = true",
    ].join("\n"),
    "default-targets-scrape-interval-settings": each(() => `"${scrapeIntervalSeconds}s"`),
  };
}

function histogramSeries(name: string): string[] {
  return ["bucket", "sum", "count"].map((part) => `${name}_${part}`);
}

/** The object that the add-on looks for. Belongs to `platform`. */
export function declareAddonSettings(
  name: string,
  contracts: readonly MetricContract[],
  { parent, provider }: { readonly parent: pulumi.Resource; readonly provider: pulumi.ProviderResource },
): ConfigMap {
  return new ConfigMap(
    name,
    {
      metadata: {
        name: "ama-metrics-settings-configmap",
        namespace: "kube-system",
        labels: { "app.kubernetes.io/managed-by": "pulumi" },
      },
      data: addonSettings(contracts),
    },
    { ...objectOf(parent), provider },
  );
}
