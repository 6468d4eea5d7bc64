import type * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { type Component, paths } from "../../../runbooks/retail-agentic/components";
import type { AppComponent, ComponentSecrets, HttpProbe } from "../../kubernetes/app-component";
import { apiServerIngress } from "../../kubernetes/network-policies";
import { scrapeIngress } from "../../monitoring/scrape-monitors";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { emulatedMetrics } from "./emulated-metrics";
import { type Hosts, previewHostsOf } from "./hosts";
import { overHttps, toCache, toDocuments, toMail, toRelational, toSearch } from "./network";
import { certificateSecret } from "./search";

export interface ComponentsArgs {
  readonly settings: SystemSettings<"retail-agentic">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly secrets: ComponentSecrets;
  readonly backendClientId: pulumi.Input<string>;
}

/** In the order in which a release switches them. */
export function componentsOf(args: ComponentsArgs): readonly AppComponent[] {
  return [backendOf(args), webOf("consumerWeb", args), webOf("adminWeb", args)];
}

function backendOf(args: ComponentsArgs): AppComponent {
  const { settings, hosts, platform, secrets, backendClientId } = args;
  const { own, stack } = settings;
  const { ids: _sources, ...plain } = contract.plainVariables;
  const { port, expectedHealth } = contract.components.backend;
  const inCluster = own.elasticsearch === "in-cluster";
  const up = { body: expectedHealth };
  return {
    ...common("backend", settings),
    port,
    // The health that users see looks at databases, which no restart mends: Spring Boot has a group for each probe.
    probes: {
      startup: every(paths.liveness, 5, 60),
      readiness: every(paths.readiness, 10, 3),
      liveness: every(paths.liveness, 15, 4),
    },
    environmentVariables: {
      ...plain,
      SMTP_HOST: own.smtpHost,
      SPRING_PROFILES_ACTIVE: "prod",
      SERVER_PORT: String(port),
      SERVER_SHUTDOWN: "graceful",
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: "health,prometheus",
      MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED: "true",
      MANAGEMENT_METRICS_DISTRIBUTION_PERCENTILES_HISTOGRAM_HTTP_SERVER_REQUESTS: "true",
      CORS_ALLOWED_ORIGINS: [hosts.consumerWeb, hosts.adminWeb].map((host) => `https://${host}`).join(","),
    },
    secrets,
    ...(inCluster &&
      stack.environment !== "dev" && {
        clusterSecrets: { ELASTICSEARCH_CA_CERTIFICATE: { secret: certificateSecret, key: "ca.crt" } },
      }),
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "1Gi" }],
    identityClientId: backendClientId,
    ingress: [{ namespace: platform.gateway.namespace }, scrapeIngress(port), apiServerIngress(port)],
    egress: [toDocuments, toRelational, toCache, ...(inCluster ? [toSearch] : []), toMail, overHttps],
    metrics: { port, path: paths.metrics },
    emulatedBackend: {
      paths: {
        [paths.health]: up,
        [paths.actuatorHealth]: up,
        [paths.readiness]: up,
        [paths.liveness]: up,
        ...Object.fromEntries(paths.dependencies.map((path) => [path, up])),
      },
      versionPath: paths.version,
      metricsPath: paths.metrics,
      metrics: emulatedMetrics("backend"),
    },
  };
}

/** A web app: files that call the API by its public host. */
function webOf(
  component: "consumerWeb" | "adminWeb",
  { settings, hosts, platform }: ComponentsArgs,
): AppComponent {
  const { port } = contract.components[component];
  return {
    ...common(component, settings),
    port,
    probes: {
      startup: every(paths.web, 5, 12),
      readiness: every(paths.web, 10, 3),
      liveness: every(paths.web, 20, 3),
    },
    environmentVariables: { PORT: String(port), API_URL: `https://${hosts.backend}` },
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "64Mi" }],
    ingress: [{ namespace: platform.gateway.namespace }],
    egress: [],
    emulatedBackend: {
      paths: { [paths.web]: { body: contract.components[component].name } },
      versionPath: "/version",
    },
  };
}

function common(component: Component, { stack, own }: SystemSettings<"retail-agentic">) {
  const { name, fewestReplicas, mostReplicas, resources } = contract.components[component];
  const { cpuMillicores, memoryMebibytes } = resources;
  return {
    name,
    resources: {
      requests: { cpu: `${cpuMillicores.request}m`, memory: `${memoryMebibytes.request}Mi` },
      limits: { cpu: `${cpuMillicores.limit}m`, memory: `${memoryMebibytes.limit}Mi` },
    },
    scaling: {
      minimumReplicas: fewestReplicas[stack.environment],
      maximumReplicas: mostReplicas[stack.environment],
      targetCpuPercent: contract.scaling.targetCpuPercent,
    },
    previewHosts: previewHostsOf(component, own.domain),
  };
}

function every(path: string, periodSeconds: number, failureThreshold: number): HttpProbe {
  return { path, periodSeconds, timeoutSeconds: 5, failureThreshold };
}
