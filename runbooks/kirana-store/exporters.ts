import { clusterCollector } from "../cluster-metrics";
import type { MetricExporter } from "../prometheus";
import { backend, backendPort, frontend, frontendPort, metricsPath } from "./names";

/** Who is asked for metrics. The probe's target is the host of the stack, which the program adds. */
export const exporters = [
  {
    name: backend,
    kind: "application",
    job: backend,
    port: backendPort,
    path: metricsPath,
    ids: ["STO-026", "STO-067", "STO-068", "STO-110"],
    conflicts: [59],
  },
  {
    // Every request enters by it, so that it sees what users see: duration and status by route.
    name: frontend,
    kind: "application",
    job: frontend,
    port: frontendPort,
    path: metricsPath,
    ids: ["STO-026", "STO-111", "STO-112", "STO-113"],
    conflicts: [59],
  },
  {
    name: "mongodb-exporter",
    kind: "exporter",
    exporter: "mongodb",
    job: "kirana-store-mongodb",
    port: 9216,
    path: metricsPath,
    arguments: ["--collector.dbstats", "--no-mongodb.direct-connect", "--compatible-mode"],
    secretEnvironment: { MONGODB_URI: "MONGODB_URI" },
    ids: ["STO-157", "STO-164"],
  },
  {
    name: "redis-exporter",
    kind: "exporter",
    exporter: "redis",
    job: "kirana-store-redis",
    port: 9121,
    path: metricsPath,
    secretEnvironment: { REDIS_ADDR: "REDIS_URL" },
    ids: ["STO-025", "STO-163"],
  },
  {
    name: "probe",
    kind: "exporter",
    exporter: "blackbox",
    job: "kirana-store-probe",
    port: 9115,
    path: "/probe",
    parameters: { module: ["http_2xx"] },
    ids: ["STO-176", "STO-209", "STO-017"],
    conflicts: [52],
  },
  clusterCollector("kube-state-metrics", "STO-154"),
  clusterCollector("cadvisor", "STO-152", "STO-160"),
  clusterCollector("node", "STO-154", "STO-164"),
] as const satisfies readonly MetricExporter[];
