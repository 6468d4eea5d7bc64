import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import type { alerts } from "../alerts";
import { durations, limits } from "../limits";
import { backend, everywhere, frontend, hosts } from "./shared";

const inStack: Pick<Entry, "on" | "during"> = { on: everywhere, during: ["always"] };
const { hosts: domains, files, metrics, database, components } = caseManagement;

/** What the stack has, or must not have. */
export const architecture: readonly Entry[] = [
  {
    ...inStack,
    word: "declared",
    name: "two-colours",
    title:
      "Blue-green deployment with manual approval gates: two colours per component, and a switch that is guarded",
    ids: ["CAS-001"],
    conflicts: [5, 72],
    rules: ["side-whole", "track-for-each-switch", "track-initial-side", "no-declared-replicas"],
    note: "The approvals: production-approval, changes-reviewed, staging-reviewed.",
  },
  {
    ...inStack,
    word: "declared",
    name: "hosts",
    title: `Hosts below the owner's domain: ${domains.production.api} for the backend, the domain itself for the frontend, ${domains.staging.web} for staging`,
    ids: ["CAS-023"],
    conflicts: [21, 22],
    rules: ["edge-hosts-complete", "edge-domain-tls", "edge-https-only", "route-bounded", "cors-origins"],
    note: `${domains.placeholderDomain} is the runbook's placeholder and refused; staging's API host follows the same pattern.`,
  },
  {
    ...inStack,
    word: "declared",
    name: "database-server",
    title:
      "A PostgreSQL server: reached from within the network alone, over TLS, with a standby in production",
    ids: ["CAS-025"],
    conflicts: [18],
    rules: [
      "cluster-system-complete",
      "database-network-private",
      "database-high-availability",
      "postgres-encrypted",
      "postgres-backup",
      "data-encrypted-at-rest",
      "protect-data",
      "lock-on-data",
    ],
  },
  {
    ...inStack,
    word: "declared",
    name: "database",
    title: `PostgreSQL database ${database.name}`,
    ids: ["CAS-077"],
    rules: ["cluster-system-complete", "protect-data"],
  },
  {
    ...inStack,
    word: "declared",
    name: "restore-test-database",
    title: "A database of its own, on a server of its own, into which backups are restored to prove them",
    ids: [],
    supports: ["CAS-033", "CAS-029"],
    conflicts: [73],
    rules: ["cluster-system-complete", "database-network-private", "task-schedules"],
  },
  {
    ...inStack,
    word: "declared",
    name: "cache",
    title: "A Redis instance: reached from within the network alone, over TLS, with a standby in production",
    ids: ["CAS-026"],
    rules: [
      "cluster-system-complete",
      "redis-encrypted",
      "database-network-private",
      "database-high-availability",
    ],
  },
  {
    ...inStack,
    word: "declared",
    name: "upload-storage",
    title: `Object storage for uploaded files: the private container ${files.uploads} of a storage account`,
    ids: ["CAS-031"],
    conflicts: [19],
    rules: [
      "cluster-system-complete",
      "storage-container-private",
      "storage-no-public-blobs",
      "storage-network-restricted",
      "storage-no-key-access",
      "storage-encrypted-transport",
      "storage-soft-delete",
    ],
    note: "In the place of S3_BUCKET_NAME.",
  },
  {
    ...inStack,
    word: "policy",
    name: "secrets-configured",
    title:
      "PRODUCTION_DATABASE_URL, PRODUCTION_REDIS_URL, SENDGRID_API_KEY and TEST_DATABASE_URL are configured",
    ids: ["CAS-029"],
    rules: [
      "vault-secrets-present",
      "vault-owner-secret-given",
      "secret-variables-present",
      "secret-class-own-vault",
      "pod-no-plain-secret",
      "cluster-workload-identity",
    ],
    note: "In the vault as database-url, redis-url, sendgrid-api-key and test-database-url; the pods know the first as DATABASE_URL, the second as REDIS_URL. The last is for the release alone.",
  },
  {
    ...inStack,
    word: "declared",
    name: "deployments-and-labels",
    title: `Deployments ${backend} and ${frontend}, one per colour, whose pods have the labels app=${backend} and app=${frontend}`,
    ids: ["CAS-056"],
    conflicts: [5, 72],
    rules: ["side-whole", "component-labels", "track-for-each-switch", "namespace-restricted"],
    note: `In the namespace ${caseManagement.namespace.name}; the runbook's commands name none.`,
  },
  {
    ...inStack,
    word: "declared",
    name: "images-by-digest",
    title: "Every image is one of the registry, named by digest: never by a tag that moves",
    ids: [],
    supports: ["CAS-044"],
    conflicts: [14],
    rules: ["image-by-digest", "image-of-registry"],
  },
];

