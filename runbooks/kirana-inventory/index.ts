import type { GateLimit } from "../model";
import { alerts } from "./alerts";
import { dashboards } from "./dashboards";
import { llmBudget } from "./limits";
import { cdn, domains, frontend, functionApp, names } from "./names";
import { secrets } from "./secrets";

/**
 * The contract of kirana-inventory: every number of its runbook that a resource, a policy or a gate reads, with the
 * statements it comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */

/** Live limits of a release and the alert that watches each of them outside one. */
const gateLimits = [
  { name: "availability", alert: "api-available", ids: ["KIR-001"] },
  { name: "error rate, pass", alert: "error-rate-hold", ids: ["KIR-094"] },
  { name: "error rate, rollback", alert: "error-rate-rollback", ids: ["KIR-103"] },
  { name: "error rate, at once", alert: "error-rate-critical", ids: ["KIR-162"] },
  { name: "latency, pass", alert: "latency-warning", ids: ["KIR-095"] },
  { name: "latency, hold", alert: "latency-hold", ids: ["KIR-164"] },
  { name: "latency, rollback", alert: "latency-rollback", ids: ["KIR-106"] },
  { name: "latency, at once", alert: "latency-critical", ids: ["KIR-162"] },
  { name: "HTTP 500", alert: "server-errors", ids: ["KIR-096"] },
  { name: "request units", alert: "cosmos-request-units", ids: ["KIR-098"] },
  { name: "throttling", alert: "cosmos-throttled", ids: ["KIR-133"] },
  { name: "LLM cost", alert: "llm-cost-warning", ids: ["KIR-121"] },
  { name: "LLM cost is reported", alert: "llm-cost-missing", ids: ["KIR-101"] },
  { name: "web app", alert: "app-available", ids: ["KIR-085"] },
] as const satisfies readonly GateLimit[];

export const kiranaInventory = {
  system: "kirana-inventory",

  names,

  cosmos: {
    ids: ["KIR-028", "KIR-029", "KIR-030", "KIR-135", "KIR-134"],
    conflicts: [28, 29],
    database: "kirana-db",
    /** The runbook gives no partition keys and they cannot be changed later: docs/catalogue.md, question 1. */
    containers: [
      { name: "users", partitionKey: "/id" },
      { name: "items", partitionKey: "/userId" },
      { name: "transactions", partitionKey: "/userId" },
      { name: "predictions", partitionKey: "/userId" },
    ],
    /**
     * Indexing policy of `items`. The runbook names indexing-policy.json without supplying it; this one indexes every
     * path, as an account does by itself, and is written down so that a change of it is a reviewed change.
     */
    itemsIndexing: {
      ids: ["KIR-030"],
      container: "items",
      mode: "consistent",
      includedPaths: ["/*"],
      excludedPaths: ['/"_etag"/?'],
    },
    /** Upper bound of autoscale, shared by the database's containers; the lower one is a tenth of it (400). */
    autoscaleMaxRequestUnitsPerSecond: 4000,
    backup: { ids: ["KIR-039"], conflicts: [18, 29], mode: "Continuous", tier: "Continuous30Days" },
  },

  functionApp,

  llmBudget,

  domains,

  frontend,

  cdn,

  /** Days that logs and backups are kept (conflicts 18). */
  retentionDays: 30,

  secrets,
  alerts,
  dashboards,
  gateLimits,
} as const;
