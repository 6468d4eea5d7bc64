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

const job = "case-management-backend";
const minutes = 30;
const at = 20;

/** A minute's requests, of which some fail. */
function requests(ok: number, failed: number, length = minutes): InputSeries {
  return {
    [selector("http_requests_total", { job, status: "200" })]: counter(ok, length),
    [selector("http_requests_total", { job, status: "500" })]: counter(failed, length),
  };
}

function errorCases(breach: [number, number], boundary: [number, number], brief: number): AlertCase[] {
  return [
    { shows: "breach", series: requests(...breach), atMinutes: at, fires: once },
    { shows: "boundary", series: requests(...boundary), atMinutes: at, fires: quiet },
    { shows: "healthy", series: requests(100, 0), atMinutes: at, fires: quiet },
    { shows: "brief", series: requests(...breach, 6), atMinutes: brief, fires: quiet },
    {
      shows: "fewSamples",
      because: "one request a minute and it fails",
      series: requests(0, 1),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "breach",
      because: "probes succeed",
      series: { ...probed, ...requests(...breach) },
      atMinutes: at,
      fires: once,
    },
    {
      shows: "fewSamples",
      because: "one user beside the probes",
      series: { ...probed, ...requests(0, 1) },
      atMinutes: at,
      fires: quiet,
    },
    { shows: "missing", series: {}, atMinutes: at, fires: quiet },
  ];
}

/** What kubelets, the prober and the scraper ask, fast and a hundred times as much as users do. */
const probed: InputSeries = Object.assign(
  {},
  ...["/health", "/metrics"].map((route) => ({
    ...histogram("response_time_seconds", { job, route }, 10_000, { "0.1": 1 }, minutes),
    [selector("http_requests_total", { job, route, status: "200" })]: counter(10_000, minutes),
  })),
);

function durations(perMinute: number, shares: Readonly<Record<string, number>>): InputSeries {
  return {
    ...histogram("response_time_seconds", { job }, perMinute, shares, minutes),
    [selector("http_requests_total", { job, status: "200" })]: counter(perMinute, minutes),
  };
}

function latencyCases(bound: string, next: string): AlertCase[] {
  return [
    { shows: "breach", series: durations(100, p95Above(bound, next)), atMinutes: at, fires: once },
    { shows: "boundary", series: durations(100, p95At(bound, next)), atMinutes: at, fires: quiet },
    { shows: "brief", series: durations(100, p95Above(bound, next)), atMinutes: 4, fires: quiet },
    { shows: "fewSamples", series: durations(1, { [bound]: 0, [next]: 1 }), atMinutes: at, fires: quiet },
    {
      shows: "breach",
      because: "probes are as fast as ever",
      series: { ...probed, ...durations(100, p95Above(bound, next)) },
      atMinutes: at,
      fires: once,
    },
    { shows: "missing", series: {}, atMinutes: at, fires: quiet },
  ];
}

const postgres = selector("pg_up", { job: "case-management-postgres" });
const edgeProbe = (component: string) =>
  selector("probe_success", { job: `case-management-edge-${component}` });
const expiry = (days: number): InputSeries => ({
  [selector("probe_ssl_earliest_cert_expiry", { job: "case-management-edge-frontend" })]: constant(
    days * 24 * 60 * 60 + at * 60,
    minutes,
  ),
  [selector("probe_ssl_earliest_cert_expiry", { job: "case-management-edge-backend" })]: constant(
    60 * 24 * 60 * 60,
    minutes,
  ),
});
const probe = (component: string) => selector("probe_success", { job: `case-management-probe-${component}` });

const replicas = (deployment: string) =>
  selector("kube_deployment_status_replicas_available", { namespace: "case-management", deployment });
const wanted = (deployment: string) =>
  selector("kube_deployment_spec_replicas", { namespace: "case-management", deployment });

