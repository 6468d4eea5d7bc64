import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { durations } from "../../../runbooks/case-management/limits";
import { secondsPerMinute } from "../../../runbooks/entry-basics";
import type {
  AppComponent,
  ComponentSecrets,
  Egress,
  EmulatedMetric,
  HttpProbe,
  Ingress,
} from "../../kubernetes/app-component";
import { apiServerIngress } from "../../kubernetes/network-policies";
import { scrapeIngress } from "../../monitoring/scrape-monitors";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { type Hosts, previewHostsOf } from "./hosts";
import type { CaseManagementNames } from "./names";

export interface ComponentsArgs {
  readonly settings: SystemSettings<"case-management">;
  readonly names: CaseManagementNames;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly backendClientId: pulumi.Input<string>;
}

const { backend, frontend } = contract.components;
type ComponentName = "backend" | "frontend";

/** Private addresses (RFC 1918): database and cache have one within the network. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;
const everywhere = ["0.0.0.0/0"] as const;
const httpsPort = 443;
/** Port of Azure Managed Redis. */
const cachePort = 10_000;

/** Azure's services and whatever has no fixed address, over HTTPS. */
export const overHttps: Egress = { ranges: everywhere, ports: [httpsPort] };
export const toCache: Egress = { ranges: privateRanges, ports: [cachePort] };
export const toDatabase: Egress = { ranges: privateRanges, ports: [contract.database.port] };

/** Backend first: the order in which a release switches them. */
export function componentsOf(args: ComponentsArgs): readonly AppComponent[] {
  return [backendOf(args), frontendOf(args)];
}

function backendOf({ settings, names, hosts, platform, backendClientId }: ComponentsArgs): AppComponent {
  return {
    ...common("backend", settings),
    environmentVariables: {
      ...node(backend.port),
      CORS_ALLOWED_ORIGINS: `https://${hosts.web}`,
      APP_URL: `https://${hosts.web}`,
      AZURE_STORAGE_ACCOUNT: names.uploads,
      UPLOADS_CONTAINER: contract.files.uploads,
    },
    secrets: vaultSecrets(settings, names, backendVariables()),
    // Uploads are taken in before they go to storage; npm writes its logs where it may.
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "1Gi" }],
    identityClientId: backendClientId,
    // The frontend renders pages with it; the exporter and the probe ask it; Prometheus scrapes it.
    ingress: [...fromOutside(platform), {}, scrapeIngress(backend.port), apiServerIngress(backend.port)],
    egress: [toDatabase, toCache, overHttps],
    metrics: { port: backend.port, path: backend.metricsPath },
    emulatedBackend: {
      paths: { [backend.healthPath]: { body: { status: "ok", version: "$version" } } },
      versionPath: "/version",
      metricsPath: backend.metricsPath,
      metrics: emulatedMetrics(),
    },
  };
}

function frontendOf({ settings, hosts, platform }: ComponentsArgs): AppComponent {
  return {
    ...common("frontend", settings),
    environmentVariables: {
      ...node(frontend.port),
      API_URL: `https://${hosts.api}`,
      INTERNAL_API_URL: `http://${backend.name}:${backend.servicePort}`,
    },
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "256Mi" }],
    ingress: [...fromOutside(platform), {}],
    egress: [{ toComponent: backend.name, ports: [backend.port] }],
    emulatedBackend: {
      paths: { [frontend.healthPath]: { body: { status: "ok" } } },
      versionPath: "/version",
    },
  };
}

function fromOutside({ gateway }: PlatformServices): readonly Ingress[] {
  return [{ namespace: gateway.namespace }];
}

function common(component: ComponentName, { stack, own }: SystemSettings<"case-management">) {
  const { name, port, healthPath, fewestReplicas, mostReplicas } = contract.components[component];
  return {
    name,
    port,
    probes: probesOf(healthPath),
    resources: resourcesOf(component),
    scaling: {
      minimumReplicas: fewestReplicas[stack.environment],
      maximumReplicas: mostReplicas[stack.environment],
      targetCpuPercent: contract.scaling.targetCpuPercent,
    },
    previewHosts: previewHostsOf(name, own.domain),
  };
}

export function resourcesOf(component: ComponentName): AppComponent["resources"] {
  const { cpuMillicores, memoryMebibytes } = contract.components[component].resources;
  return {
    requests: { cpu: `${cpuMillicores.request}m`, memory: `${memoryMebibytes.request}Mi` },
    limits: { cpu: `${cpuMillicores.limit}m`, memory: `${memoryMebibytes.limit}Mi` },
  };
}

/** How often the kubelet looks, for how long it waits, and after how long each probe gives up. No runbook's. */
const probing = { waitSeconds: 5, startup: [5, 120], readiness: [10, 30], livenessEverySeconds: 20 } as const;

/**
 * The one health path answers all three. A pod leaves the Service after half a minute; it is restarted only after as long
 * as a release waits for it (CAS-085), since the path may look at the database, which no restart mends.
 */
function probesOf(path: string): AppComponent["probes"] {
  const every = (periodSeconds: number, givesUpSeconds: number): HttpProbe => ({
    path,
    periodSeconds,
    timeoutSeconds: probing.waitSeconds,
    failureThreshold: givesUpSeconds / periodSeconds,
  });
  return {
    startup: every(...probing.startup),
    readiness: every(...probing.readiness),
    liveness: every(probing.livenessEverySeconds, durations.healthRollback * secondsPerMinute),
  };
}

function node(port: number): Record<string, string> {
  return { NODE_ENV: "production", PORT: String(port), NPM_CONFIG_CACHE: "/tmp/npm" };
}

/** Environment variable to name of the vault's secret, of those that the backend reads. */
export function backendVariables(): Record<string, string> {
  return Object.fromEntries(
    contract.secrets.flatMap((secret) => ("appSetting" in secret ? [[secret.appSetting, secret.name]] : [])),
  );
}

export function vaultSecrets(
  { azure }: SystemSettings<"case-management">,
  names: CaseManagementNames,
  variables: Readonly<Record<string, string>>,
): ComponentSecrets {
  return { vaultName: names.vault, tenantId: azure.tenantId, variables };
}

/** The backend's series of the metric contract, as the emulated program shows them. */
function emulatedMetrics(): readonly EmulatedMetric[] {
  const labels = { method: "$method", route: "$path" };
  return contract.metrics.metrics
    .filter(({ exporter }) => exporter === "backend")
    .map(({ name, type }): EmulatedMetric => {
      if (type === "gauge") return { name, type, value: 0 };
      if (type === "histogram") return { name, type, labels };
      return { name, type, labels: { ...labels, status: "$status" }, counts: "requests" };
    });
}
