/** Series of a test in promtool's notation: `up{job="x"}` to `1+0x10`, one value per minute. */
export type InputSeries = Readonly<Record<string, string>>;

/**
 * A situation, and whether an alert fires in it. `shows` says which question it answers: `breach` beyond the threshold,
 * `boundary` exactly on it, `brief` beyond but not for long enough, `fewSamples` beyond on too few events, `missing` without the
 * series, `healthy` the ordinary day.
 */
export interface AlertCase {
  readonly shows: "breach" | "boundary" | "brief" | "fewSamples" | "missing" | "healthy";
  /** What is special about it, when `shows` does not say it all. */
  readonly because?: string;
  readonly series: InputSeries;
  /** Minutes after the first value at which the alert is asked for. */
  readonly atMinutes: number;
  /** Minutes between two evaluations, where the rule's own would take too many. All cases of an alert have the same. */
  readonly evaluationMinutes?: number;
  /** Minutes between two values. @default 1 */
  readonly everyMinutes?: number;
  /** Labels of each alert that fires, besides those of every rule; none: it stays quiet. */
  readonly fires: readonly Readonly<Record<string, string>>[];
}

/** Cases of a system's alerts by name. */
export type AlertCases = Readonly<Record<string, readonly AlertCase[]>>;

/** Fires once, without labels of its own. */
export const once = [{}] as const;
export const quiet = [] as const;

/** A counter that was already high and grows evenly, so that rates are exact. */
export function counter(perMinute: number, minutes: number): string {
  return `1000000+${perMinute}x${minutes}`;
}

export function constant(value: number, minutes: number): string {
  return `${value}+0x${minutes}`;
}

/** A value, and another one from a minute on. */
export function then(before: number, minutes: number, after: number, rest: number): string {
  return `${constant(before, minutes - 1)} ${constant(after, rest)}`;
}

export function selector(metric: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${metric}{${matchers.join(",")}}`;
}

/**
 * Buckets of a histogram that is observed evenly: `shares` of the observations that are at most as long as the bound.
 * `perMinute` must make whole numbers of them.
 */
export function histogram(
  metric: string,
  labels: Readonly<Record<string, string>>,
  perMinute: number,
  shares: Readonly<Record<string, number>>,
  minutes: number,
): InputSeries {
  const buckets = [...Object.entries(shares), ["+Inf", 1] as const];
  return {
    ...Object.fromEntries(
      buckets.map(([le, share]) => [
        selector(`${metric}_bucket`, { ...labels, le }),
        counter(Math.round(perMinute * share), minutes),
      ]),
    ),
    [selector(`${metric}_count`, labels)]: counter(perMinute, minutes),
  };
}

/** p95 on the bound, and just above it: the 95th of 100 lies in the bucket of the bound, or in the next. */
export function p95At(bound: string, next: string): Readonly<Record<string, number>> {
  return { [bound]: 0.95, [next]: 1 };
}

export function p95Above(bound: string, next: string): Readonly<Record<string, number>> {
  return { [bound]: 0.9, [next]: 1 };
}
