import { deployments, exporters, namespace } from "./metrics";

/** What alerts and panels read, in PromQL; each yields one value unless it says otherwise. */

type Exporter = (typeof exporters)[number]["name"];

/** Scrape job of an exporter of this contract. */
function job(exporter: Exporter): string {
  const found = exporters.find(({ name }) => name === exporter);
  if (!found) throw new Error(`no exporter ${exporter}`);
  return found.job;
}

const ofBackend = `job="${job("backend")}"`;

/** Requests a second. */
export function requestRate(minutes: number): string {
  return `sum(rate(http_requests_total{${ofBackend}}[${minutes}m]))`;
}

/** Requests of a time, of both colours together. */
export function requestCount(minutes: number, offset = ""): string {
  return `sum(increase(http_requests_total{${ofBackend}}[${minutes}m]${offset && ` offset ${offset}`}))`;
}

/** Share of requests answered with a server error, in percent, of both colours together. */
export function errorPercent(minutes: number): string {
  const failed = `sum(rate(http_requests_total{${ofBackend},status=~"5.."}[${minutes}m]))`;
  return `100 * ${failed} / ${requestRate(minutes)}`;
}

/** 95th percentile of the response time in milliseconds, over the buckets of all pods. */
export function p95Milliseconds(minutes: number): string {
  const buckets = `rate(response_time_seconds_bucket{${ofBackend}}[${minutes}m])`;
  return `1000 * histogram_quantile(0.95, sum by (le) (${buckets}))`;
}

/** Requests of the last hour against those of the same hour of the day before. */
export const trafficRatio = `${requestCount(60)} / ${requestCount(60, "1d")}`;

const containers = `namespace="${namespace}",container=~"${deployments.backend}|${deployments.frontend}"`;

/** CPU of the app's containers in percent of their limit, by pod. */
export const cpuPercent = [
  `100 * sum by (pod) (rate(container_cpu_usage_seconds_total{${containers}}[5m]))`,
  `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="cpu"})`,
].join(" ");

/** Memory of the app's containers in percent of their limit, by pod. */
export const memoryPercent = [
  `100 * sum by (pod) (container_memory_working_set_bytes{${containers}})`,
  `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="memory"})`,
].join(" ");

/** 1 while the database answers its exporter; 0 also when the exporter is silent. */
export const databaseUp = `(min(pg_up{job="${job("postgres")}"}) or vector(0))`;

/** 1 while a component's health check succeeds; 0 also when nothing is probed. */
export function healthy(component: keyof typeof deployments): string {
  return `(min(probe_success{job="${job(`probe-${component}`)}"}) or vector(0))`;
}

/** 1 while both health checks succeed. */
export const bothHealthy = `${healthy("backend")} * ${healthy("frontend")}`;

/** 1 while a component has a ready pod of any colour, else 0. */
function available(component: keyof typeof deployments): string {
  const selector = `namespace="${namespace}",deployment=~"${deployments[component]}-(blue|green)"`;
  return `(clamp_max(sum(kube_deployment_status_replicas_available{${selector}}), 1) or vector(0))`;
}

/** 1 while backend, frontend and database are there at all. */
export const everythingAvailable = `${available("backend")} * ${available("frontend")} * ${databaseUp}`;

/** 1 while at least one pod of the backend is scraped; without it every rule on requests is blind. */
export const backendScraped = `(max(up{${ofBackend}}) or vector(0))`;

/** One of the statistics that the runbook reads, of its database; counters as a rate a second. */
export function databaseStatistic(name: string, counter: boolean, database: string): string {
  const series = `${name}{job="${job("postgres")}",datname="${database}"}`;
  return counter ? `sum(rate(${series}[5m]))` : `sum(${series})`;
}
