import type * as pulumi from "@pulumi/pulumi";
import type { MetricExporter } from "../../../runbooks/prometheus";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { snapshotAlert } from "../../../runbooks/retail-agentic/alerts";
import type { Component } from "../../../runbooks/retail-agentic/components";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { MetricExporterDeployment } from "../../monitoring/metric-exporter";
import { ScrapeMonitors } from "../../monitoring/scrape-monitors";
import { declareSystemAlerts } from "../../monitoring/system-alerts";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { emulatedMetrics } from "./emulated-metrics";
import { type Hosts, healthUrlOf } from "./hosts";
import type { RetailNames } from "./names";
import { overHttps } from "./network";
import type { SecretValues } from "./secrets";

export interface WatchArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: RetailNames;
  readonly settings: SystemSettings<"retail-agentic">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly values: SecretValues;
  readonly searchInCluster: boolean;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Who hears, every alert of the contract, the probes and what is scraped, the budget. */
export function declareWatch(args: WatchArgs): void {
  declareSystemAlerts({
    ...args,
    contract: { ...contract, alerts: alertsOf(args.searchInCluster) },
    baseName: "retail",
    shortName: "retail",
  });
  declareScraping(args);
}

/** Elsewhere than in the cluster somebody else makes the snapshots. */
function alertsOf(searchInCluster: boolean) {
  return contract.alerts.filter(({ name }) => searchInCluster || name !== snapshotAlert);
}

function declareScraping({ name, settings, hosts, platform, namespace, onCluster }: WatchArgs): void {
  const { environment } = settings.stack;
  const exporters = exportersOf(hosts);
  for (const exporter of exporters) {
    if (exporter.kind !== "exporter") continue;
    new MetricExporterDeployment(
      `${name}-${exporter.name}`,
      {
        system: contract.system,
        environment,
        namespace,
        exporter,
        image: settings.own.exporterImages.blackbox,
        egress: [overHttps],
        emulated: platform.kubernetes.emulated,
        emulatedMetrics: emulatedMetrics(exporter.name),
      },
      onCluster,
    );
  }
  new ScrapeMonitors(
    `${name}-scrape`,
    { system: contract.system, environment, namespace: namespace.namespaceName, exporters },
    { ...onCluster, dependsOn: [namespace.namespace] },
  );
}

type Probe = Extract<(typeof contract.metrics.exporters)[number], { kind: "exporter" }>["name"];

/** Whose host a probe asks. */
const probed: Readonly<Record<Probe, Component>> = {
  "probe-backend": "backend",
  "probe-consumer-web": "consumerWeb",
  "probe-admin-web": "adminWeb",
};

/** The contract's exporters; a probe asks its host of this stack, through the edge, as a client does. */
function exportersOf(hosts: Hosts) {
  return contract.metrics.exporters.map((exporter) =>
    exporter.kind === "exporter"
      ? ({
          ...exporter,
          parameters: { ...exporter.parameters, target: [healthUrlOf(probed[exporter.name], hosts)] },
        } as const)
      : exporter,
  ) satisfies readonly MetricExporter[];
}
