import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import type { MetricExporter } from "../../../runbooks/prometheus";
import type { Egress, EmulatedMetric } from "../../kubernetes/app-component";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { MetricExporterDeployment } from "../../monitoring/metric-exporter";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { backendVariables, overHttps, toDatabase } from "./components";
import type { Hosts } from "./hosts";
import type { Identities } from "./identities";
import type { CaseManagementNames } from "./names";

type Deployed = Extract<(typeof contract.metrics.exporters)[number], { kind: "exporter" }>;

const { backend, frontend } = contract.components;

const egress: Readonly<Record<Deployed["name"], readonly Egress[]>> = {
  postgres: [toDatabase],
  "probe-backend": [{ toComponent: backend.name, ports: [backend.port] }],
  "probe-frontend": [{ toComponent: frontend.name, ports: [frontend.port] }],
  "edge-backend": [overHttps],
  "edge-frontend": [overHttps],
};

/** The contract's exporters; a probe of a public host asks that of this stack. */
export function exportersOf(hosts: Hosts) {
  const targets: Readonly<Partial<Record<string, string>>> = {
    "edge-backend": `https://${hosts.api}${backend.healthPath}`,
    "edge-frontend": `https://${hosts.web}${frontend.healthPath}`,
  };
  return contract.metrics.exporters.map((exporter) => {
    const target = targets[exporter.name];
    return target === undefined || !("parameters" in exporter)
      ? exporter
      : ({ ...exporter, parameters: { ...exporter.parameters, target: [target] } } as const);
  }) satisfies readonly MetricExporter[];
}

export interface ExportersArgs {
  readonly name: string;
  readonly names: CaseManagementNames;
  readonly settings: SystemSettings<"case-management">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly identities: Identities;
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Programs behind database-down, the health checks and the public hosts (CAS-076, CAS-080, CAS-085, CAS-023). */
export function declareExporters(args: ExportersArgs): void {
  const { name, names, settings, hosts, platform, namespace, identities, onCluster } = args;
  for (const exporter of exportersOf(hosts)) {
    if (exporter.kind !== "exporter") continue;
    new MetricExporterDeployment(
      `${name}-${exporter.name}`,
      {
        system: contract.system,
        environment: settings.stack.environment,
        namespace,
        exporter,
        image: settings.own.exporterImages[exporter.exporter],
        ...("secretEnvironment" in exporter && {
          secrets: {
            vaultName: names.vault,
            tenantId: settings.azure.tenantId,
            names: backendVariables(),
          },
          identityClientId: identities.exporters.clientId,
        }),
        egress: egress[exporter.name],
        emulated: platform.kubernetes.emulated,
        emulatedMetrics: emulatedMetrics(exporter.name),
      },
      onCluster,
    );
  }
}

const secondsPerYear = 365 * 24 * 60 * 60;
/** A day of 2036: the certificates of the emulated hosts last as long as anybody tries this. */
const certificateEnd = 66 * secondsPerYear;

/** What an exporter of a system that is well shows. */
function emulatedMetrics(exporter: Deployed["name"]): readonly EmulatedMetric[] {
  const labels = { datid: "16384", datname: contract.database.name };
  return contract.metrics.metrics
    .filter((metric) => metric.exporter === exporter)
    .map(({ name, type, unit }): EmulatedMetric => {
      if (unit === "boolean") return { name, type: "gauge", value: 1 };
      if (unit === "timestamp") return { name, type: "gauge", value: certificateEnd };
      return type === "counter"
        ? { name, type, labels, ratePerSecond: 1 }
        : { name, type: "gauge", labels, value: 5 };
    });
}
