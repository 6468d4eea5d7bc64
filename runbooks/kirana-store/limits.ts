import type { Source } from "../model";
import type { MetricUnit } from "../prometheus";

/** A number of the runbook, written once; alerts, gates and dashboards take it from here. */
interface Limit extends Source {
  readonly value: number;
  readonly unit: MetricUnit;
}

/**
 * Limits of the runbook. "Unstated": the runbook asks for the watch and gives no number; the reason for
 * this one follows, and docs/catalogue.md asks the owner.
 */
export const limits = {
  authenticationFailures: { value: 0.1, unit: "ratio", ids: ["STO-158"] },
  paymentFailures: { value: 0.05, unit: "ratio", ids: ["STO-159"] },
  memoryUsage: { value: 0.9, unit: "ratio", ids: ["STO-160"] },
  latencyWarning: { value: 2, unit: "seconds", ids: ["STO-161"], conflicts: [51] },
  errorRateWarning: { value: 0.01, unit: "ratio", ids: ["STO-162"], conflicts: [50] },
  cacheHitRate: { value: 0.7, unit: "ratio", ids: ["STO-163"] },
  freeDisk: { value: 20, unit: "percent", ids: ["STO-164"] },
  databaseQuery: { value: 0.2, unit: "seconds", ids: ["STO-024", "STO-118", "STO-165"] },
  latencySla: {
    value: 1,
    unit: "seconds",
    ids: ["STO-004", "STO-115", "STO-195", "STO-200"],
    conflicts: [51],
  },
  permissionCheck: { value: 0.1, unit: "seconds", ids: ["STO-020"] },
  search: { value: 0.5, unit: "seconds", ids: ["STO-021"] },
  orderPlacement: { value: 1, unit: "seconds", ids: ["STO-022"] },
  payment: { value: 2, unit: "seconds", ids: ["STO-023"], conflicts: [51] },
  paymentSuccess: { value: 0.98, unit: "ratio", ids: ["STO-205"] },
  ordersPerMinute: { value: 100, unit: "countPerMinute", ids: ["STO-204"] },
  /** P3 calls a slow-down of less than 100 ms degraded: more than that against last week is a trend. */
  latencyTrend: { value: 0.1, unit: "seconds", ids: ["STO-169", "STO-173"] },
  /** Unstated: a daily backup is late after a day and two hours, the time that a dump may take. */
  backupAge: {
    value: 26 * 60 * 60,
    unit: "seconds",
    ids: ["STO-050", "STO-133", "STO-166"],
    conflicts: [53],
  },
  /** Unstated: a month is enough to buy a licence. */
  licenceDays: { value: 30, unit: "days", ids: ["STO-167"] },
  /** Unstated: as for the daily backup. */
  securityScanAge: { value: 26 * 60 * 60, unit: "seconds", ids: ["STO-168"] },
  /** Unstated: a reader in the other region half a minute behind would see a paid order as unpaid. */
  replicationLag: { value: 30, unit: "seconds", ids: ["STO-090", "STO-139"], conflicts: [47] },
  /** Unstated: as for memory, the other pool that the runbook limits. */
  connectionPool: { value: 0.9, unit: "ratio", ids: ["STO-152"], conflicts: [47] },
  /** Unstated: "10 of 10 running" leaves no room for a container that keeps starting anew; two starts are a coincidence. */
  containerRestarts: { value: 2, unit: "count", ids: ["STO-114", "STO-154"], conflicts: [47] },
  /** Unstated: kirana-inventory's probes use the same two weeks. */
  certificateDays: { value: 14, unit: "days", ids: ["STO-017"], conflicts: [47] },
} as const satisfies Record<string, Limit>;

/** For how long something has to be so; minutes. */
export const durations = {
  apiDown: { minutes: 5, ids: ["STO-156"], conflicts: [52] },
  apiProbe: { minutes: 1, ids: ["STO-176", "STO-209"], conflicts: [52] },
  /** Unstated: as for the API itself. */
  scrapeTargetDown: { minutes: 5, ids: ["STO-026"], conflicts: [47] },
} as const satisfies Record<string, Source & { readonly minutes: number }>;

/** Step 1 of the release asks the new side so often, and for so long, until it answers. */
export const newSideHealth = {
  ids: ["STO-102"],
  everySeconds: 5,
  /** The runbook's loop has no end; step 1 has 10 minutes. */
  withinSeconds: 10 * 60,
} as const satisfies Source & { readonly everySeconds: number; readonly withinSeconds: number };
