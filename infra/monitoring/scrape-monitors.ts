import * as pulumi from "@pulumi/pulumi";
import type { MetricExporter } from "../../runbooks/prometheus";
import type { Ingress } from "../kubernetes/app-component";
import { customResource } from "../kubernetes/custom-resource";
import { colourLabel } from "../kubernetes/labels";
import { objectOf } from "../kubernetes/options";

/** Exporters that are scraped by an object of the system's own; the add-on brings its targets along. */
export type ScrapedExporter = Extract<MetricExporter, { kind: "application" | "exporter" }>;

export const scrapeIntervalSeconds = 30;

export interface ScrapeMonitorsArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: string;
  readonly exporters: readonly MetricExporter[];
}

/** Pods of the add-on that ask for metrics; a component's network policy lets them in. */
export function scrapeIngress(port: number): Ingress {
  return { namespace: "kube-system", labels: { rsName: "ama-metrics" }, ports: [port] };
}

export function isScraped(exporter: MetricExporter): exporter is ScrapedExporter {
  return exporter.kind !== "addon";
}

/**
 * Tells Azure's add-on what to scrape in the system's namespace: a PodMonitor per exporter, of pods whose label `app` is
 * the exporter's job. Both colours have one job and are told apart by the label `deployment`.
 */
export class ScrapeMonitors extends pulumi.ComponentResource {
  constructor(name: string, args: ScrapeMonitorsArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:monitoring:ScrapeMonitors", name, {}, options);
    for (const exporter of args.exporters.filter(isScraped)) {
      customResource(`${name}-${exporter.name}`, podMonitor(args, exporter), objectOf(this));
    }
    this.registerOutputs({});
  }
}

/** The add-on watches this group, not that of the Prometheus operator (Microsoft Learn, "Create custom scrape jobs using CRDs"). */
export function podMonitor(
  { system, environment, namespace }: Omit<ScrapeMonitorsArgs, "exporters">,
  exporter: ScrapedExporter,
) {
  const parameters = exporter.kind === "exporter" ? exporter.parameters : undefined;
  return {
    apiVersion: "azmonitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: {
      name: exporter.name,
      namespace,
      labels: {
        "app.kubernetes.io/name": exporter.name,
        "app.kubernetes.io/part-of": system,
        "app.kubernetes.io/managed-by": "pulumi",
        "switchyard.dev/environment": environment,
      },
    },
    spec: {
      selector: { matchLabels: { app: exporter.job } },
      namespaceSelector: { matchNames: [namespace] },
      ...(exporter.kind === "application" && { podTargetLabels: [colourLabel] }),
      podMetricsEndpoints: [
        {
          // By number: the port of a container has another name where metrics have a port of their own. `portNumber` would
          // say the same, but the add-on's definition of the kind may be older than that field.
          targetPort: exporter.port,
          path: exporter.path,
          scheme: "http",
          interval: `${scrapeIntervalSeconds}s`,
          ...(parameters && { params: parameters }),
          relabelings: [
            { action: "replace", targetLabel: "job", replacement: exporter.job },
            // What is probed, not who probes.
            ...(parameters?.target
              ? [{ action: "replace", targetLabel: "instance", replacement: parameters.target.join(",") }]
              : []),
          ],
        },
      ],
    },
  };
}
