import type { GateLimit, VaultSecret } from "../model";
import { alerts } from "./alerts";
import { dashboards } from "./dashboards";

/**
 * The contract of kirana-inventory: every number of its runbook that a resource, a policy or a gate reads, with the
 * statements it comes from. Ids and conflict items: catalogue.yaml and docs/catalogue.md.
 */

const secrets = [
  {
    name: "cosmos-connection-string",
    origin: "resource",
    ids: ["KIR-032"],
    description: "Connection string of the Cosmos DB account; the app itself uses its identity.",
  },
  {
    name: "cosmos-endpoint",
    origin: "resource",
    ids: ["KIR-111"],
    appSetting: "COSMOS_ENDPOINT",
    description:
      "Address of the Cosmos DB account that the app uses; a restore goes to a new account and switches this secret.",
  },
  {
    name: "gemini-api-key",
    origin: "owner",
    ids: ["KIR-033"],
    appSetting: "GEMINI_API_KEY",
    description: "API key of the language model that reads imported CSV files.",
  },
  {
    name: "storage-connection-string",
    origin: "resource",
    ids: ["KIR-034"],
    description: "Connection string of the storage account.",
  },
  {
    name: "application-insights-key",
    origin: "resource",
    ids: ["KIR-035"],
    conflicts: [35],
    description:
      "Instrumentation key; ingestion by it ended on 2025-03-31, kept because the runbook lists it.",
  },
  {
    name: "application-insights-connection-string",
    origin: "resource",
    ids: ["KIR-035"],
    conflicts: [35],
    appSetting: "APPLICATIONINSIGHTS_CONNECTION_STRING",
    description: "Where the app sends its telemetry.",
  },
  {
    name: "slack-webhook-prod",
    origin: "owner",
    ids: ["KIR-046", "KIR-047", "KIR-113"],
    description: "Incoming webhook of #kirana-prod: alerts and release messages.",
  },
  {
    name: "slack-webhook-team",
    origin: "owner",
    ids: ["KIR-047", "KIR-119"],
    description: "Incoming webhook of the team's channel: announcements.",
  },
  {
    name: "test-token",
    origin: "owner",
    ids: ["KIR-060", "KIR-059"],
    description: "Credential with which the release obtains TEST_TOKEN for the staging app's smoke tests.",
  },
  {
    name: "prod-test-token",
    origin: "owner",
    ids: ["KIR-060", "KIR-069"],
    description: "Credential with which the release obtains PROD_TEST_TOKEN for the slot's smoke tests.",
  },
  {
    name: "session-signing-key",
    origin: "random",
    ids: ["KIR-016"],
    appSetting: "SESSION_SIGNING_KEY",
    description: "Key with which the API signs import sessions; nobody needs to know it.",
  },
] as const satisfies readonly VaultSecret[];

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

  /** Names as the runbook writes them for production; other environments derive theirs (conflicts 22). */
  names: {
    ids: ["KIR-028", "KIR-031", "KIR-036", "KIR-065", "KIR-081", "KIR-007"],
    conflicts: [20, 22, 23],
    resourceGroup: "kirana-prod-rg",
    cosmosAccount: "kirana-cosmosdb-prod",
    vault: "kirana-keyvault-prod",
    applicationInsights: "kirana-app-insights-prod",
    functionApp: "kirana-functions",
    /** Function app of the staging stack; `kirana-functions-staging` is the host of production's slot. */
    stagingFunctionApp: "kirana-api-staging",
    staticSite: "kirana-webapp",
  },

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

  functionApp: {
    ids: ["KIR-002", "KIR-065"],
    slot: "staging",
    /** Both are served by the same code: routePrefix is empty (conflicts 24). */
    healthPath: "/health",
    slotHealthPath: "/api/health",
    warmUpStatuses: [200],
    minimumTlsVersion: "1.2",
  },

  llmBudget: {
    ids: ["KIR-043", "KIR-141"],
    /** 45 USD is 90% of it; the runbook implies the cap but does not state it. */
    dailyCapUsd: 50,
    emergencyCapUsd: 100,
  },

  domains: {
    ids: ["KIR-008", "KIR-037", "KIR-038", "KIR-091"],
    api: "api.kirana.io",
    app: "app.kirana.io",
    zone: "kirana.io",
  },

  frontend: {
    ids: ["KIR-079", "KIR-081"],
    buildVariables: ["VITE_API_URL", "VITE_AZURE_AD_CLIENT_ID", "VITE_AZURE_AD_TENANT_ID"],
  },

  cdn: { ids: ["KIR-092", "KIR-144"], conflicts: [], profile: "kirana-cdn", endpoint: "kirana-cdn-endpoint" },

  /** Days that logs and backups are kept (conflicts 18). */
  retentionDays: 30,

  secrets,
  alerts,
  dashboards,
  gateLimits,
} as const;
