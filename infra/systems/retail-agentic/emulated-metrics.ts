import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { EmulatedMetric } from "../../kubernetes/app-component";
import { type EmulatedSample, emulatedMetricsOf } from "../../monitoring/emulated-metrics";

/** What emulated pods show: a shop on a good day, within every limit of the contract. */

/** Of each pod; the windows of a rehearsal are seconds long and must hold as many events as a gate wants. */
const ordersPerSecond = 8;

type Metric = (typeof contract.metrics.metrics)[number];
type MetricOf<Exporter> = Extract<Metric, { exporter: Exporter }>["name"];

const backend: Readonly<Record<MetricOf<"backend">, readonly EmulatedSample[]>> = {
  http_server_requests_seconds: [
    { labels: { method: "$method", uri: "$path", status: "$status", outcome: "", exception: "none" } },
  ],
  hikaricp_connections_active: [{ labels: { pool: "retail" }, value: 3 }],
  hikaricp_connections_max: [{ labels: { pool: "retail" }, value: 20 }],
  mongodb_driver_pool_checkedout: [
    { labels: { cluster_id: "retail", server_address: "documents" }, value: 6 },
  ],
  retail_orders_started_total: [{ ratePerSecond: ordersPerSecond }],
  retail_orders_completed_total: [{ ratePerSecond: 0.98 * ordersPerSecond }],
  retail_payments_total: [
    { labels: { result: "success" }, ratePerSecond: ordersPerSecond },
    { labels: { result: "failure" }, ratePerSecond: 0.005 * ordersPerSecond },
  ],
};

const secondsPerYear = 365 * 24 * 60 * 60;
/** A day of 2036: the certificate of the emulated hosts lasts as long as anybody tries this. */
const certificateEnd = 66 * secondsPerYear;

const probe: Readonly<Record<MetricOf<"probe-backend">, readonly EmulatedSample[]>> = {
  probe_success: [{ value: 1 }],
  probe_ssl_earliest_cert_expiry: [{ value: certificateEnd }],
};

/** Series of one of the contract's exporters. */
export function emulatedMetrics(exporter: Metric["exporter"]): readonly EmulatedMetric[] {
  return emulatedMetricsOf(exporter, contract.metrics.metrics, { ...backend, ...probe });
}