/** Everything is there; `changes` says what is not. */
function world(changes: InputSeries = {}): InputSeries {
  return {
    [postgres]: constant(1, minutes),
    [probe("backend")]: constant(1, minutes),
    [probe("frontend")]: constant(1, minutes),
    [edgeProbe("backend")]: constant(1, minutes),
    [edgeProbe("frontend")]: constant(1, minutes),
    [replicas("case-management-backend-blue")]: constant(2, minutes),
    [replicas("case-management-backend-green")]: constant(0, minutes),
    [replicas("case-management-frontend-blue")]: constant(2, minutes),
    [replicas("case-management-frontend-green")]: constant(0, minutes),
    ...Object.fromEntries(
      ["backend", "frontend"].flatMap((component) => [
        [wanted(`case-management-${component}-blue`), constant(2, minutes)],
        [wanted(`case-management-${component}-green`), constant(0, minutes)],
      ]),
    ),
    [selector("up", { job })]: constant(1, minutes),
    ...changes,
  };
}

function without(...series: string[]): InputSeries {
  return Object.fromEntries(Object.entries(world()).filter(([name]) => !series.includes(name)));
}

/** Of something that is either there or not: `down` takes it away, `forMinutes` is how long it has to be away. */
function stateCases(series: string, forMinutes: number): AlertCase[] {
  const down = then(1, 10, 0, minutes - 10);
  return [
    { shows: "healthy", series: world(), atMinutes: at, fires: quiet },
    { shows: "breach", series: world({ [series]: down }), atMinutes: 10 + forMinutes, fires: once },
    { shows: "brief", series: world({ [series]: down }), atMinutes: 9 + forMinutes, fires: quiet },
    { shows: "boundary", because: "up is exactly 1", series: world(), atMinutes: minutes, fires: quiet },
    { shows: "missing", series: without(series), atMinutes: at, fires: once },
  ];
}

const pod = {
  namespace: "case-management",
  pod: "case-management-backend-blue-1",
  container: "case-management-backend",
};
const gibibyte = 1024 ** 3;

function cpu(cores: number): InputSeries {
  return {
    [selector("container_cpu_usage_seconds_total", pod)]: counter(cores * 60, minutes),
    [selector("kube_pod_container_resource_limits", { ...pod, resource: "cpu" })]: constant(1, minutes),
    [selector("kube_pod_container_resource_limits", { ...pod, resource: "memory" })]: constant(
      gibibyte,
      minutes,
    ),
  };
}

function memory(share: number): InputSeries {
  return {
    ...cpu(0),
    [selector("container_memory_working_set_bytes", pod)]: constant(Math.round(share * gibibyte), minutes),
  };
}

const firesForPod = [{ pod: pod.pod }];

function usageCases(series: (share: number) => InputSeries): AlertCase[] {
  return [
    { shows: "breach", series: series(0.85), atMinutes: at, fires: firesForPod },
    { shows: "boundary", series: series(0.8), atMinutes: at, fires: quiet },
    { shows: "brief", series: series(0.85), atMinutes: 4, fires: quiet },
    { shows: "missing", series: {}, atMinutes: at, fires: quiet },
  ];
}

/** Long enough that the hour of the day before is whole. */
const change = 26 * 60;
const dayAndMore = change + 90;

/** Requests a minute until `change`, and after it. */
function days(before: number, after: number): InputSeries {
  return {
    [selector("http_requests_total", {
      job,
      status: "200",
    })]: `${counter(before, change)} ${1_000_000 + change * before + after}+${after}x120`,
  };
}

