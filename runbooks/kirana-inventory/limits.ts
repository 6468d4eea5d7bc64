/**
 * Figures of the runbook that alerts outside a release and gates inside one both read. The zones of error rate and
 * response time join its triggers and its matrix (conflicts 25).
 */

/** Failed requests of all requests, in percent. */
export const errorRatePercent = {
  ids: ["KIR-094", "KIR-103", "KIR-162", "KIR-163", "KIR-164"],
  /** Below it a release goes on. */
  pass: 0.1,
  rollback: 1,
  atOnce: 10,
} as const;

/** 95th percentile of the response time, in milliseconds. */
export const p95Milliseconds = {
  ids: ["KIR-095", "KIR-106", "KIR-162", "KIR-163", "KIR-164"],
  /** Below it a release goes on. */
  pass: 500,
  hold: 1000,
  rollback: 2000,
  atOnce: 5000,
} as const;

/** How long a breach lasts before a release rolls back. */
export const breachMinutes = { ids: ["KIR-103", "KIR-139", "KIR-164"], rollback: 5, hold: 30 } as const;

/** Failed requests in a number of minutes. */
export const failedRequests = { ids: ["KIR-042"], limit: 10, windowMinutes: 5 } as const;

export const cosmosThroughput = {
  ids: ["KIR-044", "KIR-098"],
  requestUnitsPerSecond: 400,
  /** What Azure Monitor counts: the sum of a minute. */
  requestUnitsPerMinute: 400 * 60,
} as const;

/** The runbook states no window. */
export const cpuPercent = { ids: ["KIR-045"], limit: 80, windowMinutes: 5 } as const;

export const llmBudget = {
  ids: ["KIR-043", "KIR-141"],
  warningUsdPerDay: 45,
  /** 45 USD is 90% of it; the runbook implies the cap but does not state it. */
  dailyCapUsd: 50,
  emergencyCapUsd: 100,
  /** Without a sample for so long cost monitoring does not run. */
  silentMinutes: 360,
} as const;

/** Ratios and percentiles over fewer requests than this are noise (conflicts 2: a minimum request count). */
export const minimumRequests = 20;

/** The runbook's query looks at the last 15 minutes. */
export const realTimeMinutes = 15;

/** The old version stays ready and the new one is watched for so long (KIR-093, conflicts 16). */
export const watchMinutes = 60;

/** Days that a certificate is still valid at least (KIR-037); the runbook states none. */
export const certificateMinimumDays = 14;

/** A figure as people read it: `24,000`. */
export function figure(value: number): string {
  return value.toLocaleString("en-US");
}

/** A time as people read it: `500 ms`, `2 s`. */
export function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`;
}
