/** The site, its slot, and what a release asks them. */
export const webApp = {
  ids: ["TES-025", "TES-038", "TES-039", "TES-044"],
  conflicts: [5, 22, 37, 42],
  slot: "blue",
  /** Answered by site and slot; "healthy" is its field `status` (TES-041, TES-056). */
  healthPath: "/health",
  /** TES-057. */
  apiHealthPath: "/api/health",
  /** TES-042, TES-043. */
  smokePaths: { rewards: "/api/rewards/status", transactions: "/api/transactions/health" },
  /** What counts as warm before a swap: any other answer would let an error page pass (conflicts 42). */
  warmUpStatuses: [200],
  minimumTlsVersion: "1.2",
} as const;

/**
 * A look at the database from outside. Whoever asks sends the key, which is a secret of the vault; without it the app
 * answers 404 (note of TES-058).
 */
export const databaseDiagnostics = {
  ids: ["TES-058"],
  path: "/api/diagnostics/database",
  header: "X-Diagnostics-Key",
  secret: "diagnostics-key",
  /** Status without the key: as of a path that does not exist. */
  refusal: 404,
} as const;

/** Text in the body of a healthy answer, as probes look for it. */
export const healthyContent = '"healthy"';
