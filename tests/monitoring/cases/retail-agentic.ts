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

const job = "retail-backend";
const minutes = 60;
const at = 45;
const missing: AlertCase = { shows: "missing", series: {}, atMinutes: at, fires: quiet };

/** A minute's requests, of which some fail, on both colours: they are one system. */
function requests(ok: number, failed: number, length = minutes): InputSeries {
  const of = (deployment: string, status: string) =>
    selector("http_server_requests_seconds_count", { job, deployment, status });
  return {
    [of("blue", "200")]: counter(ok, length),
    [of("green", "503")]: counter(failed, length),
  };
}

function errorCases(breach: [number, number], boundary: [number, number]): AlertCase[] {
  return [
    { shows: "breach", series: requests(...breach), atMinutes: at, fires: once },
    { shows: "boundary", series: requests(...boundary), atMinutes: at, fires: quiet },
    { shows: "healthy", series: requests(100, 0), atMinutes: at, fires: quiet },
    { shows: "brief", series: requests(...breach), atMinutes: 5, fires: quiet },
    { shows: "fewSamples", because: "at night", series: requests(0, 3), atMinutes: at, fires: quiet },
    {
      shows: "breach",
      because: "probes succeed",
      series: { ...probed, ...requests(...breach) },
      atMinutes: at,
      fires: once,
    },
    {
      shows: "fewSamples",
      because: "three users beside the probes",
      series: { ...probed, ...requests(0, 3) },
      atMinutes: at,
      fires: quiet,
    },
    missing,
  ];
}

/** What kubelets, the prober and releases ask, fast and a hundred times as much as users do. */
const probed: InputSeries = Object.assign(
  {},
  ...["/actuator/health/**", "/actuator/prometheus", "/api/v1/health", "/api/v1/version"].map((uri) =>
    histogram("http_server_requests_seconds", { job, uri, status: "200" }, 10_000, { "0.1": 1 }, minutes),
  ),
);

function durations(perMinute: number, shares: Readonly<Record<string, number>>): InputSeries {
  return histogram("http_server_requests_seconds", { job }, perMinute, shares, minutes);
}

function latencyCases(bound: string, next: string): AlertCase[] {
  return [
    { shows: "breach", series: durations(100, p95Above(bound, next)), atMinutes: at, fires: once },
    { shows: "boundary", series: durations(100, p95At(bound, next)), atMinutes: at, fires: quiet },
    { shows: "brief", series: durations(100, p95Above(bound, next)), atMinutes: 10, fires: quiet },
    { shows: "fewSamples", series: durations(3, { [bound]: 0, [next]: 1 }), atMinutes: at, fires: quiet },
    {
      shows: "breach",
      because: "probes are as fast as ever",
      series: { ...probed, ...durations(100, p95Above(bound, next)) },
      atMinutes: at,
      fires: once,
    },
    missing,
  ];
}

const up = (deployment: string, pod: string) => selector("up", { job, deployment, pod });
const wanted = (colour: string) =>
  selector("kube_deployment_spec_replicas", {
    namespace: "retail-agentic",
    deployment: `retail-backend-${colour}`,
  });

/** Both colours want pods, and blue, which is kept for a rollback, has them. */
function besideBlue(green: InputSeries): InputSeries {
  return {
    [up("blue", "a")]: constant(1, minutes),
    [wanted("blue")]: constant(3, minutes),
    [wanted("green")]: constant(3, minutes),
    ...green,
  };
}
const probes = ["retail-backend", "retail-consumer-web", "retail-admin-web"].map((component) =>
  selector("probe_success", { job: `${component}-probe` }),
);
const allHealthy: InputSeries = Object.fromEntries(probes.map((series) => [series, constant(1, minutes)]));

function events(metric: string, labels: Readonly<Record<string, string>>, perMinute: number): InputSeries {
  return { [selector(metric, { job, ...labels })]: counter(perMinute, minutes) };
}

function payments(successes: number, failures: number): InputSeries {
  return {
    ...events("retail_payments_total", { result: "success" }, successes),
    ...events("retail_payments_total", { result: "failure" }, failures),
  };
}

function orders(started: number, completed: number): InputSeries {
  return {
    ...events("retail_orders_started_total", {}, started),
    ...events("retail_orders_completed_total", {}, completed),
  };
}

