import { retentionDays } from "./limits";

/** The database: how it is signed in to and how long its backups last. */
export const database = {
  ids: ["TES-048", "TES-051", "TES-076", "TES-095"],
  conflicts: [18, 41],
  administratorLogin: "sqladmin",
  minimumTlsVersion: "1.2",
  /** Any moment of these days can be restored, into a new database. */
  pointInTimeDays: retentionDays,
  /** Hours between differential backups, the fewer the faster a restore; Azure has 12 and 24. */
  differentialHours: 12,
  /**
   * Backups beyond those days. The runbook says nothing of them: question 3 to the owner in docs/catalogue.md.
   * ISO 8601; `PT0S` keeps none.
   */
  longTerm: { weekly: "P12W", monthly: "P12M", yearly: "PT0S", weekOfYear: 1 },
  /** Table and column that a migration is recorded in; which runner writes them only the owner knows. */
  migrationHistory: {
    ids: ["TES-053"],
    conflicts: [40],
    table: "__MigrationHistory",
    column: "AppliedOn",
  },
} as const;

/** Where exports before a migration go. */
export const backups = {
  ids: ["TES-049", "TES-051"],
  conflicts: [41],
  container: "backups",
  /** UTC: `pre-migration-20251121-101500.bacpac`. */
  blobName: "pre-migration-YYYYMMDD-HHMMSS.bacpac",
} as const;
