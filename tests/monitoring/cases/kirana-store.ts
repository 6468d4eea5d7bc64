import {
  type AlertCase,
  type AlertCases,
  constant,
  counter,
  histogram,
  type InputSeries,
  once,
  p95Above,
  p95At,
  quiet,
  selector,
  then,
} from "../support/alert-case";

const store = { namespace: "kirana-store" };
const minutes = 60;
const at = 45;
const missing: AlertCase = { shows: "missing", series: {}, atMinutes: at, fires: quiet };

function of(metric: string, labels: Readonly<Record<string, string>> = {}): string {
  return selector(metric, { ...store, ...labels });
}

/** Of something that says 1 while it is there. `forMinutes` is how long it has to be away. */
function downCases(
  metric: string,
  labels: Readonly<Record<string, string>>,
  forMinutes: number,
  absent: Readonly<Record<string, string>> = store,
): AlertCase[] {
  const down = { [of(metric, labels)]: then(1, 10, 0, minutes) };
  return [
    { shows: "healthy", series: { [of(metric, labels)]: constant(1, minutes) }, atMinutes: at, fires: quiet },
    { shows: "breach", series: down, atMinutes: 10 + forMinutes, fires: once },
    { shows: "brief", series: down, atMinutes: 9 + forMinutes, fires: quiet },
    { shows: "missing", series: {}, atMinutes: at, fires: [absent] },
  ];
}

/** Events of which a share has a result; `of100` of each 100 a minute. */
function results(metric: string, result: string, other: string, of100: number, perMinute = 100): InputSeries {
  const part = (perMinute * of100) / 100;
  return {
    [of(metric, { result })]: counter(part, minutes),
    [of(metric, { result: other })]: counter(perMinute - part, minutes),
  };
}

interface Share {
  readonly metric: string;
  readonly result: "success" | "failure";
  readonly breach: number;
  readonly boundary: number;
  readonly healthy: number;
  /** Minutes at which a breach is too young. */
  readonly brief?: number;
}

function shareCases({ metric, result, breach, boundary, healthy, brief = 1 }: Share): AlertCase[] {
  const other = result === "success" ? "failure" : "success";
  const series = (of100: number, perMinute?: number) => results(metric, result, other, of100, perMinute);
  return [
    { shows: "breach", series: series(breach), atMinutes: at, fires: once },
    { shows: "boundary", series: series(boundary), atMinutes: at, fires: quiet },
    { shows: "healthy", series: series(healthy), atMinutes: at, fires: quiet },
    { shows: "brief", series: series(breach), atMinutes: brief, fires: quiet },
    {
      shows: "fewSamples",
      because: "two a minute, all bad",
      series: series(result === "failure" ? 100 : 0, 2),
      atMinutes: at,
      fires: quiet,
    },
    missing,
  ];
}

interface Quantile {
  readonly metric?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bound: string;
  readonly next: string;
  readonly fires?: readonly Readonly<Record<string, string>>[];
  /** Requests a minute that are too few in the rule's window. */
  readonly few?: number;
}

function quantileCases(quantile: Quantile): AlertCase[] {
  const { metric = "http_request_duration_seconds", labels, bound, next, fires = once, few = 3 } = quantile;
  const series = (perMinute: number, shares: Readonly<Record<string, number>>) =>
    histogram(metric, { ...store, ...labels }, perMinute, shares, minutes);
  return [
    { shows: "breach", series: series(100, p95Above(bound, next)), atMinutes: at, fires },
    { shows: "boundary", series: series(100, p95At(bound, next)), atMinutes: at, fires: quiet },
    { shows: "brief", series: series(100, p95Above(bound, next)), atMinutes: 5, fires: quiet },
    { shows: "fewSamples", series: series(few, { [bound]: 0, [next]: 1 }), atMinutes: at, fires: quiet },
    missing,
  ];
}

function errors(of100: number, perMinute = 100): InputSeries {
  return {
    [of("http_errors_total", { service: "api" })]: counter((of100 * perMinute) / 100, minutes),
    [of("http_request_duration_seconds_count", { service: "api" })]: counter(perMinute, minutes),
  };
}

function lookUps(hits: number, misses: number): InputSeries {
  return {
    [of("redis_keyspace_hits_total")]: counter(hits, minutes),
    [of("redis_keyspace_misses_total")]: counter(misses, minutes),
  };
}

const container = { pod: "kirana-store-backend-blue-1", container: "kirana-store-backend" };

function memory(percent: number): InputSeries {
  return {
    [of("container_memory_working_set_bytes", container)]: constant(percent, minutes),
    [of("kube_pod_container_resource_limits", { ...container, resource: "memory" })]: constant(100, minutes),
    [of("kube_pod_container_resource_limits", { ...container, resource: "cpu" })]: constant(1, minutes),
  };
}

function pool(inUse: number): InputSeries {
  return {
    [of("kirana_store_database_pool_in_use", { pod: container.pod })]: constant(inUse, minutes),
    [of("kirana_store_database_pool_size", { pod: container.pod })]: constant(100, minutes),
  };
}

