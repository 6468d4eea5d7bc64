import type { MetricUnit } from "../prometheus";

interface Limit<Unit extends MetricUnit> {
  readonly value: number;
  readonly unit: Unit;
}

export function above<Unit extends MetricUnit>({ value, unit }: Limit<Unit>) {
  return { operator: ">", threshold: value, unit } as const;
}

export function below<Unit extends MetricUnit>({ value, unit }: Limit<Unit>) {
  return { operator: "<", threshold: value, unit } as const;
}

/** Of a series that is 1 while something answers. */
export const isDown = { operator: "==", threshold: 0, unit: "boolean" } as const;

/** Ratios and percentiles over fewer events than this are noise (conflicts 2: a minimum request count). */
export const fewest = 20;

export const secondsPerDay = 24 * 60 * 60;
