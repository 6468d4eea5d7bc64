import type { VaultSecret } from "../model";

/** What the runbook expects in the vault, and what stands there beside it. */
export const secrets = [
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
