import type { GateLimit } from "../model";
import { alerts } from "./alerts";
import { components, namespace, paths, plainVariables, quota, scaling } from "./components";
import { dashboards } from "./dashboards";
import { branches, hosts } from "./environments";
import { metrics, searchPort } from "./metrics";
import { routing } from "./routing";
import { secrets } from "./secrets";
import { tasks } from "./tasks";

/**
 * The contract of retail-agentic: every number of its runbook that a resource, a policy or a gate reads, with the
 * statements it comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */

/** Live limits of a release and the alert that watches each of them outside one. */
const gateLimits = [
  { name: "error rate, pass", alert: "ErrorRateWarning", ids: ["RET-123"], conflicts: [3] },
  { name: "error rate, roll back", alert: "HighErrorRate", ids: ["RET-088"], conflicts: [1] },
  { name: "latency, pass", alert: "LatencyWarning", ids: ["RET-124"], conflicts: [3] },
  { name: "latency, roll back", alert: "HighLatency", ids: ["RET-089"], conflicts: [2, 62] },
  { name: "health", alert: "HealthCheckFailing", ids: ["RET-090"], conflicts: [63] },
  { name: "backend", alert: "ServiceDown", ids: ["RET-138"], conflicts: [63] },
  { name: "payments", alert: "PaymentFailures", ids: ["RET-091"], conflicts: [69] },
] as const satisfies readonly GateLimit[];

export const retailAgentic = {
  system: "retail-agentic",
  namespace: { ids: ["RET-065", "RET-142"], name: namespace },
  components,
  paths,
  plainVariables,
  scaling,
  quota,

  hosts,

  /** Paths that nobody outside the cluster reaches (RET-094). */
  blockedPaths: { ids: ["RET-094", "RET-031"], paths: [paths.internal] },

  /** Requests a minute from one address. From kirana-store's runbook, the strictest where this one is silent. */
  rateLimit: { ids: ["RET-030", "RET-024"], perMinutePerAddress: 100 },

  branches,

  /** What the runbook does by hand or elsewhere, and what stands in its place. */
  replaced: [
    {
      ids: ["RET-056", "RET-057", "RET-058", "RET-059"],
      conflicts: [68],
      by: "the stack declares the Deployments; neither Helm nor kubectl changes them",
    },
    { ids: ["RET-139"], conflicts: [19], by: "the cluster of the system platform" },
    {
      ids: ["RET-072", "RET-073"],
      conflicts: [60],
      by: "two colours of each web app, switched by the release",
    },
  ],

  /** Repositories of the registry (RET-050); an image is named by digest. */
  repositories: { ids: ["RET-050", "RET-051", "RET-053", "RET-055"], names: components.order },

  documents: { ids: ["RET-033", "RET-015"], conflicts: [67], database: "retail", serverVersion: "8.0" },
  cache: { ids: ["RET-033", "RET-016"], conflicts: [67] },
  relational: {
    ids: ["RET-018"],
    conflicts: [66],
    database: "retail",
    /** PostgreSQL's major version; the runbook states none. */
    majorVersion: "16",
    port: 5432,
    backup: { ids: ["RET-117"], conflicts: [18], retentionDays: 30, geoRedundant: true },
  },

  /** In the cluster, unless the owner has it elsewhere (conflicts 19). */
  search: {
    ids: ["RET-033", "RET-017"],
    conflicts: [19],
    name: "retail-elasticsearch",
    port: searchPort,
    peerPort: 9300,
    user: "elastic",
    /** An odd number: a majority survives the loss of one. */
    replicas: { dev: 1, staging: 3, production: 3 },
    resources: {
      cpuMillicores: { request: 500, limit: 2000 },
      memoryMebibytes: { request: 2048, limit: 2048 },
    },
    /** Half of the memory, as Elastic advises. */
    heapMebibytes: 1024,
    snapshots: { ids: ["RET-117"], conflicts: [18], container: "search-snapshots", repository: "azure" },
  },

  backups: {
    ids: ["RET-117"],
    conflicts: [18],
    mongo: "mongo-backups",
    postgres: "postgres-backups",
  },

  /** Days that logs and backups are kept (conflicts 18). */
  retentionDays: 30,

  secrets,
  metrics,
  alerts,
  routing,
  dashboards,
  tasks,
  gateLimits,
} as const;
