import { errorRateOverTime, latencyOverTime } from "../app-requests";
import type { Dashboard, DashboardPanel } from "../prometheus";
import { ofUsers } from "./expressions";

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

/**
 * One dashboard for what the runbook watches by hand after a release. The system is not scraped: its panels ask the
 * Log Analytics workspace, as its alerts do. `$__timeFilter` is Grafana's.
 */
export const dashboards = [
  {
    uid: "kirana-inventory",
    title: "Kirana inventory",
    ids: ["KIR-093", "KIR-120"],
    // The runbook names no workspace; production and staging put the environment behind it.
    logWorkspace: "kirana-logs",
    panels: [
      panel("Error rate", "percent", ["KIR-042", "KIR-094"], errorRateOverTime(ofUsers, everyFiveMinutes)),
      panel("Response time, p95", "milliseconds", ["KIR-095"], latencyOverTime(ofUsers, everyFiveMinutes)),
      panel(
        "Requests answered with 500",
        "count",
        ["KIR-096"],
        [
          "AppRequests",
          '| where $__timeFilter(TimeGenerated) and ResultCode == "500"',
          `| summarize errors = sum(ItemCount) ${everyFiveMinutes}`,
        ],
      ),
      panel(
        "LLM cost, USD since midnight UTC",
        "currency",
        ["KIR-043", "KIR-121"],
        [
          "AppMetrics",
          '| where Name == "llm_cost" and TimeGenerated > startofday(now())',
          "| summarize usd = sum(Sum) by bin(TimeGenerated, 15m)",
          "| order by TimeGenerated asc",
          "| project TimeGenerated, usdToday = row_cumsum(usd)",
        ],
      ),
    ],
  },
] as const satisfies readonly Dashboard[];
