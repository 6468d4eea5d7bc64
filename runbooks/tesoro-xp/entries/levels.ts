import type { Entry } from "../../vocabulary";
import { limits } from "../limits";
import { metricDelaySeconds } from "./measurements";
import { secondsPerMinute, stagingAndProduction } from "./shared";

const databaseNamespace = "Microsoft.Sql/servers/databases";
const planNamespace = "Microsoft.Web/serverfarms";

/** A level of the platform over 5 minutes, of which most minutes must have reported. */
const level = {
  word: "metricGate",
  on: stagingAndProduction,
  unit: "percent",
  windowSeconds: 5 * secondsPerMinute,
  intervalSeconds: secondsPerMinute,
  telemetryDelaySeconds: metricDelaySeconds,
  minimumSample: { of: "dataPoints", atLeast: 3 },
} satisfies Partial<Entry>;

/** Levels of database and plan, in the first hour and when performance has degraded. */
export const levels: readonly Entry[] = [
  {
    ...level,
    name: "database-cpu",
    title: `First hour: the database's CPU stays at ${limits.databaseCpu.value}% or below`,
    ids: [],
    supports: ["TES-102"],
    during: ["watch"],
    measurement: {
      provider: "azureMonitor",
      resource: "sqlDatabase",
      namespace: databaseNamespace,
      metric: "cpu_percent",
      aggregation: "Average",
    },
    zones: { pass: { operator: "<=", limit: limits.databaseCpu.value }, rollback: [] },
    alerts: ["database-cpu"],
    advice: "Review the slow queries.",
  },
  {
    ...level,
    name: "database-connections",
    title: "First hour: no connection to the database fails by the system's fault",
    ids: [],
    supports: ["TES-058", "TES-102"],
    during: ["watch"],
    unit: "count",
    measurement: {
      provider: "azureMonitor",
      resource: "sqlDatabase",
      namespace: databaseNamespace,
      metric: "connection_failed",
      aggregation: "Total",
    },
    zones: { pass: { operator: "<=", limit: limits.databaseConnectionsFailed.value }, rollback: [] },
    alerts: ["database-connections-failed"],
    advice: "See whether the new version reaches the database: GET /api/diagnostics/database.",
  },
  {
    ...level,
    name: "plan-cpu",
    title: `Performance degraded: CPU of the plan is checked, at most ${limits.planCpu.value}% on average`,
    ids: ["TES-098"],
    during: ["watch", "incident"],
    measurement: {
      provider: "azureMonitor",
      resource: "plan",
      namespace: planNamespace,
      metric: "CpuPercentage",
      aggregation: "Average",
    },
    zones: { pass: { operator: "<=", limit: limits.planCpu.value }, rollback: [] },
    alerts: ["plan-cpu"],
    advice: "Compare with the baseline; the plan scales out by itself.",
  },
  {
    ...level,
    name: "plan-memory",
    title: `Performance degraded: memory of the plan is checked, at most ${limits.planMemory.value}% on average`,
    ids: [],
    supports: ["TES-098"],
    during: ["watch", "incident"],
    measurement: {
      provider: "azureMonitor",
      resource: "plan",
      namespace: planNamespace,
      metric: "MemoryPercentage",
      aggregation: "Average",
    },
    zones: { pass: { operator: "<=", limit: limits.planMemory.value }, rollback: [] },
    alerts: ["plan-memory"],
    advice:
      "A leak of the new version grows with time: compare instances that were started at the same moment.",
  },
];
