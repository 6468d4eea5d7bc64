import type { Environment, GateLimit } from "../model";
import type { MonitoringContract } from "../prometheus";
import { alertCounts, alerts } from "./alerts";
import { dashboards } from "./dashboards";
import { exporters } from "./exporters";
import { durations, limits } from "./limits";
import { metrics, routes } from "./metrics";
import {
  apiPrefix,
  backend,
  backendPort,
  frontend,
  frontendPort,
  healthPath,
  metricsPath,
  namespace,
  pagePath,
  versionPath,
} from "./names";
import { routing } from "./routing";
import { secrets } from "./secrets";
import { tasks } from "./tasks";

/**
 * The contract of kirana-store: every number of its runbook that a resource, a policy or a gate reads, with the
 * statements it comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */

/** Live limits of a release and the alert that watches each of them outside one. */
const gateLimits = [
  { name: "API answers", alert: "ApiProbeFailed", ids: ["STO-108", "STO-176"], conflicts: [52] },
  { name: "latency, hold", alert: "ApiLatencyAboveSla", ids: ["STO-115", "STO-136"], conflicts: [51] },
  { name: "error rate", alert: "ErrorRateHigh", ids: ["STO-078", "STO-135"], conflicts: [50] },
  { name: "cache hit rate", alert: "CacheHitRateLow", ids: ["STO-117"] },
  { name: "database latency", alert: "DatabaseSlowQueries", ids: ["STO-118"] },
  { name: "database replication", alert: "DatabaseReplicationLag", ids: ["STO-090", "STO-139"] },
  { name: "search", alert: "SearchSlow", ids: ["STO-126"] },
  { name: "payments", alert: "PaymentSuccessLow", ids: ["STO-205"] },
  { name: "containers", alert: "ContainerRestarting", ids: ["STO-114"] },
  { name: "scrape targets", alert: "ScrapeTargetDown", ids: ["STO-026"] },
] as const satisfies readonly GateLimit[];

/** "10 containers" in staging and production alike (STO-003, STO-067, STO-068); dev has as many, since they cost nothing. */
const everywhere = (pods: number) =>
  ({ dev: pods, staging: pods, production: pods }) as const satisfies Record<Environment, number>;