/** What is measured, and where it can be read. */
export const metricSources: readonly Entry[] = [
  {
    ...inStack,
    word: "declared",
    name: "backend-metrics",
    title: `The backend exposes error_rate and response_time on ${components.backend.metricsPath}: scraped in the cluster, refused outside`,
    ids: ["CAS-075"],
    conflicts: [77],
    rules: ["metrics-scraped", "edge-blocked-paths", "network-policy-per-app"],
    note: "As the gauge error_rate and the histogram response_time_seconds, with a counter of requests beside them.",
  },
  {
    ...inStack,
    word: "checkGate",
    name: "backend-gives-metrics",
    title: "A pod of the side that has the traffic gives error_rate and response_time",
    ids: [],
    supports: ["CAS-075"],
    during: ["smoke", "watch", "always"],
    check: {
      provider: "inNetwork",
      target: "pod",
      question: `${backend}:${components.backend.port}${components.backend.metricsPath}`,
      expects: metrics.metrics.flatMap(({ name, ids }) =>
        (ids as readonly string[]).includes("CAS-075")
          ? [{ path: "$", operator: "contains" as const, value: name }]
          : [],
      ),
    },
    expectation: "both metrics of the runbook, and the counter from which ratios are computed",
    timeoutSeconds: 30,
    attempts: 3,
    everySeconds: 300,
    onBreach: "report",
  },
  {
    ...inStack,
    word: "checkGate",
    name: "metrics-not-public",
    title: "Nobody outside reads /metrics",
    ids: [],
    supports: ["CAS-075"],
    conflicts: [77],
    during: ["watch", "always"],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: components.backend.metricsPath,
      status: [403, 404],
    },
    expectation: "the edge or the gateway refuses",
    timeoutSeconds: 10,
    attempts: 3,
    everySeconds: 300,
    onBreach: "hold",
  },
  {
    ...inStack,
    word: "checkGate",
    name: "database-statistics",
    title: `Database performance of ${database.name}: numbackends, xact_commit, xact_rollback, tup_returned, tup_fetched of pg_stat_database`,
    ids: ["CAS-076"],
    during: ["prepare", "watch", "always"],
    check: {
      provider: "inNetwork",
      target: "postgres",
      question: `SELECT datname, numbackends, xact_commit, xact_rollback, tup_returned, tup_fetched FROM pg_stat_database WHERE datname = '${database.name}'`,
      expects: [
        { path: "datname", operator: "equals", value: database.name },
        ...["numbackends", "xact_commit", "xact_rollback", "tup_returned", "tup_fetched"].map((path) => ({
          path,
          operator: "exists" as const,
        })),
      ],
    },
    expectation: "one row, whose figures are shown and recorded",
    timeoutSeconds: 60,
    attempts: 2,
    everySeconds: 300,
    onBreach: "report",
    note: "The runbook gives no limit. The same five are series of the exporter and panels of /d/case-management.",
  },
  {
    ...inStack,
    word: "declared",
    name: "database-statistics-scraped",
    title: "The same statistics are exported all the time, and on the dashboard",
    ids: [],
    supports: ["CAS-076", "CAS-058"],
    rules: ["metrics-scraped", "dashboards-complete"],
  },
];

type AlertName = (typeof alerts)[number]["name"];

function alerting(
  name: string,
  title: string,
  of: Pick<Entry, "ids" | "supports" | "conflicts" | "note">,
  ...names: AlertName[]
): Entry {
  return {
    ...inStack,
    ...of,
    word: "alert",
    name,
    title,
    alerts: names,
    rules: ["prometheus-rules-complete", "prometheus-rules-told"],
  };
}

const { errorPercent, p95Milliseconds, cpuPercent, memoryPercent } = limits;
const forMinutes = `for ${durations.alert} minutes`;

/** Alert thresholds. No duration is the runbook's: five minutes (catalogue, CAS-084). */
export const thresholds: readonly Entry[] = [
  alerting(
    "alert-error-rate-critical",
    `Critical alert: error rate above ${errorPercent.critical} % ${forMinutes}`,
    { ids: ["CAS-078"], conflicts: [1, 2, 76] },
    "ErrorRateCritical",
  ),
  alerting(
    "alert-response-time-critical",
    `Critical alert: p95 of the response time above ${p95Milliseconds.critical / 1000} s ${forMinutes} pages a person`,
    { ids: ["CAS-079"], conflicts: [2], note: "Nothing is rolled back for it." },
    "ResponseTimeCritical",
  ),
  alerting(
    "alert-database-down",
    `Critical alert: the database does not answer ${forMinutes}, or its exporter is silent`,
    { ids: ["CAS-080"] },
    "DatabaseDown",
  ),
  alerting(
    "alert-error-rate-warning",
    `Warning: error rate above ${errorPercent.warning} % ${forMinutes}`,
    { ids: ["CAS-081"], conflicts: [2, 3] },
    "ErrorRateWarning",
  ),
  alerting(
    "alert-response-time-warning",
    `Warning: p95 of the response time above ${p95Milliseconds.warning} ms ${forMinutes}`,
    { ids: ["CAS-082"], conflicts: [2, 3] },
    "ResponseTimeWarning",
  ),
  alerting(
    "alert-cpu-warning",
    `Warning: CPU of a pod above ${cpuPercent.warning} % of its limit ${forMinutes}`,
    {
      ids: ["CAS-083"],
      conflicts: [76],
      note: `A release's validation asks for ${cpuPercent.validation} %.`,
    },
    "CpuHigh",
  ),
  alerting(
    "alert-memory-warning",
    `Warning: memory of a pod above ${memoryPercent} % of its limit ${forMinutes}`,
    { ids: [], supports: ["CAS-068"], conflicts: [76], note: "The runbook has the limit and no alert." },
    "MemoryHigh",
  ),
  alerting(
    "traffic-patterns",
    "Info: unusual traffic, more than twice or less than half of the same hour of the day before",
    { ids: [], supports: ["CAS-084"], note: "The runbook gives no number." },
    "TrafficMuchMore",
    "TrafficMuchLess",
  ),
  alerting(
    "alert-rollback-triggers",
    "What rolls a release back pages at any other time: error rate, health checks, a critical service",
    { ids: [], supports: ["CAS-085", "CAS-086", "CAS-087"], conflicts: [1, 63] },
    "ErrorRateRollback",
    "HealthCheckFailing",
    "CriticalServiceUnavailable",
  ),
  alerting(
    "alert-monitoring-blind",
    "Warning: no pod of the backend gives its metrics, so error rate and response time are unknown",
    { ids: [], supports: ["CAS-012", "CAS-075"], conflicts: [64] },
    "BackendNotScraped",
  ),
];
