import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { ExporterProgram, MetricExporter } from "../../../runbooks/prometheus";
import type { Egress } from "../../kubernetes/app-component";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { type ExporterContract, MetricExporterDeployment } from "../../monitoring/metric-exporter";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { overHttps, toCache, toDatabase } from "./components";
import { exporterMetrics } from "./emulated-metrics";
import type { Identities } from "./identities";
import type { KiranaStoreNames } from "./names";
import { podSecrets } from "./secrets";

type StoreProgram = Extract<(typeof contract.exporters)[number], { kind: "exporter" }>["exporter"];

/** Service accounts of the exporters that read a secret: an exporter's is named as its job. */
export const exporterAccounts: readonly string[] = contract.exporters.flatMap((exporter) =>
  "secretEnvironment" in exporter ? [exporter.job] : [],
);

const egress: Readonly<Record<StoreProgram, readonly Egress[]>> = {
  mongodb: [toDatabase],
  redis: [toCache],
  blackbox: [overHttps],
};

export interface ExportersArgs {
  readonly name: string;
  readonly names: KiranaStoreNames;
  readonly settings: SystemSettings<"kirana-store">;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly identities: Identities;
  readonly exporters: readonly MetricExporter[];
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Programs behind database-down, disk, cache and the probe (STO-157, STO-164, STO-163, STO-176). */
export function declareExporters(args: ExportersArgs): void {
  const { name, names, settings, platform, identities } = args;
  for (const exporter of args.exporters.filter(isDeployed)) {
    new MetricExporterDeployment(
      `${name}-${exporter.name}`,
      {
        system: contract.system,
        environment: settings.stack.environment,
        namespace: args.namespace,
        exporter,
        image: settings.own.exporterImages[exporter.exporter],
        ...(exporter.secretEnvironment && {
          secrets: { vaultName: names.vault, tenantId: settings.azure.tenantId, names: podSecrets },
          identityClientId: identities.exporters.clientId,
        }),
        egress: egress[exporter.exporter],
        emulated: platform.kubernetes.emulated,
        emulatedMetrics: exporterMetrics(exporter.name),
      },
      args.onCluster,
    );
  }
}

function isDeployed(
  exporter: MetricExporter,
): exporter is ExporterContract & { readonly exporter: StoreProgram } {
  const programs: readonly ExporterProgram[] = Object.keys(egress) as StoreProgram[];
  return exporter.kind === "exporter" && programs.includes(exporter.exporter);
}
