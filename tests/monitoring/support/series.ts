import type {
  ExportedMetric,
  MetricContract,
  MetricExporter,
  MetricUnit,
} from "../../../runbooks/prometheus";
import { scrapeMetrics, targetLabels } from "../../../runbooks/prometheus";

/** A series that somebody exports. */
export interface Series {
  readonly exporter: MetricExporter;
  readonly labels: ReadonlySet<string>;
  readonly unit: MetricUnit;
  readonly unitBy?: ExportedMetric["unitBy"];
  /** Only ever rises, until its process starts anew. */
  readonly counter: boolean;
  /** Of a histogram's buckets: unit of what was observed. */
  readonly observed?: MetricUnit;
}

/** Everything that a contract exports under a name; several exporters may. */
export function seriesNamed(name: string, contract: MetricContract): readonly Series[] {
  const scraped = scrapeMetrics.find((metric) => metric.name === name);
  if (scraped) {
    return contract.exporters.map((exporter) => ({
      exporter,
      labels: new Set(targetLabels[exporter.kind]),
      unit: scraped.unit,
      counter: false,
    }));
  }
  return contract.metrics.flatMap((metric) => {
    const exporter = contract.exporters.find((candidate) => candidate.name === metric.exporter);
    if (!exporter) return [];
    return variants(metric)
      .filter((variant) => variant.name === name)
      .map(({ extra, ...variant }) => ({
        ...variant,
        exporter,
        labels: new Set([...metric.labels, ...targetLabels[exporter.kind], ...extra]),
        ...(metric.unitBy && { unitBy: metric.unitBy }),
      }));
  });
}

interface Variant {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly counter: boolean;
  readonly observed?: MetricUnit;
  readonly extra: readonly string[];
}

/** The series that a metric of a type is written as (Prometheus, "Exposition formats"). */
function variants({ name, type, unit }: ExportedMetric): readonly Variant[] {
  const sumAndCount: Variant[] = [
    { name: `${name}_sum`, unit, counter: true, extra: [] },
    { name: `${name}_count`, unit: "count", counter: true, extra: [] },
  ];
  switch (type) {
    case "histogram":
      return [
        { name: `${name}_bucket`, unit: "count", counter: true, observed: unit, extra: ["le"] },
        ...sumAndCount,
      ];
    case "summary":
      return [{ name, unit, counter: false, extra: ["quantile"] }, ...sumAndCount];
    default:
      return [{ name, unit, counter: type === "counter", extra: [] }];
  }
}
