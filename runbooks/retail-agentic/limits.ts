/** Numbers of the runbook that alerts and the release's gates read alike. */

/** Ratios and percentiles over fewer events than this are noise (conflicts 2: a minimum request count). */
export const minimumEvents = 20;

/** The runbook gives durations for three rules only (RET-136 to RET-138); the others have the shortest of kirana-store. */
export const defaultMinutes = 5;

/** Share of requests that fail (RET-123, RET-136, RET-088). */
export const errorRateLimits = {
  warning: 0.01,
  critical: 0.05,
  windowMinutes: 5,
  sustainedMinutes: 5,
} as const;

/** 95th percentile of the response time (RET-124, RET-137, RET-089; conflicts 62). */
export const latencyLimits = {
  warningSeconds: 0.3,
  criticalSeconds: 0.5,
  windowMinutes: 5,
  sustainedMinutes: 10,
} as const;

/** RET-090; one minute without any pod pages earlier (RET-138, conflicts 63). */
export const healthLimits = { failingMinutes: 3, serviceDownMinutes: 1 } as const;

/** Share of payments that fail (RET-091); the runbook states none, kirana-store's does (conflicts 69). */
export const paymentLimits = { critical: 0.05, windowMinutes: 5, sustainedMinutes: 5 } as const;

/** Share of checkouts that end in an order (RET-128); rarer than requests, so a longer window holds enough of them. */
export const orderLimits = { warning: 0.9, critical: 0.8, windowMinutes: 30 } as const;

/** Of a pod's own limit (RET-125, RET-126). */
export const usageLimits = { warning: 0.7, critical: 0.9 } as const;

/** Of a pool's connections (RET-127). */
export const poolLimits = { warning: 0.8, critical: 0.95 } as const;

/** How long the old side stays ready after the switch (RET-071, conflicts 16). */
export const verificationMinutes = 30;

/** Pods to which an incident scales the backend; the autoscaler goes up to the larger one by itself. */
export const incidentReplicas = { errorRate: 5, latency: 10 } as const;

/** Days for which a certificate must be valid yet (RET-107); the runbook states none. */
export const certificateMinimumDays = 14;

/** Namespace of the gateway that the systems share, where cert-manager keeps its certificate. */
export const gatewayNamespace = "platform";
