import type { Source } from "../model";

/** A number of the runbook, written once; alerts, gates and dashboards take it from here. */
interface Limit extends Source {
  readonly value: number;
  readonly unit: string;
}

/**
 * Limits of the runbook. "Unstated": the runbook asks for the watch and gives no number; the reason for this one follows,
 * and docs/catalogue.md asks the owner.
 */
export const limits = {
  errorRate: { value: 0.1, unit: "percent", ids: ["TES-060", "TES-068", "TES-110"], conflicts: [3, 38] },
  errorRateRollback: { value: 1, unit: "percent", ids: ["TES-072"], conflicts: [1] },
  latency: { value: 500, unit: "milliseconds", ids: ["TES-061", "TES-111"], conflicts: [3, 38] },
  latencyOfBaseline: { value: 2, unit: "times the baseline", ids: ["TES-101"], conflicts: [2] },
  availability: { value: 99.99, unit: "percent", ids: ["TES-112"], conflicts: [44] },
  /** Unstated: kirana-inventory's limit for the same kind of plan. */
  planCpu: { value: 80, unit: "percent", ids: ["TES-098"] },
  /** Unstated: higher than for CPU, since a process keeps memory that it does not need. */
  planMemory: { value: 85, unit: "percent", ids: ["TES-098"] },
  /** Unstated: as for the plan. */
  databaseCpu: { value: 80, unit: "percent", ids: ["TES-102"] },
  /** Unstated: a full database refuses every write, so there must be time to enlarge it. */
  databaseStorage: { value: 85, unit: "percent", ids: ["TES-102"] },
  /** Unstated: connections that fail by the system's fault are never part of normal work. */
  databaseConnectionsFailed: { value: 0, unit: "connections", ids: ["TES-058", "TES-102"] },
  /** Unstated: a few are retried and nobody notices. */
  databaseDeadlocks: { value: 5, unit: "deadlocks", ids: ["TES-102"] },
  /** Unstated: kirana-inventory's probes use the same two weeks. */
  certificateDays: { value: 14, unit: "days", ids: ["TES-112"] },
} as const satisfies Record<string, Limit>;

/** Ratios and percentiles over fewer requests than this are noise (conflicts 2: a minimum request count). */
export const minimumRequests = 20;

/** Minutes of data that a number is taken from. */
export const windows = {
  /** "last 10 minutes". */
  errorRate: { minutes: 10, ids: ["TES-060"] },
  /** "last 15 minutes". */
  latency: { minutes: 15, ids: ["TES-061"] },
  /** Unstated: 5 minutes where no duration is given. */
  rollback: { minutes: 5, ids: ["TES-072", "TES-101"], conflicts: [1, 2] },
  /** "the last hour" before a release. */
  baseline: { minutes: 60, ids: ["TES-032", "TES-100"] },
  /** "Minute 20-30": rewards and transactions. */
  business: { minutes: 30, ids: ["TES-064", "TES-065"] },
} as const satisfies Record<string, Source & { readonly minutes: number }>;

/** How long a release is watched, and the version before kept in its slot (conflicts 16). */
export const watchMinutes = 60;

/** Days that logs and backups are kept (conflicts 18). */
export const retentionDays = 30;
