import {
  type AlertCase,
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
} from "../../support/alert-case";

export const store = { namespace: "kirana-store" };
export const minutes = 60;
export const at = 45;
export const missing: AlertCase = { shows: "missing", series: {}, atMinutes: at, fires: quiet };

export function of(metric: string, labels: Readonly<Record<string, string>> = {}): string {
  return selector(metric, { ...store, ...labels });
}

/** Of something that says 1 while it is there. `forMinutes` is how long it has to be away. */
export function downCases(
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
export function results(
  metric: string,
  result: string,
  other: string,
  of100: number,
  perMinute = 100,
): InputSeries {
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

export function shareCases({ metric, result, breach, boundary, healthy, brief = 1 }: Share): AlertCase[] {
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

export function quantileCases(quantile: Quantile): AlertCase[] {
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

/** Requests of a route that take 5 to 10 seconds. */
export function slowRequests(route: string, method = "GET", perMinute = 100): InputSeries {
  const shares = { "0.1": 0, "5": 0, "10": 1 };
  return histogram("http_request_duration_seconds", { ...store, route, method }, perMinute, shares, minutes);
}

/** What kubelets, the prober and releases ask, fast and a hundred times as much as users do. */
export const probes: InputSeries = Object.assign(
  {},
  ...["/", "/api/health", "/api/version", "/metrics"].map((route) =>
    histogram(
      "http_request_duration_seconds",
      { ...store, route, service: "api" },
      10_000,
      { "0.1": 1 },
      minutes,
    ),
  ),
);

export function errors(of100: number, perMinute = 100): InputSeries {
  return {
    [of("http_errors_total", { service: "api" })]: counter((of100 * perMinute) / 100, minutes),
    [of("http_request_duration_seconds_count", { service: "api" })]: counter(perMinute, minutes),
  };
}

export function lookUps(hits: number, misses: number): InputSeries {
  return {
    [of("redis_keyspace_hits_total")]: counter(hits, minutes),
    [of("redis_keyspace_misses_total")]: counter(misses, minutes),
  };
}

export const container = { pod: "kirana-store-backend-blue-1", container: "kirana-store-backend" };

export function memory(percent: number): InputSeries {
  return {
    [of("container_memory_working_set_bytes", container)]: constant(percent, minutes),
    [of("kube_pod_container_resource_limits", { ...container, resource: "memory" })]: constant(100, minutes),
    [of("kube_pod_container_resource_limits", { ...container, resource: "cpu" })]: constant(1, minutes),
  };
}

export function pool(inUse: number): InputSeries {
  return {
    [of("kirana_store_database_pool_in_use", { pod: container.pod })]: constant(inUse, minutes),
    [of("kirana_store_database_pool_size", { pod: container.pod })]: constant(100, minutes),
  };
}

export const disk = { device: "/dev/sda1", fstype: "ext4", mountpoint: "/" };

export function node(free: number, labels: Readonly<Record<string, string>> = disk): InputSeries {
  return {
    [selector("node_filesystem_avail_bytes", labels)]: constant(free, minutes),
    [selector("node_filesystem_size_bytes", labels)]: constant(100, minutes),
  };
}

export function database(used: number): InputSeries {
  return {
    [of("mongodb_dbstats_fsUsedSize", { database: "kirana" })]: constant(used, minutes),
    [of("mongodb_dbstats_fsTotalSize", { database: "kirana" })]: constant(100, minutes),
  };
}

/** Series that are older than 5 minutes are gone. */
export const sparse = { everyMinutes: 5 };

/** Of a daily CronJob that has to have succeeded within 26 hours. */
export function dailyCases(cronjob: string): AlertCase[] {
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

export const day = 24 * 60 * 60;

/** Something that ends a number of days after minute `at`. */
export function ends(metric: string, labels: Readonly<Record<string, string>>, days: number): InputSeries {
  return { [of(metric, labels)]: constant(days * day + at * 60, minutes) };
}

export const week = 7 * 24 * 60;

/** Requests of a week ago and of now; the p95 lies on the bound of the bucket that holds 95%. */
export function weeks(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): InputSeries {
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

export const afterWeek = { everyMinutes: 5, evaluationMinutes: 20, atMinutes: week + 200 };
export const fast = { "0.1": 0.95, "0.2": 0.95, "0.4": 1 };
export const hundredSlower = { "0.1": 0, "0.2": 0.95, "0.4": 1 };
export const slow = { "0.1": 0, "0.2": 0.5, "0.4": 1 };
