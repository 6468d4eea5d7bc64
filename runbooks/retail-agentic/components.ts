import type { Environment } from "../model";
import { incidentReplicas } from "./limits";

/** What runs on the cluster. Numbers without an id are not the runbook's: it states none. */

/** Everything of the system on the cluster. The runbook's namespaces, staging and production, are stacks here. */
export const namespace = "retail-agentic";

/** Deployments and Services of the runbook without their colour (RET-060, RET-065, RET-142), and scrape jobs. */
export const deployments = {
  backend: "retail-backend",
  consumerWeb: "retail-consumer-web",
  adminWeb: "retail-admin-web",
} as const;

export type Component = keyof typeof deployments;

/** RET-142. */
export const backendPort = 8080;
/** Of both web apps; a web server that is not root cannot listen on 80. */
export const webPort = 8080;
/** Of both web apps' active Services. */
export const webServicePort = 80;

/** What the backend says of each store it stands on; `db` is PostgreSQL's (conflicts 66). */
export const dependencyPaths = {
  mongo: "/actuator/health/mongo",
  redis: "/actuator/health/redis",
  elasticsearch: "/actuator/health/elasticsearch",
  postgres: "/actuator/health/db",
} as const;

export const paths = {
  ids: ["RET-093", "RET-094", "RET-078", "RET-095", "RET-096", "RET-098", "RET-099", "RET-100"],
  conflicts: [66],
  /** From outside. */
  health: "/api/v1/health",
  version: "/api/v1/version",
  /** Inside the cluster alone. */
  actuatorHealth: "/actuator/health",
  /** Spring Boot's own groups for probes. */
  readiness: "/actuator/health/readiness",
  liveness: "/actuator/health/liveness",
  dependencies: Object.values(dependencyPaths),
  metrics: "/actuator/prometheus",
  web: "/",
  /** What the API's host lets through; the actuator answers nobody outside (RET-094). */
  publicApi: "/api",
  internal: "/actuator",
} as const;

/**
 * Templates of what kubelets, the prober, the scraper and releases ask the backend all the time: gates of their own
 * look at it.
 */
export const machineTemplates = [`${paths.internal}.*`, paths.health, paths.version];

/** Fewest pods of a colour that has traffic: two survive the loss of a node, three leave two while one is replaced. */
const fewestReplicas = { dev: 1, staging: 2, production: 3 } as const satisfies Record<Environment, number>;

/** The runbook goes up to 10 by hand (RET-106); the autoscaler may do so by itself. */
const mostReplicas = { dev: 2, staging: 4, production: incidentReplicas.latency } as const satisfies Record<
  Environment,
  number
>;

const webResources = {
  cpuMillicores: { request: 50, limit: 250 },
  memoryMebibytes: { request: 64, limit: 128 },
} as const;

/** Answer of the health paths (RET-093, RET-094). */
const up = { status: "UP" } as const;

/**
 * Components in the order in which a release switches them; a rollback goes in reverse. Each has an active Service, a
 * host and a track of its own. Backend first: the web apps of the old version call the API of the new one for a moment,
 * which an additive migration and an API that keeps its callers allow (conflicts 11). The web apps are blue and green
 * too: rolling ones would move traffic at `up` (docs/architecture.md).
 */
export const components = {
  ids: ["RET-032", "RET-065", "RET-059", "RET-060"],
  conflicts: [5, 60, 68],
  order: [deployments.backend, deployments.consumerWeb, deployments.adminWeb],
  backend: {
    name: deployments.backend,
    ids: ["RET-142", "RET-093", "RET-094", "RET-103", "RET-106"],
    port: backendPort,
    servicePort: backendPort,
    host: "api",
    expectedHealth: up,
    resources: {
      cpuMillicores: { request: 500, limit: 2000 },
      memoryMebibytes: { request: 1024, limit: 2048 },
    },
    fewestReplicas,
    mostReplicas,
  },
  consumerWeb: {
    name: deployments.consumerWeb,
    ids: ["RET-032", "RET-095"],
    port: webPort,
    servicePort: webServicePort,
    host: "consumer",
    resources: webResources,
    fewestReplicas,
    mostReplicas,
  },
  adminWeb: {
    name: deployments.adminWeb,
    ids: ["RET-032", "RET-096"],
    port: webPort,
    servicePort: webServicePort,
    host: "admin",
    resources: webResources,
    fewestReplicas,
    mostReplicas,
  },
} as const;

/** Usage at which a colour grows: the warning of CPU usage, so that growth comes with it. */
export const scaling = { ids: ["RET-125"], targetCpuPercent: 70 } as const;

/** Plain environment variables of the backend; the mail server's host is the owner's. */
export const plainVariables = {
  ids: ["RET-020", "RET-022", "RET-024", "RET-025", "RET-038"],
  /** Milliseconds: 24 hours. */
  JWT_EXPIRATION: "86400000",
  SMTP_PORT: "587",
  ENABLE_RATE_LIMITING: "true",
  ENABLE_CSRF_PROTECTION: "true",
} as const;

/** The namespace's quota fits both colours at full size beside the search engine and so many pods of other work. */
export const quota = { ids: ["RET-143"], otherPods: 12 } as const;
