import { noColourLost } from "../cluster-metrics";
import { deployments, exporters, healthPaths, metricsPath, namespace } from "./metrics";

/** What alerts and panels read, in PromQL; each yields one value unless it says otherwise. */

type Exporter = (typeof exporters)[number]["name"];

/** Scrape job of an exporter of this contract. */
function job(exporter: Exporter): string {
  const found = exporters.find(({ name }) => name === exporter);
  if (!found) throw new Error(`no exporter ${exporter}`);
  return found.job;
}

/** A side of the release, whose colour it puts in; without one both colours are meant. */
export type Side = "$candidate" | "$live";

function ofBackend(side?: Side): string {
  return `job="${job("backend")}"${side ? `,deployment="${side}"` : ""}`;
}

/**
 * Requests of users: what kubelets, the prober, releases and the scraper ask would stand for them in samples, and
 * dilute shares and percentiles.
 */
function ofUsers(side?: Side): string {
  return `${ofBackend(side)},route!~"${[healthPaths.backend, metricsPath].join("|")}"`;
}

/** Requests a second. */
export function requestRate(minutes: number, side?: Side): string {
  return `sum(rate(http_requests_total{${ofUsers(side)}}[${minutes}m]))`;
}

/** Requests of a time. */
export function requestCount(
  minutes: number,
  { offset, side }: { readonly offset?: string; readonly side?: Side } = {},
): string {
  const range = `[${minutes}m]${offset ? ` offset ${offset}` : ""}`;
  return `sum(increase(http_requests_total{${ofUsers(side)}}${range}))`;
}

/** Share of requests answered with a server error, in percent: none before the first one makes its series. */
export function errorPercent(minutes: number, side?: Side): string {
  const failed = `sum(rate(http_requests_total{${ofUsers(side)},status=~"5.."}[${minutes}m]))`;
  return `100 * (${failed} or vector(0)) / ${requestRate(minutes, side)}`;
}

/** 95th percentile of the response time in milliseconds, over the buckets of all pods. */
export function p95Milliseconds(minutes: number, side?: Side): string {
  const buckets = `rate(response_time_seconds_bucket{${ofUsers(side)}}[${minutes}m])`;
  return `1000 * histogram_quantile(0.95, sum by (le) (${buckets}))`;
}

/**
 * Requests of the last hour against those of the same hour of the day before. Pods that nobody has asked anything yet have no
 * series of requests, which is none at all.
 */
export const trafficRatio = `(${requestCount(60)} or vector(0)) / ${requestCount(60, { offset: "1d" })}`;

function containersOf(side?: Side): string {
  const names = `${deployments.backend}|${deployments.frontend}`;
  const pods = side ? `,pod=~"(${names})-${side}-.+"` : "";
  return `namespace="${namespace}",container=~"${names}"${pods}`;
}

function cpuByPod(side?: Side): string {
  const containers = containersOf(side);
  return [
    `100 * sum by (pod) (rate(container_cpu_usage_seconds_total{${containers}}[5m]))`,
    `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="cpu"})`,
  ].join(" ");
}

function memoryByPod(side?: Side): string {
  const containers = containersOf(side);
  return [
    `100 * sum by (pod) (container_memory_working_set_bytes{${containers}})`,
    `/ sum by (pod) (kube_pod_container_resource_limits{${containers},resource="memory"})`,
  ].join(" ");
}

/** CPU of the app's containers in percent of their limit, by pod. */
export const cpuPercent = cpuByPod();

/** Memory of the app's containers in percent of their limit, by pod. */
export const memoryPercent = memoryByPod();

/** That of the pod with the highest share. */
export function highestCpuPercent(side: Side): string {
  return `max(${cpuByPod(side)})`;
}

export function highestMemoryPercent(side: Side): string {
  return `max(${memoryByPod(side)})`;
}

/** `or vector(0)`: an alert takes silence for a fault, since somebody must look; nothing is rolled back for it. */
function orNone(expression: string): string {
  return `(${expression} or vector(0))`;
}

const databaseAnswers = `min(pg_up{job="${job("postgres")}"})`;

/** 1 while the database answers its exporter; 0 also when the exporter is silent. */
export const databaseUp = orNone(databaseAnswers);

function probed(component: keyof typeof deployments): string {
  return `min(probe_success{job="${job(`probe-${component}`)}"})`;
}

/** 1 while a component's health check succeeds; 0 also when nothing is probed. */
export function healthy(component: keyof typeof deployments): string {
  return orNone(probed(component));
}

/** 1 while both health checks succeed; 0 also when one of them is not probed. */
export const bothHealthy = `${healthy("backend")} * ${healthy("frontend")}`;

/** 1 while both health checks succeed; nothing while one of them is not probed: no reason to roll back. */
export const bothProbedHealthy = `${probed("backend")} * ${probed("frontend")}`;

const edgeJobs = `job=~"${job("edge-backend")}|${job("edge-frontend")}"`;

/** Days until the first of the public hosts' certificates expires; nothing while none is seen. */
export const certificateDays = `(min(probe_ssl_earliest_cert_expiry{${edgeJobs}}) - time()) / ${24 * 60 * 60}`;

function answersOutside(component: keyof typeof deployments): string {
  return orNone(`min(probe_success{job="${job(`edge-${component}`)}"})`);
}

/** 1 while both public hosts answer through the edge; 0 also when one of them is not probed. */
export const publicHostsAnswer = `${answersOutside("backend")} * ${answersOutside("frontend")}`;

/** 1 while a component has a ready pod, of a side or of any colour, else 0. */
function counted(component: keyof typeof deployments, side?: Side): string {
  const colour =
    side === undefined
      ? `=~"${deployments[component]}-(blue|green)"`
      : `="${deployments[component]}-${side}"`;
  return `clamp_max(sum(kube_deployment_status_replicas_available{namespace="${namespace}",deployment${colour}}), 1)`;
}

/** 1 while a component has a ready pod and no colour of it has lost all of its own, 0 also when nobody knows. */
function available(component: keyof typeof deployments): string {
  return `${orNone(counted(component))} * (${noColourLost(namespace, deployments[component])} or vector(1))`;
}

/**
 * 1 while backend, frontend and database are there at all, whichever colour has the traffic; 0 also when nobody knows.
 */
export const everythingAvailable = `${available("backend")} * ${available("frontend")} * ${databaseUp}`;

/**
 * 1 while a side's backend and frontend and the database are there; nothing when nobody knows: no reason to roll back.
 */
export function everythingKnownAvailable(side: Side): string {
  return `${counted("backend", side)} * ${counted("frontend", side)} * ${databaseAnswers}`;
}

/** 1 while at least one pod of the backend is scraped; without it every rule on requests is blind. */
export const backendScraped = `(max(up{${ofBackend()}}) or vector(0))`;

/** One of the statistics that the runbook reads, of its database; counters as a rate a second. */
export function databaseStatistic(name: string, counter: boolean, database: string): string {
  const series = `${name}{job="${job("postgres")}",datname="${database}"}`;
  return counter ? `sum(rate(${series}[5m]))` : `sum(${series})`;
}