function orderCases(breach: number, boundary: number): AlertCase[] {
  return [
    { shows: "breach", series: orders(100, breach), atMinutes: at, fires: once },
    { shows: "boundary", series: orders(100, boundary), atMinutes: at, fires: quiet },
    { shows: "brief", series: orders(100, breach), atMinutes: 5, fires: quiet },
    {
      shows: "fewSamples",
      because: "one checkout in two minutes, none completed",
      series: orders(0.5, 0),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "no checkout has ever ended in an order, so that no series says so",
      series: events("retail_orders_started_total", {}, 100),
      atMinutes: at,
      fires: once,
    },
    missing,
  ];
}

const pod = "retail-backend-blue-1";
const container = { namespace: "retail-agentic", pod, container: "retail-backend" };
const gibibyte = 1024 ** 3;

/** Of a limit of 60 cores, so that a share of it is no fraction that a computer rounds. */
function cpu(share: number): InputSeries {
  const cores = Math.round(60 * share);
  return {
    [selector("container_cpu_usage_seconds_total", container)]: counter(cores * 60, minutes),
    [selector("kube_pod_container_resource_limits", { ...container, resource: "cpu" })]: constant(
      60,
      minutes,
    ),
  };
}

function memory(percent: number): InputSeries {
  return {
    [selector("container_memory_working_set_bytes", container)]: constant(gibibyte * percent, minutes),
    [selector("kube_pod_container_resource_limits", { ...container, resource: "memory" })]: constant(
      gibibyte * 100,
      minutes,
    ),
  };
}

function usageCases(series: (share: number) => InputSeries, limit: number, above: number): AlertCase[] {
  return [
    { shows: "breach", series: series(above), atMinutes: at, fires: [{ pod }] },
    { shows: "boundary", series: series(limit), atMinutes: at, fires: quiet },
    { shows: "brief", series: series(above), atMinutes: 4, fires: quiet },
    missing,
  ];
}

const memoryShare = (share: number) => memory(Math.round(share * 100));
const postgres = (share: number): InputSeries => ({
  [selector("hikaricp_connections_active", { job, pod, pool: "main" })]: constant(share * 20, minutes),
  [selector("hikaricp_connections_max", { job, pod, pool: "main" })]: constant(20, minutes),
});
const mongo = (share: number): InputSeries => ({
  [selector("mongodb_driver_pool_checkedout", { job, pod, server_address: "a" })]: constant(
    Math.round(share * 100),
    minutes,
  ),
  // The driver has a pool for each server: what two hold together fills neither.
  [selector("mongodb_driver_pool_checkedout", { job, pod, server_address: "b" })]: constant(60, minutes),
});

const day = 24 * 60 * 60;
const expiry = (days: number): InputSeries => ({
  [selector("probe_ssl_earliest_cert_expiry", { job: "retail-backend-probe" })]: constant(
    days * day + at * 60,
    minutes,
  ),
});

const cronJob = { namespace: "retail-agentic", cronjob: "retail-search-snapshot" };
const created = { [selector("kube_cronjob_created", cronJob)]: "0+0x700" };
/** Series that are older than 5 minutes are gone. */
const sparse = { everyMinutes: 5 };

