import type { Environment, GateLimit } from "../model";
import { alerts } from "./alerts";
import { dashboards, databaseName } from "./dashboards";
import { limits } from "./limits";
import { appPort, deployments, healthPaths, metrics, metricsPath, namespace, servicePort } from "./metrics";
import { routing } from "./routing";
import { secrets } from "./secrets";
import { rowCountsQuery, tasks } from "./tasks";

/**
 * The contract of case-management: every number of its runbook that a resource, a policy or a gate reads, with the
 * statements it comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */

/** Live limits of a release and the alert that watches each of them outside one. */
const gateLimits = [
  { name: "error rate, pass", alert: "ErrorRateWarning", ids: ["CAS-066"] },
  { name: "error rate, ask for a rollback", alert: "ErrorRateCritical", ids: ["CAS-078"], conflicts: [76] },
  { name: "error rate, roll back", alert: "ErrorRateRollback", ids: ["CAS-086"] },
  { name: "response time, hold", alert: "ResponseTimeWarning", ids: ["CAS-082"] },
  { name: "response time, page", alert: "ResponseTimeCritical", ids: ["CAS-079"], conflicts: [2] },
  { name: "health", alert: "HealthCheckFailing", ids: ["CAS-085"] },
  { name: "critical service", alert: "CriticalServiceUnavailable", ids: ["CAS-087"] },
  { name: "CPU", alert: "CpuHigh", ids: ["CAS-067"], conflicts: [76] },
  { name: "memory", alert: "MemoryHigh", ids: ["CAS-068"], conflicts: [76] },
  { name: "database", alert: "DatabaseDown", ids: ["CAS-024"] },
] as const satisfies readonly GateLimit[];

/**
 * Fewest pods of a colour that has traffic. Not the runbook's: it states none. Two survive the loss of a node, three
 * leave two while one is replaced.
 */
const fewestReplicas = { dev: 1, staging: 2, production: 3 } as const satisfies Record<Environment, number>;

/** Most pods of a colour; not the runbook's. */
const mostReplicas = { dev: 2, staging: 4, production: 10 } as const satisfies Record<Environment, number>;

export const caseManagement = {
  system: "case-management",

  /** Everything of the system on the cluster; no command of the runbook names one. */
  namespace: { ids: ["CAS-056"], name: namespace },

  /**
   * Components in the order in which a release switches them; a rollback goes in reverse. Each has an active Service
   * and a track of its own, since each has a host of its own. Backend first: the frontend of the old version calls the
   * API of the new one for a moment, which an additive migration and an API that keeps its callers allow (conflicts 11).
   */
  components: {
    ids: ["CAS-056", "CAS-001", "CAS-051", "CAS-090"],
    conflicts: [5, 72],
    order: [deployments.backend, deployments.frontend],
    backend: {
      name: deployments.backend,
      port: appPort,
      servicePort,
      healthPath: healthPaths.backend,
      metricsPath,
      host: "api",
      ids: ["CAS-021", "CAS-054", "CAS-056", "CAS-075", "CAS-094"],
      resources: {
        cpuMillicores: { request: 250, limit: 1000 },
        memoryMebibytes: { request: 512, limit: 1024 },
      },
      fewestReplicas,
      mostReplicas,
    },
    frontend: {
      name: deployments.frontend,
      port: appPort,
      servicePort,
      healthPath: healthPaths.frontend,
      host: "web",
      ids: ["CAS-022", "CAS-055", "CAS-056", "CAS-094"],
      resources: {
        cpuMillicores: { request: 100, limit: 500 },
        memoryMebibytes: { request: 256, limit: 512 },
      },
      fewestReplicas,
      mostReplicas,
    },
  },

  /** The day of the release; another release of one day has a counter behind it (conflicts 14). */
  version: {
    ids: ["CAS-035"],
    conflicts: [14],
    pattern: "^\\d{4}\\.\\d{2}\\.\\d{2}(?:\\.[2-9]|\\.[1-9]\\d+)?$",
  },

  /** Usage at which a colour grows: the limit of a release's validation, so that growth comes before its failure. */
  scaling: { ids: ["CAS-067"], conflicts: [76], targetCpuPercent: limits.cpuPercent.validation },

  /**
   * Hosts below the owner's domain, which the runbook leaves as yourdomain.com. It gives one host of staging only;
   * the API's there follows the same pattern.
   */
  hosts: {
    ids: ["CAS-023"],
    conflicts: [21, 22],
    /** What the runbook prints in the place of the domain; no stack may keep it. */
    placeholderDomain: "yourdomain.com",
    production: { api: "api.", web: "" },
    staging: { api: "api.staging.", web: "staging." },
    dev: { api: "api.", web: "" },
  },

  /** On the web host the runbook asks the backend's health in staging; it is routed there in every environment. */
  stagingHealth: { ids: ["CAS-048"], path: "/health", component: "backend" },

  /**
   * Services of others that the backend calls. The runbook asks /v3/user/profile, which a key that may only send mail
   * is refused on; every key may read its own scopes.
   */
  externalServices: {
    ids: ["CAS-028"],
    sendGrid: { host: "api.sendgrid.com", path: "/v3/scopes" },
  },

  /** How long the old side stays ready after the switch (conflicts 16). */
  watchMinutes: { ids: ["CAS-115"], conflicts: [16], value: 60 },

  /** Paths that nobody outside the cluster reaches. */
  blockedPaths: { ids: ["CAS-075"], conflicts: [77], paths: [metricsPath] },

  /** Requests a minute from one address. From kirana-store's runbook, the strictest where this one is silent. */
  rateLimit: { ids: ["CAS-023"], perMinutePerAddress: 100 },

  database: {
    ids: ["CAS-025", "CAS-077", "CAS-076"],
    name: databaseName,
    /** PostgreSQL's major version; the runbook states none. */
    majorVersion: "16",
    port: 5432,
    backup: { ids: ["CAS-011"], conflicts: [18], retentionDays: 30, geoRedundant: true },
  },

  /**
   * Where a backup is restored to prove it: a server of its own, so that `pg_restore --clean` with a wrong address
   * meets a server that does not know the login.
   */
  restoreTest: { ids: ["CAS-029", "CAS-033"], conflicts: [73], database: "case_management_restore_test" },

  cache: { ids: ["CAS-026", "CAS-027"] },

  files: {
    ids: ["CAS-031", "CAS-032"],
    conflicts: [19],
    uploads: "uploads",
    databaseBackups: "database-backups",
    /** A day's copy of the uploads; the day follows as YYYYMMDD. The task that copies makes the container. */
    datedBackupPrefix: "uploads-backup-",
  },

  /** Days that logs and backups are kept (conflicts 18). */
  retentionDays: 30,

  secrets,
  metrics,
  alerts,
  routing,
  dashboards,
  tasks,

  /** What the task count-rows asks, and the gate that compares its answers before and after a migration. */
  rowCounts: { ids: ["CAS-042"], query: rowCountsQuery },

  gateLimits,
} as const;
