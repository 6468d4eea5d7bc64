import { hadWithin, wantedFor } from "../cluster-metrics";
import { type Colour, colours } from "../target";
import { type Component, deployments, machineTemplates, namespace } from "./components";
import { exporters, shortNames } from "./metrics";

/** What alerts and panels read, in PromQL; each yields one value unless it says otherwise. */

/** Scrape job of an exporter of this contract. */
function job(name: (typeof exporters)[number]["name"]): string {
  const found = exporters.find((exporter) => exporter.name === name);
  if (!found) throw new Error(`no exporter ${name}`);
  return found.job;
}

/** Both colours: a share of the traffic that fails is one, whichever colour it goes to (conflicts 60). */
const ofBackend = `job="${job("backend")}"`;

/** Series of the side that a release brings in, whose colour it puts for `$candidate`. */
export const candidate = 'deployment="$candidate"';

/** Selector of the backend's series, narrowed by further matchers. */
function series(metric: string, ...matchers: readonly string[]): string {
  return `${metric}{${[ofBackend, ...matchers].join(",")}}`;
}

/**
 * Requests of users: what machines ask would stand for them in samples, and dilute shares and percentiles. What Spring
 * has no template for (`UNKNOWN`, `NOT_FOUND`) stays.
 */
const ofUsers = `uri!~"${machineTemplates.join("|")}"`;

/** Requests a second. */
export function requestRate(minutes: number, ...matchers: readonly string[]): string {
  return `sum(rate(${series("http_server_requests_seconds_count", ofUsers, ...matchers)}[${minutes}m]))`;
}

/** Requests of a time. */
export function requestCount(minutes: number, ...matchers: readonly string[]): string {
  return `sum(increase(${series("http_server_requests_seconds_count", ofUsers, ...matchers)}[${minutes}m]))`;
}

/** Requests a second that were answered with a status. */
export function answered(statusPattern: string, minutes: number, ...matchers: readonly string[]): string {
  return requestRate(minutes, `status=~"${statusPattern}"`, ...matchers);
}

/** Share of requests answered with a server error: none before the first one makes its series; sums on both sides, or each series divides itself (conflicts 64). */
export function errorRatio(minutes: number, ...matchers: readonly string[]): string {
  return `(${answered("5..", minutes, ...matchers)} or vector(0)) / ${requestRate(minutes, ...matchers)}`;
}

/** 95th percentile of the response time in seconds over the buckets of all pods. */
export function p95Seconds(minutes: number, ...matchers: readonly string[]): string {
  return `histogram_quantile(0.95, sum by (le) (rate(${series("http_server_requests_seconds_bucket", ofUsers, ...matchers)}[${minutes}m])))`;
}

const containers = `namespace="${namespace}",container=~"${Object.values(deployments).join("|")}"`;

/** CPU of the app's containers of their limit, by pod. */
export const cpuRatio = [
  `sum by (pod) (rate(container_cpu_usage_seconds_total{${containers}}[5m]))`,
  `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="cpu"})`,
].join(" ");

/** Memory of the app's containers of their limit, by pod. */
export const memoryRatio = [
  `sum by (pod) (container_memory_working_set_bytes{${containers}})`,
  `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="memory"})`,
].join(" ");

/** Restarts of an hour, by pod. */
export const restarts = `sum by (pod) (increase(kube_pod_container_status_restarts_total{${containers}}[1h]))`;

/** Connections that one pod's driver may hold to one server; the driver's own default, which MONGODB_URI leaves. */
const mongoPoolSize = 100;

/** Connections in use of each pool, by pod: PostgreSQL's and the document database's. */
export const postgresPoolRatio = `max by (pod) (hikaricp_connections_active{${ofBackend}} / hikaricp_connections_max{${ofBackend}})`;
export const mongoPoolRatio = `max by (pod) (mongodb_driver_pool_checkedout{${ofBackend}}) / ${mongoPoolSize}`;

/** Checkouts of a time. */
export function ordersStarted(minutes: number): string {
  return `sum(increase(retail_orders_started_total{${ofBackend}}[${minutes}m]))`;
}

/** Share of checkouts that ended in an order: none before the first one makes its series. */
export function orderCompletionRatio(minutes: number): string {
  return `(sum(increase(retail_orders_completed_total{${ofBackend}}[${minutes}m])) or vector(0)) / ${ordersStarted(minutes)}`;
}

/** Payments of a time. */
export function payments(minutes: number, ...matchers: readonly string[]): string {
  return `sum(increase(${series("retail_payments_total", ...matchers)}[${minutes}m]))`;
}

/** Share of payments that failed. */
export function paymentFailureRatio(minutes: number, ...matchers: readonly string[]): string {
  return `(${payments(minutes, 'result="failure"', ...matchers)} or vector(0)) / ${payments(minutes, ...matchers)}`;
}

/**
 * 1 while a pod of a colour is scraped, 0 when all are down or gone; nothing of a colour that wants no pods, as the
 * idle one, or had none yet, as one that starts.
 */
function colourUp(colour: Colour): string {
  const targets = `up{${ofBackend},deployment="${colour}"}`;
  const wanted = `kube_deployment_spec_replicas{namespace="${namespace}",deployment="${deployments.backend}-${colour}"}`;
  return `(max(${targets}) or vector(0)) and max(min_over_time(${wanted}[${wantedFor}])) > 0 and max(max_over_time(${targets}[${hadWithin}])) > 0`;
}

/**
 * 1 while pods of the backend are scraped, of every colour that should have some: that one colour, kept for a rollback,
 * answers says nothing of the one that has the traffic.
 */
export const backendUp = [
  `max(up{${ofBackend}})`,
  ...colours.map((colour) => `(${colourUp(colour)} or vector(1))`),
].join(" * ");
export const backendTargets = `up{${ofBackend}}`;

/** 1 while a component's health check succeeds from outside; nothing when it is not probed. */
function probed(component: Component): string {
  return `min(probe_success{job="${job(`probe-${shortNames[component]}`)}"})`;
}

/** The same, and 0 when it is not probed: nobody knowing is a reason for an alert. */
export function healthy(component: Component): string {
  return `(${probed(component)} or vector(0))`;
}

/**
 * 1 while the health checks of all three components succeed; nothing while one of them is not probed: a prober that is
 * down is no reason to roll back.
 */
export const allProbedHealthy = (Object.keys(deployments) as Component[]).map(probed).join(" * ");

/** 1 while the health checks of all three components succeed; 0 also while one of them is not probed. */
export const allHealthy = (Object.keys(deployments) as Component[]).map(healthy).join(" * ");

const secondsPerDay = 86_400;

/** Days until the first of the hosts' certificates expires. */
export const certificateDays = `(min(probe_ssl_earliest_cert_expiry{job=~"${Object.values(deployments).join("-probe|")}-probe"}) - time()) / ${secondsPerDay}`;

/** Days since a scheduled job last ended well, or was made if it never has. */
export function daysSinceSuccess(cronJob: string): string {
  const selector = `{namespace="${namespace}",cronjob="${cronJob}"}`;
  const since = `kube_cronjob_status_last_successful_time${selector} or kube_cronjob_created${selector}`;
  return `(time() - max(${since})) / ${secondsPerDay}`;
}

/** Present while the job is declared at all. */
export function declared(cronJob: string): string {
  return `kube_cronjob_created{namespace="${namespace}",cronjob="${cronJob}"}`;
}

/** Ready pods, by deployment. */
export const availableReplicas = `sum by (deployment) (kube_deployment_status_replicas_available{namespace="${namespace}"})`;