const disk = { device: "/dev/sda1", fstype: "ext4", mountpoint: "/" };

function node(free: number, labels: Readonly<Record<string, string>> = disk): InputSeries {
  return {
    [selector("node_filesystem_avail_bytes", labels)]: constant(free, minutes),
    [selector("node_filesystem_size_bytes", labels)]: constant(100, minutes),
  };
}

function database(used: number): InputSeries {
  return {
    [of("mongodb_dbstats_fsUsedSize", { database: "kirana" })]: constant(used, minutes),
    [of("mongodb_dbstats_fsTotalSize", { database: "kirana" })]: constant(100, minutes),
  };
}

/** Series that are older than 5 minutes are gone. */
const sparse = { everyMinutes: 5 };

/** Of a daily CronJob that has to have succeeded within 26 hours. */
function dailyCases(cronjob: string): AlertCase[] {
  const series = { [of("kube_cronjob_status_last_successful_time", { cronjob })]: "0+0x400" };
  return [
    { shows: "breach", series, ...sparse, atMinutes: 28 * 60, fires: once },
    { shows: "boundary", series, ...sparse, atMinutes: 26 * 60, fires: quiet },
    { shows: "brief", series, ...sparse, atMinutes: 26 * 60 + 10, fires: quiet },
    {
      shows: "missing",
      because: "it has never succeeded",
      series: {},
      atMinutes: at,
      fires: [{ ...store, cronjob }],
    },
  ];
}

const day = 24 * 60 * 60;

/** Something that ends a number of days after minute `at`. */
function ends(metric: string, labels: Readonly<Record<string, string>>, days: number): InputSeries {
  return { [of(metric, labels)]: constant(days * day + at * 60, minutes) };
}

const week = 7 * 24 * 60;

/** Requests of a week ago and of now; the p95 lies on the bound of the bucket that holds 95%. */
function weeks(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): InputSeries {
  const buckets = (shares: Readonly<Record<string, number>>, perStep: number) =>
    Object.fromEntries(
      [...Object.entries(shares), ["+Inf", 1]].map(([le, share]) => [
        le,
        Math.round(Number(share) * perStep),
      ]),
    );
  const [a, b] = [buckets(before, 500), buckets(now, 500)];
  const steps = week / 5;
  const series = (name: string, le: string | undefined, first: number, second: number) => ({
    [of(`http_request_duration_seconds${name}`, {
      route: "/api/items",
      ...(le !== undefined && { le }),
    })]: `1000000+${first}x${steps - 1} ${1_000_000 + first * steps}+${second}x50`,
  });
  return Object.assign(
    {},
    ...Object.keys(a).map((le) => series("_bucket", le, a[le]!, b[le]!)),
    series("_count", undefined, 500, 500),
  );
}

const afterWeek = { everyMinutes: 5, evaluationMinutes: 20, atMinutes: week + 200 };
const fast = { "0.1": 0.95, "0.2": 0.95, "0.4": 1 };
const hundredSlower = { "0.1": 0, "0.2": 0.95, "0.4": 1 };
const slow = { "0.1": 0, "0.2": 0.5, "0.4": 1 };

