import { type Answer, errorAnswer, jsonAnswer } from "../front/answer";
import type { RequestCounts, RequestRow } from "./request-counts";
import { lengthOf, parseTimespan } from "./timespan";

type Aggregation = "average" | "total" | "maximum" | "minimum" | "count";

/** A level that nothing here measures, set by hand. */
export interface Gauge {
  readonly resourceId: string;
  readonly metric: string;
  /** `null`: no data points. */
  readonly value: number | null;
}

/**
 * Levels of resources of dev that nothing loads: what a rehearsal sees where no gauge was set. Names as in "Supported
 * metrics with Azure Monitor".
 */
const quietLevels: Readonly<Record<string, number>> = {
  cpupercentage: 8,
  memorypercentage: 35,
  cpu_percent: 4,
  connection_failed: 0,
  totalrequestunits: 0,
  storage_percent: 5,
};

/** What is counted of a site's requests. */
const ofRequests: Readonly<Record<string, (row: RequestRow) => number | undefined>> = {
  requests: ({ count }) => count,
  http2xx: counting(200),
  http3xx: counting(300),
  http4xx: counting(400),
  http5xx: counting(500),
};
/** Seconds, as App Service reports them. */
const responseTimes = ["httpresponsetime", "averageresponsetime"];

function counting(from: number): (row: RequestRow) => number | undefined {
  return ({ status, count }) => (status >= from && status < from + 100 ? count : 0);
}

export class Metrics {
  readonly #gauges = new Map<string, number | null>();

  constructor(
    readonly counts: RequestCounts,
    readonly newest: () => number,
  ) {}

  set({ resourceId, metric, value }: Gauge): void {
    this.#gauges.set(`${resourceId}\n${metric}`.toLowerCase(), value);
  }

  clear(): void {
    this.#gauges.clear();
  }

  /** `GET {id}/providers/microsoft.insights/metrics`. */
  answer(asked: Readonly<Record<string, unknown>>): Answer {
    const id = String(asked.id);
    const { from, to } = parseTimespan(asked.timespan ?? "PT1H", this.newest());
    const interval = lengthOf(String(asked.interval ?? "PT1M")) ?? 60_000;
    const names = String(asked.metricnames ?? "")
      .split(",")
      .filter((name) => name !== "");
    const aggregations = String(asked.aggregation ?? "Average")
      .toLowerCase()
      .split(",") as Aggregation[];
    const unknown = names.find((name) => this.#points(id, name, 0, 0) === undefined);
    if (unknown !== undefined || names.length === 0) {
      const message = `Failed to find metric configuration for metric: ${unknown ?? "(none)"}`;
      return errorAnswer(400, "BadRequest", message);
    }
    const begin = Math.floor(from / interval) * interval;
    const value = names.map((name) => {
      const data: Record<string, unknown>[] = [];
      for (let at = begin; at < to; at += interval) {
        const point: Record<string, unknown> = { timeStamp: new Date(at).toISOString() };
        const found = at > this.newest() ? [] : this.#points(id, name, at, at + interval)!;
        for (const aggregation of aggregations) {
          const reduced = reduce(found, aggregation);
          if (reduced !== undefined) point[aggregation] = reduced;
        }
        data.push(point);
      }
      return {
        id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
        type: "Microsoft.Insights/metrics",
        name: { value: name, localizedValue: name },
        errorCode: "Success",
        timeseries: [{ metadatavalues: [], data }],
      };
    });
    return jsonAnswer(200, {
      cost: 0,
      timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
      interval: asked.interval ?? "PT1M",
      value,
    });
  }

  /** Value and weight of each; undefined for a metric that is not known. */
  #points(
    id: string,
    metric: string,
    from: number,
    to: number,
  ): [value: number, weight: number][] | undefined {
    const name = metric.toLowerCase();
    const gauge = this.#gauges.get(`${id}\n${name}`.toLowerCase());
    if (gauge !== undefined) return gauge === null ? [] : [[gauge, 1]];
    const isSite = /\/microsoft\.web\/sites\//i.test(id);
    const rows = () =>
      this.counts.requests.rows.filter(
        ({ siteId, at }) => at >= from && at < to && siteId.toLowerCase() === id.toLowerCase(),
      );
    const counted = ofRequests[name];
    if (isSite && counted !== undefined) return rows().map((row) => [counted(row) ?? 0, row.count]);
    if (isSite && responseTimes.includes(name)) {
      return rows().map(({ milliseconds, count }) => [milliseconds / count / 1000, count]);
    }
    const level = quietLevels[name];
    return level === undefined ? undefined : [[level, 1]];
  }
}

function reduce(points: readonly [number, number][], aggregation: Aggregation): number | undefined {
  if (points.length === 0) return undefined;
  const weight = points.reduce((sum, [, count]) => sum + count, 0);
  switch (aggregation) {
    case "total":
      return points.reduce((sum, [value]) => sum + value, 0);
    case "count":
      return weight;
    case "maximum":
      return Math.max(...points.map(([value]) => value));
    case "minimum":
      return Math.min(...points.map(([value]) => value));
    default:
      return points.reduce((sum, [value, count]) => sum + value * count, 0) / weight;
  }
}
