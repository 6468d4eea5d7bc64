import type { LogAlert, MetricAlert as MetricAlertContract } from "../../runbooks/model";

/** Minutes as Azure writes durations: `PT5M`, `PT6H`, `P1D`. */
export function isoMinutes(minutes: number): string {
  if (!Number.isInteger(minutes) || minutes <= 0) throw new Error(`${minutes} is no number of whole minutes`);
  if (minutes % (24 * 60) === 0) return `P${minutes / (24 * 60)}D`;
  if (minutes % 60 === 0) return `PT${minutes / 60}H`;
  return `PT${minutes}M`;
}

/** Criteria of a rule on a log query, as Azure's API names them. */
export function logCriteria(alert: LogAlert) {
  return {
    allOf: [
      {
        query: alert.query,
        // One row, one number: the aggregation only has to leave it as it is.
        ...(alert.measureColumn
          ? { metricMeasureColumn: alert.measureColumn, timeAggregation: "Maximum" }
          : { timeAggregation: "Count" }),
        // The SDK's enum of this name belongs to another API; the rule takes Azure's words.
        operator: alert.operator as string,
        threshold: alert.threshold,
        failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
      },
    ],
  };
}

/** Criteria of a rule on a platform metric. */
export function metricCriteria(alert: MetricAlertContract) {
  return {
    odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria" as const,
    allOf: [
      {
        criterionType: "StaticThresholdCriterion" as const,
        name: alert.name,
        metricNamespace: alert.metricNamespace,
        metricName: alert.metric,
        timeAggregation: alert.aggregation,
        operator: alert.operator,
        threshold: alert.threshold,
        dimensions: (alert.dimensions ?? []).map(({ name, values }) => ({
          name,
          operator: "Include",
          values: [...values],
        })),
      },
    ],
  };
}

/** Description of a rule with the statements of the runbook that ask for it. */
export function describeAlert({ description, ids }: { description: string; ids: readonly string[] }): string {
  return `${description} (${ids.join(", ")})`;
}
