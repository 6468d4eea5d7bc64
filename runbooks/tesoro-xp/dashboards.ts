import { errorRateOverTime, latencyOverTime } from "../app-requests";
import type { Dashboard, DashboardPanel } from "../prometheus";
import { businessMetrics } from "./business-metrics";
import { ofUsers } from "./queries";

function panel(
  title: string,
  unit: DashboardPanel["unit"],
  ids: DashboardPanel["ids"],
  query: readonly string[],
): DashboardPanel {
  return {
    title,
    visualisation: "timeseries",
    unit,
    ids,
    queries: [{ source: "logs", query: query.join("\n"), legend: title }],
  };
}

const everyFiveMinutes = "by bin(TimeGenerated, 5m)\n| order by TimeGenerated asc";
const { transactions, rewards } = businessMetrics;

/** One dashboard for the runbook's first hour, day and week after a release. `$__timeFilter` is Grafana's. */
export const dashboards = [
  {
    uid: "tesoro-xp",
    title: "Tesoro XP",
    ids: ["TES-102", "TES-105"],
    // The runbook names no workspace; production and staging put the environment behind it.
    logWorkspace: "tesoro-logs",
    panels: [
      panel("Error rate", "percent", ["TES-060", "TES-110"], errorRateOverTime(ofUsers, everyFiveMinutes)),
      panel(
        "Response time, p95",
        "milliseconds",
        ["TES-061", "TES-111"],
        latencyOverTime(ofUsers, everyFiveMinutes),
      ),
      panel(
        "Exceptions",
        "count",
        ["TES-060", "TES-102"],
        [
          // With the requests, so that a time without exceptions has 0 and not nothing.
          "union AppRequests, AppExceptions",
          "| where $__timeFilter(TimeGenerated)",
          `| summarize exceptions = sumif(ItemCount, Type == "AppExceptions") ${everyFiveMinutes}`,
        ],
      ),
      panel(
        "Transactions and rewards",
        "count",
        ["TES-064", "TES-065"],
        [
          "AppMetrics",
          `| where $__timeFilter(TimeGenerated) and Name in ("${transactions.name}", "${rewards.name}")`,
          "| summarize processed = sum(Sum) by Name, bin(TimeGenerated, 5m)",
          "| order by TimeGenerated asc",
        ],
      ),
      panel(
        "Database, CPU",
        "percent",
        ["TES-102"],
        [
          "AzureMetrics",
          '| where $__timeFilter(TimeGenerated) and ResourceProvider == "MICROSOFT.SQL" and MetricName == "cpu_percent"',
          `| summarize cpuPercent = avg(Average) ${everyFiveMinutes}`,
        ],
      ),
      panel(
        "Plan, CPU and memory",
        "percent",
        ["TES-098"],
        [
          "AzureMetrics",
          '| where $__timeFilter(TimeGenerated) and MetricName in ("CpuPercentage", "MemoryPercentage")',
          "| summarize percent = avg(Average) by MetricName, bin(TimeGenerated, 5m)",
          "| order by TimeGenerated asc",
        ],
      ),
    ],
  },
] as const satisfies readonly Dashboard[];
