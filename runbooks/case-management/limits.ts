/**
 * Limits of the runbook, each once: alerts watch them always, gates during a release, the autoscaler grows at one of them.
 * Statements: CAS-065 to CAS-068 (a release's validation), CAS-078 to CAS-083 (alerts), CAS-085 to CAS-087 (rollback).
 */
export const limits = {
  errorPercent: { warning: 1, critical: 5, rollback: 10 },
  p95Milliseconds: { validation: 200, warning: 500, critical: 1000 },
  /** Of a pod's limit. */
  cpuPercent: { validation: 70, warning: 80 },
  memoryPercent: 80,
  /** Before a release (CAS-007), and of the audit after it (CAS-063), which repeats no number. */
  lighthouseScore: 95,
  /** Left on a certificate; this runbook gives no number, retail-agentic's mechanism has this one (RET-107). */
  certificateDays: 14,
  /** Ratios and percentiles over fewer requests than this are noise (conflicts 2: a minimum request count). */
  minimumRequests: 20,
} as const;

/** Minutes for which a limit must be missed before something happens. */
export const durations = {
  /** The runbook gives durations for rollbacks only; the catalogue's answer for its alerts is this one (CAS-084). */
  alert: 5,
  errorRateRollback: 1,
  /** As retail-agentic's, whose mechanism it is. */
  certificate: 15,
  /** A rate needs two scrapes within its window; one minute holds them only just. */
  errorRateRollbackWindow: 2,
  healthRollback: 2,
  /** The runbook gives no time; this is the shortest that any of the five gives (conflicts 63). */
  unavailableRollback: 1,
} as const;
