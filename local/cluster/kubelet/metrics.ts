import type { BackendMetric } from "./backend-annotation";

/** One request that was served. */
export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the pod itself is, for labels and gauges. */
export interface PodFacts {
  readonly pod: string;
  readonly namespace: string;
  readonly version: string;
}

export interface Gauges {
  readonly inFlight: number;
  readonly uptimeSeconds: number;
  readonly ready: boolean;
}

type Histogram = Extract<BackendMetric, { type: "histogram" }>;
type Observing = NonNullable<Histogram["observes"]>;
type Labels = Readonly<Record<string, string>>;

interface Series {
  readonly labels: Labels;
  count: number;
  sum: number;
  readonly buckets: number[];
}

/** Metrics of one program from its start on: counts of what it served, and fixed values. */
export class Metrics {
  readonly #series = new Map<BackendMetric, Map<string, Series>>();

  constructor(
    readonly metrics: readonly BackendMetric[],
    readonly facts: PodFacts,
  ) {}

  count(request: ServedRequest): void {
    for (const metric of this.metrics) {
      if (metric.type === "gauge") continue;
      if (metric.type === "counter" && metric.counts === undefined) continue;
      if (metric.type === "histogram" && metric.observes) continue;
      if (metric.type === "counter" && metric.counts === "errors" && request.status < 500) continue;
      const series = this.#seriesOf(metric, this.#labels(metric, request));
      series.count++;
      series.sum += request.seconds;
      if (metric.type !== "histogram") continue;
      for (const [index, bound] of metric.buckets.entries()) {
        if (request.seconds <= bound) series.buckets[index]!++;
      }
    }
  }

  /** Text format of Prometheus, version 0.0.4. */
  render(gauges: Gauges): string {
    const lines: string[] = [];
    const headed = new Set<string>();
    for (const metric of this.metrics) {
      if (!headed.has(metric.name)) {
        headed.add(metric.name);
        if (metric.help !== undefined) lines.push(`# HELP ${metric.name} ${escapeHelp(metric.help)}`);
        lines.push(`# TYPE ${metric.name} ${metric.type}`);
      }
      lines.push(...this.#samples(metric, gauges));
    }
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }

  #samples(metric: BackendMetric, gauges: Gauges): string[] {
    const counted = [...(this.#series.get(metric)?.values() ?? [])];
    if (metric.type === "gauge")
      return [sample(metric.name, this.#labels(metric), gaugeValue(metric, gauges))];
    if (metric.type === "histogram" && metric.observes)
      return histogramSamples(metric, this.#ownSeries(metric, metric.observes, gauges));
    if (metric.type === "histogram") return counted.flatMap((series) => histogramSamples(metric, series));
    if (metric.counts === undefined) {
      const value = metric.value + metric.ratePerSecond * gauges.uptimeSeconds;
      return [sample(metric.name, this.#labels(metric), value)];
    }
    return counted.map(({ labels, count }) => sample(metric.name, labels, metric.value + count));
  }

  #ownSeries(metric: Histogram, { seconds, ratePerSecond }: Observing, gauges: Gauges): Series {
    const count = Math.floor(gauges.uptimeSeconds * ratePerSecond);
    const buckets = metric.buckets.map((bound) => (seconds <= bound ? count : 0));
    return { labels: this.#labels(metric), count, sum: count * seconds, buckets };
  }

  #labels(metric: BackendMetric, request?: ServedRequest): Labels {
    const known: Record<string, string> = {
      $pod: this.facts.pod,
      $namespace: this.facts.namespace,
      $version: this.facts.version,
      ...(request && {
        $method: request.method,
        $path: request.path,
        $status: String(request.status),
        $statusClass: `${Math.floor(request.status / 100)}xx`,
      }),
    };
    return Object.fromEntries(
      Object.entries(metric.labels).map(([name, value]) => [name, known[value] ?? value]),
    );
  }

  #seriesOf(metric: BackendMetric, labels: Labels): Series {
    const all = this.#series.get(metric) ?? new Map<string, Series>();
    this.#series.set(metric, all);
    const key = JSON.stringify(labels);
    const before = all.get(key);
    if (before !== undefined) return before;
    const buckets = metric.type === "histogram" ? metric.buckets.map(() => 0) : [];
    const series = { labels, count: 0, sum: 0, buckets };
    all.set(key, series);
    return series;
  }
}

function gaugeValue(metric: Extract<BackendMetric, { type: "gauge" }>, gauges: Gauges): number {
  return metric.measures === undefined ? metric.value : Number(gauges[metric.measures]);
}

function histogramSamples(metric: Histogram, series: Series): string[] {
  const { labels, count, sum, buckets } = series;
  return [
    ...metric.buckets.map((bound, index) =>
      sample(`${metric.name}_bucket`, { ...labels, le: String(bound) }, buckets[index]!),
    ),
    sample(`${metric.name}_bucket`, { ...labels, le: "+Inf" }, count),
    sample(`${metric.name}_sum`, labels, sum),
    sample(`${metric.name}_count`, labels, count),
  ];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