export const kiranaStore = {
  system: "kirana-store",

  /** Everything of the store on the cluster. */
  namespace: { ids: ["STO-066"], conflicts: [19, 20], name: namespace },

  /**
   * A colour: 10 containers, one in each pod. The runbook counts them and does not list them; docker-compose.prod.yml,
   * which would, is not supplied. It names two images, kirana-backend and kirana-frontend. What else the original ran
   * is no part of a colour here: MongoDB is a managed service that both colours share, the load balancer is the
   * gateway, Prometheus, Grafana and Alertmanager are the platform's. So the 10 are pods of these two: 6 of the backend,
   * which does the work, 4 of the frontend. docs/catalogue.md asks the owner for the list.
   *
   * Traffic enters a colour by its frontend, which serves the web app and passes `/api` on to the backend of its own
   * colour. So one route with weights moves the whole colour, as the runbook's single load balancer does, and no page of
   * one version calls the API of the other within a request. Order: the backend is ready before the frontend calls it.
   */
  components: {
    ids: ["STO-003", "STO-067", "STO-068", "STO-098", "STO-114", "STO-234", "STO-244"],
    conflicts: [5, 14, 19, 59],
    containersPerColour: 10,
    order: ["backend", "frontend"],
    entry: "frontend",
    backend: {
      name: backend,
      port: backendPort,
      healthPath,
      metricsPath,
      versionPath,
      ids: ["STO-067", "STO-102", "STO-103", "STO-142"],
      conflicts: [15],
      fewestReplicas: everywhere(6),
      mostReplicas: { dev: 6, staging: 6, production: 18 },
      resources: {
        requestMillicores: 250,
        limitMillicores: 1000,
        requestMebibytes: 512,
        limitMebibytes: 1024,
      },
    },
    frontend: {
      name: frontend,
      port: frontendPort,
      healthPath: pagePath,
      metricsPath,
      ids: ["STO-104", "STO-067"],
      fewestReplicas: everywhere(4),
      mostReplicas: { dev: 4, staging: 4, production: 12 },
      resources: { requestMillicores: 100, limitMillicores: 500, requestMebibytes: 128, limitMebibytes: 256 },
    },
  },

  /** Not the runbook's: it states none. Below its memory alert and with room for a surge while pods start. */
  scaling: { ids: ["STO-204"], targetCpuPercent: 70 },

  /** One HTTPRoute with weights, which the track makes and the release moves. */
  ramp: {
    ids: ["STO-066", "STO-075", "STO-107", "STO-109", "STO-141"],
    conflicts: [4, 5, 19, 48, 54],
    initial: "blue",
    route: namespace,
    weights: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    everyMinutes: 10,
    /** Hours that the former colour stays ready after the last step. */
    watchMinutes: { ids: ["STO-129", "STO-140"], conflicts: [16], value: 240 },
  },

  /** What the outside may ask for, and how often. */
  edge: {
    ids: ["STO-018", "STO-051", "STO-052", "STO-056", "STO-057", "STO-058", "STO-060"],
    conflicts: [55, 59],
    requestsPerMinutePerAddress: 100,
    /** What is counted: the limit is the API's, and a page alone asks for dozens of files (STO-051). */
    countedPaths: [apiPrefix],
    publicPorts: [80, 443],
    /** Answered outside by nobody: metrics are read inside the cluster. */
    blockedPaths: [metricsPath, "/api/metrics"],
    admin: { ids: ["STO-044", "STO-059"], pathPrefixes: ["/admin", "/api/admin"] },
    headers: {
      ids: ["STO-060", "STO-048"],
      /** Adds to the edge's own headers; sources are the store itself and its sockets. */
      contentSecurityPolicy:
        "default-src 'self'; connect-src 'self' wss:; img-src 'self' data: https:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
      permissionsPolicy: "camera=(), microphone=(), geolocation=(self)",
    },
  },

  database: {
    ids: ["STO-049", "STO-093", "STO-090"],
    conflicts: [19, 67],
    name: "kirana_store",
    serverVersion: "8.0",
    administratorLogin: "kiranastore",
    /** The managed backup reaches back 35 days; the runbook states nothing, so 30 is what may be relied on. */
    backup: { ids: ["STO-050", "STO-133"], conflicts: [18, 53], retentionDays: 30 },
    drillDatabase: { ids: ["STO-034"], conflicts: [53], name: "kirana_store_drill" },
  },

  /** Where integration tests on production and seeded data live (conflicts 58). */
  testTenant: {
    ids: ["STO-072", "STO-129"],
    conflicts: [58],
    id: "release-test",
    database: "kirana_store_test",
  },

  cache: { ids: ["STO-025", "STO-091"] },

  dumps: {
    ids: ["STO-094", "STO-143"],
    conflicts: [18, 53],
    container: "dumps",
    /** A release's dump is `prod-YYYYMMDD-HHMMSS`; restored by the same recorded name. */
    namePrefix: "prod-",
    retentionDays: 30,
  },

  /** Security events, audit trails, rotated container logs, intrusion detection. */
  audit: {
    ids: ["STO-061", "STO-062", "STO-063", "STO-064"],
    retentionDays: 30,
    logFileMegabytes: 50,
    logFiles: 5,
  },

  support: { ids: ["STO-187", "STO-188"], mailbox: "support@kirana.com" },

  /** Days that logs and backups are kept (conflicts 18). */
  retentionDays: 30,

  limits,
  durations,
  routes,
  secrets,
  exporters,
  metrics,
  alerts,
  alertCounts,
  routing,
  dashboards,
  tasks,
  gateLimits,
} as const;

/** What monitoring is made from. */
export const kiranaStoreMonitoring: MonitoringContract = {
  system: "kirana-store",
  metrics: { exporters, metrics },
  alerts,
  routing,
  dashboards,
};
