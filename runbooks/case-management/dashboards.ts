import type { Dashboard } from "../prometheus";
import {
  certificateDays,
  cpuPercent,
  databaseStatistic,
  databaseUp,
  errorPercent,
  healthy,
  memoryPercent,
  p95Milliseconds,
  publicHostsAnswer,
  requestRate,
} from "./expressions";

/** PostgreSQL database (CAS-077). */
export const databaseName = "case_management";

/** The runbook asks for Grafana dashboards of error metrics (CAS-058) and names none: one, for what it watches. */
export const dashboards = [
  {
    uid: "case-management",
    title: "Case management",
    ids: ["CAS-058", "CAS-115"],
    panels: [
      {
        title: "Error rate",
        visualisation: "timeseries",
        unit: "percent",
        ids: ["CAS-058", "CAS-066"],
        queries: [{ source: "prometheus", expression: errorPercent(5), legend: "failed requests" }],
        alerts: ["ErrorRateWarning", "ErrorRateCritical", "ErrorRateRollback"],
      },
      {
        title: "Response time, p95",
        visualisation: "timeseries",
        unit: "milliseconds",
        ids: ["CAS-065", "CAS-079", "CAS-082"],
        queries: [{ source: "prometheus", expression: p95Milliseconds(5), legend: "p95" }],
        alerts: ["ResponseTimeWarning", "ResponseTimeCritical"],
      },
      {
        title: "Requests",
        visualisation: "timeseries",
        unit: "countPerSecond",
        ids: ["CAS-084"],
        queries: [{ source: "prometheus", expression: requestRate(5), legend: "requests" }],
      },
      {
        title: "Health and database",
        visualisation: "stat",
        unit: "boolean",
        ids: ["CAS-010", "CAS-080", "CAS-085"],
        queries: [
          { source: "prometheus", expression: healthy("backend"), legend: "backend" },
          { source: "prometheus", expression: healthy("frontend"), legend: "frontend" },
          { source: "prometheus", expression: databaseUp, legend: "database" },
          { source: "prometheus", expression: publicHostsAnswer, legend: "public hosts" },
        ],
        alerts: ["PublicHostFailing"],
      },
      {
        title: "Days left on the certificates",
        visualisation: "stat",
        unit: "days",
        ids: ["CAS-023"],
        queries: [{ source: "prometheus", expression: certificateDays, legend: "first to expire" }],
        alerts: ["CertificateExpiry"],
      },
      {
        title: "CPU of the limit",
        visualisation: "timeseries",
        unit: "percent",
        ids: ["CAS-067", "CAS-083"],
        queries: [{ source: "prometheus", expression: cpuPercent, legend: "{{pod}}" }],
        alerts: ["CpuHigh"],
      },
      {
        title: "Memory of the limit",
        visualisation: "timeseries",
        unit: "percent",
        ids: ["CAS-068"],
        queries: [{ source: "prometheus", expression: memoryPercent, legend: "{{pod}}" }],
        alerts: ["MemoryHigh"],
      },
      {
        title: "Database connections",
        visualisation: "timeseries",
        unit: "count",
        ids: ["CAS-076"],
        queries: [
          {
            source: "prometheus",
            expression: databaseStatistic("pg_stat_database_numbackends", false, databaseName),
            legend: "connections",
          },
        ],
      },
      {
        title: "Database transactions and rows",
        visualisation: "timeseries",
        unit: "countPerSecond",
        ids: ["CAS-076"],
        queries: [
          ["xact_commit", "committed"],
          ["xact_rollback", "rolled back"],
          ["tup_returned", "rows returned"],
          ["tup_fetched", "rows fetched"],
        ].map(([column, legend]) => ({
          source: "prometheus" as const,
          expression: databaseStatistic(`pg_stat_database_${column}`, true, databaseName),
          legend: legend!,
        })),
      },
    ],
  },
] as const satisfies readonly Dashboard[];
