import type { EmulatedMetric } from "../kubernetes/app-component";

/** One series that an emulated pod shows of a metric. */
export type EmulatedSample = Omit<EmulatedMetric, "name" | "type">;

/** What an exporter's emulated pod shows: samples by metric; a metric without one is not shown. */
export function emulatedMetricsOf(
  exporter: string,
  metrics: readonly (Pick<EmulatedMetric, "name" | "type"> & { readonly exporter: string })[],
  samples: Readonly<Record<string, readonly EmulatedSample[]>>,
): readonly EmulatedMetric[] {
  return metrics.flatMap(({ name, type, exporter: from }) =>
    from === exporter ? (samples[name] ?? []).map((sample) => ({ name, type, ...sample })) : [],
  );
}
