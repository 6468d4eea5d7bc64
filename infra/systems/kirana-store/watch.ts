import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract, kiranaStoreMonitoring } from "../../../runbooks/kirana-store";
import type { MetricExporter } from "../../../runbooks/prometheus";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { ScrapeMonitors } from "../../monitoring/scrape-monitors";
import { declareSystemAlerts } from "../../monitoring/system-alerts";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { declareExporters } from "./exporters";
import type { Identities } from "./identities";
import type { KiranaStoreNames } from "./names";
import type { SecretValues } from "./secrets";

export interface WatchArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaStoreNames;
  readonly settings: SystemSettings<"kirana-store">;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly values: SecretValues;
  readonly identities: Identities;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Who hears, all 28 rules, exporters and what is scraped, the budget. */
export function declareWatch(args: WatchArgs): void {
  declareSystemAlerts({
    ...args,
    contract: kiranaStoreMonitoring,
    baseName: "kirana-store",
    shortName: "store",
  });
  const exporters = exportersOf(args.settings.own.host);
  declareExporters({ ...args, exporters });
  new ScrapeMonitors(
    `${args.name}-scrape`,
    {
      system: contract.system,
      environment: args.settings.stack.environment,
      namespace: args.namespace.namespaceName,
      exporters,
    },
    { ...args.onCluster, dependsOn: [args.namespace.namespace] },
  );
}

/** The contract's exporters; the probe asks the host of this stack, through the edge, as a client does. */
function exportersOf(host: string): readonly MetricExporter[] {
  const target = `https://${host}${contract.components.backend.healthPath}`;
  return contract.exporters.map((exporter) =>
    "parameters" in exporter
      ? { ...exporter, parameters: { ...exporter.parameters, target: [target] } }
      : exporter,
  );
}
