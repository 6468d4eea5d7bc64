import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { newSideHealth } from "../../../runbooks/kirana-store/limits";
import type { Environment } from "../../../runbooks/model";
import { colours } from "../../../runbooks/target";
import type { AppComponent, ComponentSecrets, Egress, HttpProbe } from "../../kubernetes/app-component";
import { colourName } from "../../kubernetes/labels";
import { scrapeIngress } from "../../monitoring/scrape-monitors";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { backendMetrics, frontendMetrics } from "./emulated-metrics";
import type { KiranaStoreNames } from "./names";
import { podSecrets } from "./secrets";

const { backend, frontend } = contract.components;
type ComponentName = "backend" | "frontend";

export interface ComponentsArgs {
  readonly settings: SystemSettings<"kirana-store">;
  readonly names: KiranaStoreNames;
  readonly platform: PlatformServices;
  readonly backendClientId: pulumi.Input<string>;
}

/** Private addresses (RFC 1918): database and cache have one within the network. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const everywhere = ["0.0.0.0/0"];
/** Ports of Azure DocumentDB, Azure Managed Redis, HTTPS, and mail with STARTTLS. */
const ports = { database: 10_260, cache: 10_000, https: 443, mail: 587 } as const;

export const toDatabase: Egress = { ranges: privateRanges, ports: [ports.database] };
export const toCache: Egress = { ranges: privateRanges, ports: [ports.cache] };
/** The payment gateway, Azure's services and whatever has no fixed address. */
export const overHttps: Egress = { ranges: everywhere, ports: [ports.https] };
const toMail: Egress = { ranges: everywhere, ports: [ports.mail] };

/** Backend first: the frontend of a colour calls the backend of the same colour. */
export function componentsOf(args: ComponentsArgs): readonly AppComponent[] {
  return [backendOf(args), frontendOf(args)];
}

function backendOf({ settings, names, backendClientId }: ComponentsArgs): AppComponent {
  const { own, stack } = settings;
  return {
    ...common("backend", stack.environment),
    environmentVariables: {
      PORT: String(backend.port),
      // One origin: what the store's own pages call. A wildcard would let any page act for its visitor (STO-052).
      CORS_ALLOWED_ORIGINS: `https://${own.host}`,
      PUBLIC_URL: `https://${own.host}`,
      MAIL_HOST: own.mailHost,
      MAIL_PORT: String(ports.mail),
      MAIL_USER: contract.support.mailbox,
      // Requests of this tenant work on its own database and pay in the sandbox (conflicts 58).
      TEST_TENANT_ID: contract.testTenant.id,
      // Proxies whose word about the caller's address is taken: gateway and edge, not a caller's own header.
      TRUSTED_PROXIES: privateRanges.join(","),
    },
    secrets: vaultSecrets(settings, names, podSecrets),
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "256Mi" }],
    identityClientId: backendClientId,
    ingress: [{ labels: { app: frontend.name } }, scrapeIngress(backend.port)],
    egress: [toDatabase, toCache, overHttps, toMail],
    metrics: { port: backend.port, path: backend.metricsPath },
    emulatedBackend: {
      paths: { [backend.healthPath]: { body: { status: "healthy" } } },
      versionPath: backend.versionPath,
      metricsPath: backend.metricsPath,
      metrics: backendMetrics(),
    },
  };
}

function frontendOf({ settings, platform }: ComponentsArgs): AppComponent {
  const { own, stack } = settings;
  const backendOfColour = colours.map((colour) => [
    colour,
    `http://${colourName(backend.name, colour)}:${backend.port}`,
  ]);
  return {
    ...common("frontend", stack.environment),
    environmentVariables: {
      PORT: String(frontend.port),
      PUBLIC_URL: `https://${own.host}`,
    },
    variablesByColour: {
      BACKEND_URL: Object.fromEntries(backendOfColour) as Record<"blue" | "green", string>,
    },
    writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "128Mi" }],
    ingress: [{ namespace: platform.gateway.namespace }, scrapeIngress(frontend.port)],
    egress: [{ toComponent: backend.name, ports: [backend.port] }],
    previewHosts: { blue: previewHost("blue", own.host), green: previewHost("green", own.host) },
    metrics: { port: frontend.port, path: frontend.metricsPath },
    emulatedBackend: {
      webSockets: true,
      // The emulated program passes nothing on: it answers in its backend's place what a release asks at the entry.
      paths: {
        [frontend.healthPath]: { body: "<!doctype html><title>Kirana Store</title>" },
        [backend.healthPath]: { body: { status: "healthy" } },
      },
      versionPath: backend.versionPath,
      metricsPath: frontend.metricsPath,
      metrics: frontendMetrics(),
    },
  };
}

/** Host under which a release reaches a colour that has no traffic; the edge does not know it, so nobody outside does. */
export function previewHost(colour: string, host: string): string {
  return `${colour}.preview.${host}`;
}

function common(component: ComponentName, environment: Environment) {
  const { name, port, healthPath, fewestReplicas, mostReplicas } = contract.components[component];
  return {
    name,
    port,
    probes: probesOf(healthPath),
    resources: resourcesOf(component),
    scaling: {
      minimumReplicas: fewestReplicas[environment],
      maximumReplicas: mostReplicas[environment],
      targetCpuPercent: contract.scaling.targetCpuPercent,
    },
  };
}

function resourcesOf(component: ComponentName): AppComponent["resources"] {
  const { requestMillicores, limitMillicores, requestMebibytes, limitMebibytes } =
    contract.components[component].resources;
  return {
    requests: { cpu: `${requestMillicores}m`, memory: `${requestMebibytes}Mi` },
    limits: { cpu: `${limitMillicores}m`, memory: `${limitMebibytes}Mi` },
  };
}

/** How long the kubelet waits for an answer, and after how many looks a running pod is out. No runbook's. */
const probing = { waitSeconds: 5, readinessFailures: 3, liveness: [20, 6] } as const;

/** A container that starts is asked as often, and for as long, as the release asks the new side (STO-102). */
function probesOf(path: string): AppComponent["probes"] {
  const every = (periodSeconds: number, failureThreshold: number): HttpProbe => ({
    path,
    periodSeconds,
    timeoutSeconds: probing.waitSeconds,
    failureThreshold,
  });
  const { everySeconds, withinSeconds } = newSideHealth;
  return {
    startup: every(everySeconds, withinSeconds / everySeconds),
    readiness: every(everySeconds, probing.readinessFailures),
    liveness: every(...probing.liveness),
  };
}

export function vaultSecrets(
  { azure }: SystemSettings<"kirana-store">,
  names: KiranaStoreNames,
  variables: Readonly<Record<string, string>>,
): ComponentSecrets {
  return { vaultName: names.vault, tenantId: azure.tenantId, variables };
}
