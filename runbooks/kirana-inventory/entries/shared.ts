import { hoursPerDay, secondsPerMinute } from "../../entry-basics";

export * from "../../entry-basics";

/**
 * Limits of age that the runbook does not state. A candidate's own statements: the strictest of the other runbooks, three
 * days. What is repeated now and then: a month.
 */
export const candidateAgeHours = 3 * hoursPerDay;
export const monthHours = 30 * hoursPerDay;

/** Microsoft Learn, "Log data ingestion time in Azure Monitor": 20 seconds to 3 minutes. */
export const logDelaySeconds = 3 * secondsPerMinute;
/** Microsoft Learn, "Azure Monitor Metrics overview": platform metrics are there within 3 minutes. */
export const metricDelaySeconds = 3 * secondsPerMinute;
