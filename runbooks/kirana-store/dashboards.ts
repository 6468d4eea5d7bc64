import type { Dashboard, DashboardPanel } from "../prometheus";
import * as e from "./expressions";

type Unit = DashboardPanel["unit"];

function series(
  title: string,
  unit: Unit,
  expression: string,
  legend: string,
  alerts: readonly string[] = [],
): Omit<DashboardPanel, "ids"> {
  return {
    title,
    visualisation: "timeseries",
    unit,
    queries: [{ source: "prometheus", expression, legend }],
    ...(alerts.length > 0 && { alerts }),
  };
}

const perSecond = (metric: string, by: string) => `sum by (${by}) (rate(${e.of(metric)}[5m]))`;

/** Network round trip of a probe through the edge is what the runbook's "network latency" can be measured by. */
const probeSeconds = `max(${e.of("probe_duration_seconds")})`;

/** The runbook's three dashboards, by the panels that it lists. */
export const dashboards = [
  {
    uid: "kirana-store-system-health",
    title: "System Health",
    ids: ["STO-152", "STO-027"],
    panels: [
      {
        ...series(
          "API response times by endpoint, p95",
          "seconds",
          e.p95("http_request_duration_seconds", "5m", [], "route"),
          "{{route}}",
          ["ApiLatencyAboveSla", "ApiLatencyHigh"],
        ),
        ids: ["STO-152"],
      },
      {
        ...series("Error rates by service", "ratio", e.errorRateByService, "{{service}}", ["ErrorRateHigh"]),
        ids: ["STO-152"],
      },
      {
        ...series("Memory of the limit", "ratio", e.memoryUsage, "{{pod}} {{container}}", [
          "MemoryUsageHigh",
        ]),
        ids: ["STO-152", "STO-160"],
      },
      {
        ...series("CPU, cores", "count", perSecond("container_cpu_usage_seconds_total", "pod"), "{{pod}}"),
        ids: ["STO-152"],
      },
      {
        title: "Network I/O",
        visualisation: "timeseries",
        unit: "bytesPerSecond",
        ids: ["STO-152"],
        queries: [
          {
            source: "prometheus",
            expression: perSecond("container_network_receive_bytes_total", "pod"),
            legend: "in {{pod}}",
          },
          {
            source: "prometheus",
            expression: perSecond("container_network_transmit_bytes_total", "pod"),
            legend: "out {{pod}}",
          },
        ],
      },
      {
        ...series("Database connection pool", "ratio", e.connectionPoolUsage, "{{pod}}", [
          "ConnectionPoolNearlyFull",
        ]),
        ids: ["STO-152"],
      },
    ],
  },
  {
    uid: "kirana-store-business-metrics",
    title: "Business Metrics",
    ids: ["STO-153", "STO-027"],
    panels: [
      {
        ...series("Orders/minute", "countPerMinute", e.ordersPerMinute, "orders", ["OrderRateLow"]),
        ids: ["STO-153", "STO-204"],
      },
      {
        ...series(
          "Payment success rate",
          "ratio",
          e.share("kirana_store_payments_total", 'result="success"'),
          "successful payments",
          ["PaymentSuccessLow"],
        ),
        ids: ["STO-153", "STO-205"],
      },
      {
        ...series(
          "Average order value",
          "currencyPerCount",
          `sum(increase(${e.of("kirana_store_order_value_inr_total")}[1h])) / sum(increase(${e.of("kirana_store_orders_total")}[1h]))`,
          "INR per order",
        ),
        ids: ["STO-153"],
      },
      {
        ...series(
          "Customer conversion",
          "ratio",
          `sum(increase(${e.of("kirana_store_orders_total")}[1h])) / sum(increase(${e.of("kirana_store_visits_total")}[1h]))`,
          "orders per visit",
        ),
        ids: ["STO-153"],
      },
      {
        ...series(
          "Gamification engagement",
          "countPerSecond",
          perSecond("kirana_store_gamification_events_total", "kind"),
          "{{kind}}",
        ),
        ids: ["STO-153"],
      },
    ],
  },
  {
    uid: "kirana-store-infrastructure",
    title: "Infrastructure",
    ids: ["STO-154", "STO-027"],
    panels: [
      {
        ...series(
          "Container status, available pods",
          "count",
          e.of("kube_deployment_status_replicas_available"),
          "{{deployment}}",
        ),
        ids: ["STO-154", "STO-114"],
      },
      {
        ...series("Disk space, free", "percent", e.freeDiskPercent, "free", ["DiskSpaceLow"]),
        ids: ["STO-154"],
      },
      { ...series("Network latency", "seconds", probeSeconds, "probe through the edge"), ids: ["STO-154"] },
      {
        ...series("Cache hit rate", "ratio", e.cacheHitRate, "hits", ["CacheHitRateLow"]),
        ids: ["STO-154", "STO-117"],
      },
      {
        ...series("Database replication lag", "seconds", e.replicationLag, "replica", [
          "DatabaseReplicationLag",
        ]),
        ids: ["STO-154", "STO-139"],
      },
    ],
  },
] as const satisfies readonly Dashboard[];
