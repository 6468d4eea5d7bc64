import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { EmulatedMetric } from "../../kubernetes/app-component";
import { type EmulatedSample, emulatedMetricsOf } from "../../monitoring/emulated-metrics";

/** What emulated pods show: a store on a good day, within every limit of the contract. */

/** Of each pod; the windows of a rehearsal are seconds long and must hold as many events as a gate wants. */
const ordersPerSecond = 8;

type Metric = (typeof contract.metrics)[number];
type MetricOf<Exporter> = Extract<Metric, { exporter: Exporter }>["name"];

const request = { service: "storefront", route: "$path" };

const frontendSamples: Readonly<Record<MetricOf<"kirana-store-frontend">, readonly EmulatedSample[]>> = {
  http_request_duration_seconds: [{ labels: { ...request, method: "$method", status: "$status" } }],
  http_errors_total: [{ labels: request, counts: "errors" }],
};

const secondsPerYear = 365 * 24 * 60 * 60;
/** A day of 2036: the emulated licence runs on for as long as anybody tries this. */
const licenceEnd = 66 * secondsPerYear;

const backendSamples: Readonly<Record<MetricOf<"kirana-store-backend">, readonly EmulatedSample[]>> = {
  kirana_store_authentication_attempts_total: [
    { labels: { result: "success" }, ratePerSecond: 1 },
    { labels: { result: "failure" }, ratePerSecond: 0.02 },
  ],
  kirana_store_payments_total: [
    { labels: { result: "success" }, ratePerSecond: ordersPerSecond },
    { labels: { result: "failure" }, ratePerSecond: 0.005 * ordersPerSecond },
  ],
  kirana_store_orders_total: [{ ratePerSecond: ordersPerSecond }],
  kirana_store_order_value_inr_total: [{ ratePerSecond: 450 * ordersPerSecond }],
  kirana_store_visits_total: [{ ratePerSecond: 10 * ordersPerSecond }],
  kirana_store_gamification_events_total: [{ labels: { kind: "points" }, ratePerSecond: ordersPerSecond }],
  kirana_store_database_query_duration_seconds: [
    { labels: { operation: "find" }, observes: { seconds: 0.02, ratePerSecond: 12 } },
  ],
  kirana_store_database_pool_in_use: [{ value: 8 }],
  kirana_store_database_pool_size: [{ value: 50 }],
  kirana_store_database_replication_lag_seconds: [{ value: 0.5 }],
  kirana_store_licence_expiry_timestamp_seconds: [{ labels: { licence: "payment-sdk" }, value: licenceEnd }],
};

const gibibyte = 1024 ** 3;

const exporterSamples: Readonly<
  Record<MetricOf<"mongodb-exporter" | "redis-exporter" | "probe">, readonly EmulatedSample[]>
> = {
  mongodb_up: [{ value: 1 }],
  mongodb_dbstats_fsUsedSize: [{ labels: { database: contract.database.name }, value: 10 * gibibyte }],
  mongodb_dbstats_fsTotalSize: [{ labels: { database: contract.database.name }, value: 32 * gibibyte }],
  redis_keyspace_hits_total: [{ ratePerSecond: 90 }],
  redis_keyspace_misses_total: [{ ratePerSecond: 10 }],
  probe_success: [{ value: 1 }],
  probe_duration_seconds: [{ value: 0.05 }],
  probe_ssl_earliest_cert_expiry: [{ value: licenceEnd }],
};

export function exporterMetrics(exporter: string): readonly EmulatedMetric[] {
  return emulatedMetricsOf(exporter, contract.metrics, exporterSamples);
}

export function frontendMetrics(): readonly EmulatedMetric[] {
  return emulatedMetricsOf(contract.components.frontend.name, contract.metrics, frontendSamples);
}

export function backendMetrics(): readonly EmulatedMetric[] {
  return emulatedMetricsOf(contract.components.backend.name, contract.metrics, backendSamples);
}
