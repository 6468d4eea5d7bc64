import { routes } from "./metrics";
import { namespace } from "./names";

/** Everything that the store and its exporters export carries this label. */
const store = `namespace="${namespace}"`;

/** A selector: the store's namespace and what else. */
export function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[store, ...matchers].join(",")}}`;
}

/** The aggregate API leaves payments out: they have a limit of their own above the SLA (conflicts 51). */
const withoutPayments = `route!~"${routes.payment}.*"`;

/** 95th percentile in seconds over all pods. */
export function p95(histogram: string, range: string, matchers: readonly string[] = [], by = ""): string {
  const groups = by === "" ? "le" : `le, ${by}`;
  return `histogram_quantile(0.95, sum by (${groups}) (rate(${of(`${histogram}_bucket`, ...matchers)}[${range}])))`;
}

export function apiP95(range: string, ...matchers: readonly string[]): string {
  return p95("http_request_duration_seconds", range, [withoutPayments, ...matchers]);
}

export function routeP95(route: string, ...matchers: readonly string[]): string {
  return p95("http_request_duration_seconds", "5m", [`route=~"${route}.*"`, ...matchers]);
}

/** Requests of a route over a range. */
export function requests(range: string, ...matchers: readonly string[]): string {
  return `sum(increase(${of("http_request_duration_seconds_count", ...matchers)}[${range}]))`;
}

export function apiRequests(range: string, ...matchers: readonly string[]): string {
  return requests(range, withoutPayments, ...matchers);
}

export function routeRequests(route: string, ...matchers: readonly string[]): string {
  return requests("5m", `route=~"${route}.*"`, ...matchers);
}

/** Share of a counter's events with a label's value, 0 to 1. */
export function share(counter: string, matcher: string, range = "5m"): string {
  return `sum(rate(${of(counter, matcher)}[${range}])) / sum(rate(${of(counter)}[${range}]))`;
}

/** Events of a counter, all together or by a label. */
export function events(counter: string, by = "", range = "5m"): string {
  return `sum${by && ` by (${by})`} (increase(${of(counter)}[${range}]))`;
}

/** Failed requests of all requests, 0 to 1. The runbook's query gives errors per second (STO-112). */
export const errorRate = `sum(rate(${of("http_errors_total")}[5m])) / sum(rate(${of("http_request_duration_seconds_count")}[5m]))`;

/**
 * The same over a range. Pods that have never failed export no counter of errors, which is a rate of 0 as long as they
 * export their requests.
 */
export function errorRateOver(range: string, ...matchers: readonly string[]): string {
  return `(sum(rate(${of("http_errors_total", ...matchers)}[${range}])) or vector(0)) / sum(rate(${of("http_request_duration_seconds_count", ...matchers)}[${range}]))`;
}

/**
 * Series of the side that a release brings in, which puts its colour for `$candidate`: scraping labels both components'
 * pods with it. At a small weight a failing side would hardly show in the sum of both.
 */
export const candidate = 'deployment="$candidate"';

export const cacheHitRate = `sum(rate(${of("redis_keyspace_hits_total")}[5m])) / (sum(rate(${of("redis_keyspace_hits_total")}[5m])) + sum(rate(${of("redis_keyspace_misses_total")}[5m])))`;

export const cacheLookUps = `sum(increase(${of("redis_keyspace_hits_total")}[5m])) + sum(increase(${of("redis_keyspace_misses_total")}[5m]))`;

/** Used memory of the limit, per container, 0 to 1. */
export const memoryUsage = `max by (pod, container) (${of("container_memory_working_set_bytes", 'container!=""')}) / max by (pod, container) (${of("kube_pod_container_resource_limits", 'resource="memory"')})`;

const realDisks = 'fstype!~"tmpfs|overlay|squashfs"';

/** Free space in percent of the fullest disk: the nodes', and the database's. */
export const freeDiskPercent = `min(100 * node_filesystem_avail_bytes{${realDisks}} / node_filesystem_size_bytes{${realDisks}} or 100 * (1 - ${of("mongodb_dbstats_fsUsedSize")} / ${of("mongodb_dbstats_fsTotalSize")}))`;

export const connectionPoolUsage = `max by (pod) (${of("kirana_store_database_pool_in_use")}) / max by (pod) (${of("kirana_store_database_pool_size")})`;

export const ordersPerMinute = `sum(rate(${of("kirana_store_orders_total")}[1h])) * 60`;

/** Age in seconds of the newest heartbeat that the replica in the other region shows. */
export const replicationLag = `max(${of("kirana_store_database_replication_lag_seconds")})`;

/** Share of the probes through the edge that were answered, 0 to 1. */
export function uptime(range: string): string {
  return `max(avg_over_time(${of("probe_success")}[${range}]))`;
}

/** p95 in seconds of the slowest kind of database query: one slow query does not show in the p95 of all. */
export const slowestQueryP95 = `max(${p95("kirana_store_database_query_duration_seconds", "15m", [], "operation")})`;

/** Mean duration in seconds over all pods and routes. */
export const meanDuration = `sum(rate(${of("http_request_duration_seconds_sum")}[5m])) / sum(rate(${of("http_request_duration_seconds_count")}[5m]))`;

/** Largest error rate of a service, 0 to 1: what the dashboard's panel shows by service. */
export const worstErrorRate = `max((sum by (service) (rate(${of("http_errors_total")}[5m])) or 0 * sum by (service) (rate(${of("http_request_duration_seconds_count")}[5m]))) / sum by (service) (rate(${of("http_request_duration_seconds_count")}[5m])))`;

/** Targets of the application that answer their scrape. */
export function scrapedPods(...matchers: readonly string[]): string {
  return `count(${of("up", ...matchers)} == 1)`;
}

/** Jobs of the store of which there are targets, and all of them answer. */
export const jobsUp = `count(min by (job) (${of("up")}) == 1)`;
