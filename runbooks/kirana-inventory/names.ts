/** Names as the runbook writes them for production; other environments derive theirs (conflicts 22). */
export const names = {
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
} as const;

export const functionApp = {
  ids: ["KIR-002", "KIR-065"],
  slot: "staging",
  /** Both are served by the same code: routePrefix is empty (conflicts 24). */
  healthPath: "/health",
  slotHealthPath: "/api/health",
  warmUpStatuses: [200],
  minimumTlsVersion: "1.2",
} as const;

export const domains = {
  ids: ["KIR-008", "KIR-037", "KIR-038", "KIR-091"],
  api: "api.kirana.io",
  app: "app.kirana.io",
  zone: "kirana.io",
} as const;

export const frontend = {
  ids: ["KIR-079", "KIR-081"],
  buildVariables: ["VITE_API_URL", "VITE_AZURE_AD_CLIENT_ID", "VITE_AZURE_AD_TENANT_ID"],
} as const;

export const cdn = {
  ids: ["KIR-092", "KIR-144"],
  conflicts: [],
  profile: "kirana-cdn",
  endpoint: "kirana-cdn-endpoint",
} as const;