export const cases: AlertCases = {
  ApiDown: downCases("up", { job: "kirana-store-backend" }, 5, { ...store, job: "kirana-store-backend" }),
  DatabaseDown: downCases("mongodb_up", {}, 1),
  AuthenticationFailures: shareCases({
    metric: "kirana_store_authentication_attempts_total",
    result: "failure",
    breach: 20,
    boundary: 10,
    healthy: 2,
  }),
  PaymentFailures: shareCases({
    metric: "kirana_store_payments_total",
    result: "failure",
    breach: 10,
    boundary: 5,
    healthy: 1,
  }),
  MemoryUsageHigh: [
    { shows: "breach", series: memory(95), atMinutes: at, fires: [container] },
    { shows: "boundary", series: memory(90), atMinutes: at, fires: quiet },
    { shows: "brief", series: memory(95), atMinutes: 4, fires: quiet },
    missing,
  ],
  ApiLatencyHigh: [
    ...quantileCases({ labels: { route: "/api/items" }, bound: "2", next: "5" }),
    {
      shows: "healthy",
      because: "only payments are that slow",
      series: {
        ...histogram(
          "http_request_duration_seconds",
          { ...store, route: "/api/payments" },
          100,
          p95Above("2", "5"),
          minutes,
        ),
        ...histogram(
          "http_request_duration_seconds",
          { ...store, route: "/api/items" },
          100,
          p95At("1", "2"),
          minutes,
        ),
      },
      atMinutes: at,
      fires: quiet,
    },
  ],
  ErrorRateHigh: [
    { shows: "breach", series: errors(2), atMinutes: at, fires: once },
    { shows: "boundary", series: errors(1), atMinutes: at, fires: quiet },
    { shows: "brief", series: errors(2), atMinutes: 5, fires: quiet },
    { shows: "fewSamples", series: errors(100, 3), atMinutes: at, fires: quiet },
    missing,
  ],
  CacheHitRateLow: [
    { shows: "breach", series: lookUps(60, 40), atMinutes: at, fires: once },
    { shows: "boundary", series: lookUps(75, 25), because: "above it", atMinutes: at, fires: quiet },
    { shows: "brief", because: "it is still filling", series: lookUps(60, 40), atMinutes: 15, fires: quiet },
    { shows: "fewSamples", series: lookUps(0, 3), atMinutes: at, fires: quiet },
    missing,
  ],
  DiskSpaceLow: [
    {
      shows: "breach",
      because: "of a node",
      series: { ...node(10), ...database(50) },
      atMinutes: at,
      fires: once,
    },
    {
      shows: "breach",
      because: "of the database",
      series: { ...node(50), ...database(90) },
      atMinutes: at,
      fires: once,
    },
    { shows: "boundary", series: { ...node(20), ...database(50) }, atMinutes: at, fires: quiet },
    {
      shows: "healthy",
      because: "memory file systems do not count",
      series: { ...node(50), ...node(0, { ...disk, fstype: "tmpfs" }) },
      atMinutes: at,
      fires: quiet,
    },
    { shows: "brief", series: node(10), atMinutes: 4, fires: quiet },
    missing,
  ],
  DatabaseSlowQueries: quantileCases({
    metric: "kirana_store_database_query_duration_seconds",
    labels: { operation: "find" },
    bound: "0.2",
    next: "0.5",
  }),
  BackupStatus: dailyCases("kirana-store-backup"),
  LicenceExpiry: [
    {
      shows: "breach",
      series: ends("kirana_store_licence_expiry_timestamp_seconds", { licence: "maps" }, 29),
      atMinutes: at,
      fires: [{ licence: "maps" }],
    },
    {
      shows: "boundary",
      series: ends("kirana_store_licence_expiry_timestamp_seconds", { licence: "maps" }, 30),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "brief",
      series: ends("kirana_store_licence_expiry_timestamp_seconds", { licence: "maps" }, 29),
      atMinutes: 14,
      fires: quiet,
    },
    missing,
  ],
  SecurityUpdatesAvailable: dailyCases("kirana-store-security-updates"),
  PerformanceTrend: [
    { shows: "breach", series: weeks(fast, slow), ...afterWeek, fires: once },
    {
      shows: "boundary",
      because: "as fast as a week ago",
      series: weeks(fast, fast),
      ...afterWeek,
      fires: quiet,
    },
    {
      shows: "boundary",
      because: "100 ms slower",
      series: weeks(fast, hundredSlower),
      ...afterWeek,
      fires: quiet,
    },
    {
      shows: "fewSamples",
      because: "no requests this week",
      series: { [of("http_request_duration_seconds_count", { route: "/api/items" })]: "0+0x2100" },
      ...afterWeek,
      fires: quiet,
    },
    { ...missing, because: "a week ago there was nothing to compare with" },
  ],
  ApiLatencyAboveSla: quantileCases({ labels: { route: "/api/items" }, bound: "1", next: "2", few: 1 }),
  PermissionCheckSlow: quantileCases({
    labels: { route: "/api/permissions/check" },
    bound: "0.1",
    next: "0.2",
  }),
  SearchSlow: quantileCases({ labels: { route: "/api/search" }, bound: "0.5", next: "1" }),
  OrderPlacementSlow: quantileCases({ labels: { route: "/api/orders" }, bound: "1", next: "2" }),
  PaymentSlow: quantileCases({ labels: { route: "/api/payments" }, bound: "2", next: "5" }),
  DatabaseOperationSlow: quantileCases({
    metric: "kirana_store_database_query_duration_seconds",
    labels: { operation: "aggregate" },
    bound: "0.2",
    next: "0.5",
    fires: [{ operation: "aggregate" }],
    few: 1,
  }),
  PaymentSuccessLow: shareCases({
    metric: "kirana_store_payments_total",
    result: "success",
    breach: 96,
    boundary: 98,
    healthy: 99,
    brief: 5,
  }),
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
      because: "one restart",
      series: { [of("kube_pod_container_status_restarts_total", container)]: "5+0x7 6+0x20" },
      atMinutes: 16,
      fires: quiet,
    },
    missing,
  ],
  ScrapeTargetDown: [
    {
      shows: "healthy",
      series: { [of("up", { job: "kirana-store-redis", pod: "a" })]: constant(1, minutes) },
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "one of two pods",
      series: {
        [of("up", { job: "kirana-store-backend", pod: "a" })]: constant(1, minutes),
        [of("up", { job: "kirana-store-backend", pod: "b" })]: then(1, 10, 0, minutes),
      },
      atMinutes: 15,
      fires: [{ job: "kirana-store-backend" }],
    },
    {
      shows: "brief",
      series: { [of("up", { job: "kirana-store-redis", pod: "a" })]: then(1, 10, 0, minutes) },
      atMinutes: 14,
      fires: quiet,
    },
    { ...missing, because: "what is gone for good is no target; ApiDown and DatabaseDown watch that" },
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