export const cases: AlertCases = {
  ErrorRateRollback: errorCases([80, 20], [90, 10], 1),
  ErrorRateCritical: errorCases([90, 10], [95, 5], 5),
  ErrorRateWarning: errorCases([97, 3], [99, 1], 5),
  ResponseTimeCritical: latencyCases("1", "2"),
  ResponseTimeWarning: latencyCases("0.5", "1"),
  DatabaseDown: stateCases(postgres, 5),
  HealthCheckFailing: stateCases(probe("frontend"), 2),
  CriticalServiceUnavailable: [
    ...stateCases(postgres, 1),
    {
      shows: "breach",
      because: "no colour of the backend has a ready pod",
      series: world({ [replicas("case-management-backend-blue")]: constant(0, minutes) }),
      atMinutes: at,
      fires: once,
    },
    {
      shows: "breach",
      because: "one colour lost its pods, and the one kept for a rollback has its own",
      series: world({
        [wanted("case-management-backend-green")]: constant(2, minutes),
        [replicas("case-management-backend-green")]: then(2, 10, 0, minutes - 10),
      }),
      atMinutes: at,
      fires: once,
    },
    {
      shows: "healthy",
      because: "the other colour starts and has had no pods yet",
      series: world({ [wanted("case-management-backend-green")]: constant(2, minutes) }),
      atMinutes: at,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the other colour was scaled to 0 and starts again",
      series: world({
        [wanted("case-management-backend-green")]: "2+0x9 0+0x5 2+0x20",
        [replicas("case-management-backend-green")]: "2+0x9 0+0x30",
      }),
      atMinutes: 19,
      fires: quiet,
    },
    {
      shows: "healthy",
      because: "the other colour is scaled to 0",
      series: world({
        [wanted("case-management-frontend-green")]: then(2, 10, 0, minutes - 10),
        [replicas("case-management-frontend-green")]: then(2, 10, 0, minutes - 10),
      }),
      atMinutes: at,
      fires: quiet,
    },
  ],
  CpuHigh: usageCases(cpu),
  MemoryHigh: usageCases(memory),
  PublicHostFailing: [...stateCases(edgeProbe("backend"), 5), ...stateCases(edgeProbe("frontend"), 5)],
  CertificateExpiry: [
    { shows: "breach", series: expiry(13), atMinutes: at, fires: once },
    { shows: "boundary", series: expiry(14), atMinutes: at, fires: quiet },
    { shows: "healthy", series: expiry(60), atMinutes: at, fires: quiet },
    { shows: "brief", series: expiry(13), atMinutes: 14, fires: quiet },
    {
      shows: "missing",
      because: "PublicHostFailing says that nobody asks",
      series: {},
      atMinutes: at,
      fires: quiet,
    },
  ],
  BackendNotScraped: stateCases(selector("up", { job }), 5),
  TrafficMuchMore: [
    { shows: "breach", series: days(10, 30), atMinutes: dayAndMore, fires: once },
    { shows: "boundary", series: days(10, 20), atMinutes: dayAndMore, fires: quiet },
    { shows: "brief", series: days(10, 30), atMinutes: change + 33, fires: quiet },
    { shows: "missing", because: "nothing a day ago", series: requests(10, 0), atMinutes: at, fires: quiet },
    {
      shows: "fewSamples",
      series: { [selector("http_requests_total", { job, status: "200" })]: "0+0x1440 0+0x100 5" },
      atMinutes: 1541,
      fires: quiet,
    },
  ],
  TrafficMuchLess: [
    { shows: "breach", series: days(40, 10), atMinutes: dayAndMore, fires: once },
    {
      shows: "breach",
      because: "the pods are new and nobody has asked them anything",
      series: {
        [selector("http_requests_total", { job, status: "200", pod: "old" })]: counter(40, change),
      },
      atMinutes: dayAndMore,
      fires: once,
    },
    { shows: "boundary", series: days(20, 10), atMinutes: dayAndMore, fires: quiet },
    { shows: "brief", series: days(40, 10), atMinutes: change + 43, fires: quiet },
    { shows: "missing", because: "nothing a day ago", series: requests(10, 0), atMinutes: at, fires: quiet },
    {
      shows: "fewSamples",
      because: "yesterday had none either",
      series: days(0, 0),
      atMinutes: dayAndMore,
      fires: quiet,
    },
  ],
};
