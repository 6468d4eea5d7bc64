import { exporters } from "./exporters";
import { routes } from "./metrics";
import { healthPath, machinePaths, namespace, socketsPath, versionPath } from "./names";

/** Everything that the store and its exporters export carries this label. */
const store = `namespace="${namespace}"`;

/** A selector: the store's namespace and what else. */
export function of(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[store, ...matchers].join(",")}}`;
}

/** Requests of users: what machines ask would stand for them in samples, and dilute shares and percentiles. */
const ofUsers = `route!~"${machinePaths.join("|")}"`;

/** The same without sockets, whose duration is how long somebody looked. */
const answered = `route!~"${[...machinePaths, `${socketsPath}.*`].join("|")}"`;

/**
 * The API of the frontend's figures, which also has pages and assets. The aggregate leaves payments out: they have a
 * limit of their own above the SLA (conflicts 51).
 */
const ofApi = [
  'route=~"/api/.*"',
  `route!~"${[`${routes.payment}.*`, healthPath, versionPath, `${socketsPath}.*`].join("|")}"`,
];

/** Requests of a kind that has a limit of its own. An order is placed and paid by POST; whoever reads does neither. */
type Kind = "permission" | "search" | "order" | "payment";

function ofKind(kind: Kind): readonly string[] {
  const route = `route=~"${routes[kind]}.*"`;
  return kind === "order" || kind === "payment" ? [route, 'method="POST"'] : [route];
}

/** 95th percentile in seconds over all pods. */
export function p95(histogram: string, range: string, matchers: readonly string[] = [], by = ""): string {
  const groups = by === "" ? "le" : `le, ${by}`;
  return `histogram_quantile(0.95, sum by (${groups}) (rate(${of(`${histogram}_bucket`, ...matchers)}[${range}])))`;
}

export function apiP95(range: string, ...matchers: readonly string[]): string {
  return p95("http_request_duration_seconds", range, [...ofApi, ...matchers]);
}

export function routeP95(kind: Kind, ...matchers: readonly string[]): string {
  return p95("http_request_duration_seconds", "5m", [...ofKind(kind), ...matchers]);
}

function requestsWith(range: string, ...matchers: readonly string[]): string {
  return `sum(increase(${of("http_request_duration_seconds_count", ...matchers)}[${range}]))`;
}

/** Requests of users over a range. */
export function requests(range: string, ...matchers: readonly string[]): string {
  return requestsWith(range, ofUsers, ...matchers);
}

export function apiRequests(range: string, ...matchers: readonly string[]): string {
  return requestsWith(range, ...ofApi, ...matchers);
}

export function routeRequests(kind: Kind, ...matchers: readonly string[]): string {
  return requestsWith("5m", ...ofKind(kind), ...matchers);
}

/** Share of a counter's events with a label's value, 0 to 1: none before the first of them makes its series. */
export function share(counter: string, matcher: string, range = "5m"): string {
  return `(sum(rate(${of(counter, matcher)}[${range}])) or vector(0)) / sum(rate(${of(counter)}[${range}]))`;
}

/** Events of a counter, all together or by a label. */
export function events(counter: string, by = "", range = "5m"): string {
  return `sum${by && ` by (${by})`} (increase(${of(counter)}[${range}]))`;
}

/**
 * Failed requests of users' requests over a range, 0 to 1; the runbook's query gives errors per second (STO-112). Pods
 * that have never failed export no counter of errors, which is a rate of 0 as long as they export their requests.
 */
export function errorRateOver(range: string, ...matchers: readonly string[]): string {
  return `(sum(rate(${of("http_errors_total", ofUsers, ...matchers)}[${range}])) or vector(0)) / sum(rate(${of("http_request_duration_seconds_count", ofUsers, ...matchers)}[${range}]))`;
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

/** Share of the probes through the edge that were answered, 0 to 1, of every pod that probed. */
export function uptime(range: string): string {
  return `sum(sum_over_time(${of("probe_success")}[${range}])) / ${probes(range)}`;
}

/** Probes through the edge. */
export function probes(range: string): string {
  return `sum(count_over_time(${of("probe_success")}[${range}]))`;
}

/** p95 in seconds of the slowest kind of database query: one slow query does not show in the p95 of all. */
export const slowestQueryP95 = `max(${p95("kirana_store_database_query_duration_seconds", "15m", [], "operation")})`;

/** Mean duration in seconds over all pods, of what users asked and was answered. */
export const meanDuration = `sum(rate(${of("http_request_duration_seconds_sum", answered)}[5m])) / sum(rate(${of("http_request_duration_seconds_count", answered)}[5m]))`;

/** Requests that `meanDuration` is a mean of. */
export const answeredRequests = requestsWith("5m", answered);

const requestsByService = `sum by (service) (rate(${of("http_request_duration_seconds_count", ofUsers)}[5m]))`;

/** Failed requests of users' requests by service, 0 to 1: none of a service that has never failed. */
export const errorRateByService = `(sum by (service) (rate(${of("http_errors_total", ofUsers)}[5m])) or 0 * ${requestsByService}) / ${requestsByService}`;

/** Largest error rate of a service, 0 to 1: what the dashboard's panel shows by service. */
export const worstErrorRate = `max(${errorRateByService})`;

/** Targets of the application that answer their scrape. */
export function scrapedPods(...matchers: readonly string[]): string {
  return `count(${of("up", ...matchers)} == 1)`;
}

/**
 * Restarts of a container within 15 minutes: a whole number, since `increase` stretches what it saw to the range's ends and
 * makes two of them a little more than two.
 */
export const restarts = `max by (pod, container) (round(increase(${of("kube_pod_container_status_restarts_total")}[15m])))`;

/** Who is scraped in the store's own namespace. */
const ownJobs = exporters.filter(({ kind }) => kind !== "addon").map(({ job }) => job);

/**
 * 1 while every target of a job answers, by job; 0 also of a job without any: a pod that is gone, or that nobody scrapes any
 * more, has no `up`, and whatever reads its series is silent.
 */
export const everyTargetUp = `min by (job) (${[
  of("up"),
  ...ownJobs.map((job) => `0 * absent(${of("up", `job="${job}"`)})`),
].join(" or ")})`;

/** Jobs of the store of which there are targets, and all of them answer. */
export const jobsUp = `count(min by (job) (${of("up")}) == 1)`;
