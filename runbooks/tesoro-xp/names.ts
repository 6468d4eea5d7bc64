/** Names as the runbook writes them for production; other environments derive theirs (conflicts 22). */
export const names = {
  ids: ["TES-004", "TES-025", "TES-029", "TES-048", "TES-049", "TES-059"],
  conflicts: [21, 22, 37],
  resourceGroup: "tesoro-production-rg",
  /** The owner's suffix follows, after a hyphen: `tesoro-production-app-<suffix>`. */
  webApp: "tesoro-production-app",
  sqlServer: "tesoro-production-sql",
  sqlDatabase: "tesoro-production-db",
  storageAccount: "tesoroprodst",
  applicationInsights: "tesoro-production-ai",
  /** The runbook names no vault; this follows its scheme (note of TES-004). */
  vault: "tesoro-production-kv",
} as const;
