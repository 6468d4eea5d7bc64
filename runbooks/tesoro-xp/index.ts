import type { GateLimit } from "../model";
import { alerts } from "./alerts";
import { businessMetrics } from "./business-metrics";
import { contacts } from "./contacts";
import { dashboards } from "./dashboards";
import { backups, database } from "./database";
import { limits, retentionDays } from "./limits";
import { names } from "./names";
import { secrets } from "./secrets";
import { tasks } from "./tasks";
import { databaseDiagnostics, webApp } from "./web-app";

/** Live limits of a release and the alert that watches each of them outside one. */
const gateLimits = [
  { name: "error rate, pass", alert: "error-rate-investigate", ids: ["TES-060", "TES-110"] },
  { name: "error rate, rollback", alert: "error-rate-rollback", ids: ["TES-072"] },
  { name: "latency, pass", alert: "latency-review", ids: ["TES-061", "TES-111"] },
  { name: "latency, rollback", alert: "latency-doubled", ids: ["TES-101"] },
  { name: "availability", alert: "availability-missed", ids: ["TES-112"] },
  { name: "app", alert: "app-available", ids: ["TES-056"] },
  { name: "API", alert: "api-available", ids: ["TES-057"] },
  { name: "rewards", alert: "rewards-missing", ids: ["TES-065"] },
  { name: "database connections", alert: "database-connections-failed", ids: ["TES-058"] },
] as const satisfies readonly GateLimit[];

/**
 * The contract of tesoro-xp: every number of its runbook that a resource, a policy or a gate reads, with the statements it
 * comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */
export const tesoroXp = {
  system: "tesoro-xp",
  names,
  webApp,
  databaseDiagnostics,
  database,
  backups,
  tasks,
  businessMetrics,

  /** When the plan grows and shrinks. The runbook names scaling (TES-019) and no number: docs/catalogue.md, question 4. */
  autoscale: {
    ids: ["TES-019", "TES-098"],
    scaleOutAboveCpuPercent: 70,
    scaleInBelowCpuPercent: 30,
    windowMinutes: 10,
    coolDownMinutes: 10,
  },

  /** Incidents of Azure itself, which stop a release (TES-027). */
  serviceHealth: {
    ids: ["TES-027"],
    name: "azure-incident",
    description: "Azure reports an incident in the region: no release begins.",
    channels: ["pagerDuty", "slack"],
  },

  contacts,

  retentionDays,

  limits,
  secrets,
  alerts,
  dashboards,
  gateLimits,
} as const;
