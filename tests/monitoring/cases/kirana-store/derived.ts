import {
  type AlertCases,
  constant,
  counter,
  type InputSeries,
  once,
  quiet,
  then,
} from "../../support/alert-case";
import {
  at,
  container,
  downCases,
  ends,
  minutes,
  missing,
  of,
  pool,
  quantileCases,
  shareCases,
  slowRequests,
  store,
} from "./series";

const jobs = [
  "kirana-store-backend",
  "kirana-store-frontend",
  "kirana-store-mongodb",
  "kirana-store-redis",
  "kirana-store-probe",
] as const;

/** A target of each job that answers; none of one. */
function targets(without?: (typeof jobs)[number]): InputSeries {
  return Object.fromEntries(
    jobs.filter((job) => job !== without).map((job) => [of("up", { job, pod: "a" }), constant(1, minutes)]),
  );
}

/** The 13 that are derived, and the probe (conflicts 47, 52). */
export const derived: AlertCases = {
  ApiLatencyAboveSla: quantileCases({ labels: { route: "/api/items" }, bound: "1", next: "2", few: 1 }),
  PermissionCheckSlow: quantileCases({
    labels: { route: "/api/permissions/check" },
    bound: "0.1",
    next: "0.2",
  }),
  SearchSlow: quantileCases({ labels: { route: "/api/search" }, bound: "0.5", next: "1" }),
  OrderPlacementSlow: [
    ...quantileCases({ labels: { route: "/api/orders", method: "POST" }, bound: "1", next: "2" }),
    {
      shows: "healthy",
      because: "only who reads orders waits",
      series: slowRequests("/api/orders", "GET"),
      atMinutes: at,
      fires: quiet,
    },
  ],
  PaymentSlow: [
    ...quantileCases({ labels: { route: "/api/payments", method: "POST" }, bound: "2", next: "5" }),
    {
      shows: "healthy",
      because: "only who reads payments waits",
      series: slowRequests("/api/payments", "GET"),
      atMinutes: at,
      fires: quiet,
    },
  ],
  DatabaseOperationSlow: quantileCases({
    metric: "kirana_store_database_query_duration_seconds",
    labels: { operation: "aggregate" },
    bound: "0.2",
    next: "0.5",
    fires: [{ operation: "aggregate" }],
    few: 1,
  }),
  PaymentSuccessLow: [
    ...shareCases({
      metric: "kirana_store_payments_total",
      result: "success",
      breach: 96,
      boundary: 98,
      healthy: 99,
      brief: 5,
    }),
    {
      shows: "breach",
      because: "none has ever succeeded, so that no series says so",
      series: { [of("kirana_store_payments_total", { result: "failure" })]: counter(100, minutes) },
      atMinutes: at,
      fires: once,
    },
  ],
  OrderRateLow: [
    {
      shows: "breach",
      series: { [of("kirana_store_orders_total")]: counter(90, 180) },
      atMinutes: 150,
      fires: once,
    },
    {
      shows: "boundary",
      series: { [of("kirana_store_orders_total")]: counter(120, 180) },
      because: "above it",
      atMinutes: 150,
      fires: quiet,
    },
    {
      shows: "brief",
      series: { [of("kirana_store_orders_total")]: counter(90, 180) },
      atMinutes: 60,
      fires: quiet,
    },
    missing,
  ],
  DatabaseReplicationLag: [
    {
      shows: "breach",
      series: { [of("kirana_store_database_replication_lag_seconds")]: constant(31, minutes) },
      atMinutes: at,
      fires: once,
    },
    {
      shows: "boundary",
      series: { [of("kirana_store_database_replication_lag_seconds")]: constant(30, minutes) },
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "brief",
      series: { [of("kirana_store_database_replication_lag_seconds")]: constant(31, minutes) },
      atMinutes: 4,
      fires: quiet,
    },
    { shows: "missing", series: {}, atMinutes: at, fires: [store] },
  ],
  ConnectionPoolNearlyFull: [
    { shows: "breach", series: pool(91), atMinutes: at, fires: [{ pod: container.pod }] },
    { shows: "boundary", series: pool(90), atMinutes: at, fires: quiet },
    { shows: "brief", series: pool(91), atMinutes: 4, fires: quiet },
    missing,
  ],
  ContainerRestarting: [
    {
      shows: "breach",
      because: "a restart every three minutes",
      series: {
        [of("kube_pod_container_status_restarts_total", container)]: "5 5 5 6 6 6 7 7 7 8 8 8 9 9 9 9 9 9",
      },
      atMinutes: 16,
      fires: [container],
    },
    {
      shows: "boundary",
      because: "two restarts, which the range's ends make a little more than two",
      series: { [of("kube_pod_container_status_restarts_total", container)]: "5+0x2 6+0x2 7+0x10" },
      // No scrape falls on the range's beginning, as in life.
      everyMinutes: 2,
      atMinutes: 16,
      fires: quiet,
    },
    missing,
  ],
  ScrapeTargetDown: [
    {
      shows: "healthy",
      series: targets(),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "one of two pods",
      series: {
        ...targets(),
        [of("up", { job: "kirana-store-backend", pod: "b" })]: then(1, 10, 0, minutes),
      },
      atMinutes: 15,
      fires: [{ job: "kirana-store-backend" }],
    },
    {
      shows: "brief",
      series: { ...targets(), [of("up", { job: "kirana-store-redis", pod: "a" })]: then(1, 10, 0, minutes) },
      atMinutes: 14,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "the cache's exporter has no pod any more, and nothing else reads its silence",
      series: targets("kirana-store-redis"),
      atMinutes: at,
      fires: [{ job: "kirana-store-redis" }],
    },
    { ...missing, because: "of no job", fires: jobs.map((job) => ({ job })) },
  ],
  CertificateExpiry: [
    { shows: "breach", series: ends("probe_ssl_earliest_cert_expiry", {}, 13), atMinutes: at, fires: once },
    {
      shows: "boundary",
      series: ends("probe_ssl_earliest_cert_expiry", {}, 14),
      atMinutes: at,
      fires: quiet,
    },
    { shows: "brief", series: ends("probe_ssl_earliest_cert_expiry", {}, 13), atMinutes: 14, fires: quiet },
    missing,
  ],
  ApiProbeFailed: downCases("probe_success", {}, 1),
};