export const cases: AlertCases = {
  HighErrorRate: errorCases([90, 10], [95, 5]),
  ErrorRateWarning: errorCases([98, 2], [99, 1]),
  HighLatency: latencyCases("0.5", "1"),
  LatencyWarning: latencyCases("0.3", "0.5"),
  ServiceDown: [
    { shows: "healthy", series: { [up("blue", "a")]: constant(1, minutes) }, atMinutes: at, fires: quiet },
    {
      shows: "breach",
      series: { [up("blue", "a")]: then(1, 10, 0, minutes) },
      atMinutes: 11,
      fires: once,
    },
    {
      shows: "brief",
      series: { [up("blue", "a")]: then(1, 10, 0, minutes) },
      atMinutes: 10,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the idle colour was scaled to 0",
      series: { [up("blue", "a")]: constant(1, minutes), [up("green", "b")]: "1+0x5 stale" },
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "the colour kept for a rollback answers, the other one is down",
      series: besideBlue({ [up("green", "b")]: then(1, 10, 0, minutes) }),
      atMinutes: 11,
      fires: once,
    },
    {
      shows: "breach",
      because: "the other one's pods are gone",
      series: besideBlue({ [up("green", "b")]: "1+0x9 stale" }),
      atMinutes: 15,
      fires: once,
    },
    {
      shows: "brief",
      because: "of one colour",
      series: besideBlue({ [up("green", "b")]: then(1, 10, 0, minutes) }),
      atMinutes: 10,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "one of its pods is down",
      series: besideBlue({
        [up("green", "b")]: constant(0, minutes),
        [up("green", "c")]: constant(1, minutes),
      }),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the other colour starts and has not answered yet",
      series: besideBlue({ [up("green", "b")]: constant(0, minutes) }),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the other colour is scaled to 0",
      series: besideBlue({
        [up("green", "b")]: then(1, 10, 0, minutes),
        [wanted("green")]: then(3, 10, 0, minutes),
      }),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the other colour was scaled to 0 and starts again",
      series: besideBlue({
        [up("green", "b")]: "1+0x9 stale _x9 0+0x40",
        [wanted("green")]: "3+0x9 0+0x9 3+0x40",
      }),
      atMinutes: 23,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "nothing answers for longer than an hour",
      series: { [up("blue", "a")]: then(1, 10, 0, 120), [wanted("blue")]: constant(3, 130) },
      atMinutes: 120,
      fires: once,
    },
    { shows: "missing", series: {}, atMinutes: at, fires: [{ job }] },
    {
      shows: "missing",
      because: "all pods are gone",
      series: { [up("blue", "a")]: "1+0x5 stale" },
      atMinutes: at,
      fires: [{ job }],
    },
  ],
  HealthCheckFailing: [
    { shows: "healthy", series: allHealthy, atMinutes: at, fires: quiet },
    ...probes.map(
      (series): AlertCase => ({
        shows: "breach",
        because: series.replace(/.*job="(.*)".*/, "$1"),
        series: { ...allHealthy, [series]: then(1, 10, 0, minutes) },
        atMinutes: 13,
        fires: once,
      }),
    ),
    {
      shows: "brief",
      series: { ...allHealthy, [probes[0]!]: then(1, 10, 0, minutes) },
      atMinutes: 12,
      fires: quiet,
    },
    { shows: "missing", because: "nothing is probed", series: {}, atMinutes: at, fires: once },
  ],
  PaymentFailures: [
    { shows: "breach", series: payments(90, 10), atMinutes: at, fires: once },
    { shows: "boundary", series: payments(95, 5), atMinutes: at, fires: quiet },
    { shows: "healthy", series: payments(100, 0), atMinutes: at, fires: quiet },
    { shows: "brief", series: payments(90, 10), atMinutes: 5, fires: quiet },
    { shows: "fewSamples", series: payments(0, 3), atMinutes: at, fires: quiet },
    missing,
  ],
  OrderCompletionCritical: orderCases(70, 80),
  OrderCompletionWarning: orderCases(85, 90),
  CpuUsageCritical: usageCases(cpu, 0.9, 0.95),
  CpuUsageWarning: usageCases(cpu, 0.7, 0.8),
  MemoryUsageCritical: usageCases(memoryShare, 0.9, 0.95),
  MemoryUsageWarning: usageCases(memoryShare, 0.7, 0.8),
  PostgresConnectionsCritical: usageCases(postgres, 0.95, 1),
  PostgresConnectionsWarning: usageCases(postgres, 0.8, 0.9),
  MongoConnectionsCritical: usageCases(mongo, 0.95, 0.96),
  MongoConnectionsWarning: usageCases(mongo, 0.8, 0.81),
  CertificateExpiry: [
    { shows: "breach", series: expiry(13), atMinutes: at, fires: once },
    { shows: "boundary", series: expiry(14), atMinutes: at, fires: quiet },
    { shows: "brief", series: expiry(13), atMinutes: 14, fires: quiet },
    missing,
  ],
  SearchSnapshotMissing: [
    {
      shows: "breach",
      because: "the last good one is two days old",
      series: {
        ...created,
        [selector("kube_cronjob_status_last_successful_time", cronJob)]: "0+0x700",
      },
      ...sparse,
      atMinutes: 48 * 60,
      fires: once,
    },
    {
      shows: "breach",
      because: "it has never succeeded",
      series: created,
      ...sparse,
      atMinutes: 48 * 60,
      fires: once,
    },
    { shows: "boundary", series: created, ...sparse, atMinutes: 36 * 60, fires: quiet },
    { shows: "brief", series: created, ...sparse, atMinutes: 36 * 60 + 10, fires: quiet },
    { shows: "missing", series: {}, atMinutes: at, fires: [cronJob] },
  ],
};
