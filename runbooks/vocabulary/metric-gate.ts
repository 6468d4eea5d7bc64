import { z } from "zod";
import { base, lineSchema, minutesSchema, nameSchema, nonEmpty, positive } from "./base";

/**
 * PromQL that yields one number per evaluation; the metric contract says which series exist. `$candidate` and `$live` in a
 * matcher stand for the sides of the release: `deployment="$candidate"`.
 */
const prometheus = z.strictObject({ provider: z.literal("prometheus"), query: z.string().min(1) });

/** A platform metric of one resource. */
const azureMonitor = z.strictObject({
  provider: z.literal("azureMonitor"),
  /** Name under which the system's outputs give the resource id: `cosmosAccount`, `functionApp`, `sqlDatabase`. */
  resource: z.string().min(1),
  namespace: z.string().min(1),
  metric: z.string().min(1),
  aggregation: z.enum(["Average", "Total", "Maximum", "Minimum", "Count"]),
  dimensions: z.record(z.string(), z.string()).optional(),
});

/** KQL over the system's workspace that yields one row, whose `column` is the value. */
const logAnalytics = z.strictObject({
  provider: z.literal("logAnalytics"),
  query: z.string().min(1),
  column: z.string().min(1),
});

/** What the release's own repeated requests see: share of failures in percent, or a percentile of the duration in ms. */
const probes = z.strictObject({
  provider: z.literal("probes"),
  /** Host by its name in the system's outputs. */
  host: nameSchema,
  path: z.string().startsWith("/"),
  measure: z.enum(["failedPercent", "p50Milliseconds", "p95Milliseconds", "p99Milliseconds"]),
});

/** What the release itself counts: requests lost during a swap, seconds an operation took. */
const release = z.strictObject({
  provider: z.literal("release"),
  measure: z.enum(["lostRequests", "switchSeconds", "rollbackSeconds", "releaseSeconds"]),
});

export const measurementSchema = z.discriminatedUnion("provider", [
  prometheus,
  azureMonitor,
  logAnalytics,
  probes,
  release,
]);

const limit = { operator: z.enum(["<", "<=", ">", ">="]), limit: z.number() } as const;

/**
 * Three zones: `pass` holds, any of `rollback` holds for its time, or neither, which is the zone `hold`. Limits are in
 * `unit`, or a factor of the baseline where `comparedWith` says so.
 */
const zones = z.strictObject({
  pass: z.strictObject(limit),
  /** Empty: the runbook leaves the decision to people, the release holds. `sustainedSeconds` 0: at once. */
  rollback: z.array(z.strictObject({ ...limit, sustainedSeconds: z.number().min(0) })),
  /** In the zone `hold` for longer than this, the release rolls back. */
  holdAtMostSeconds: positive.optional(),
});

/**
 * Below it, and with NaN, an empty answer or a stale series, the verdict is inconclusive. `events`: what a ratio or
 * percentile is taken over, counted by `query` in the gate's own language; `dataPoints`: samples of a level in the window.
 */
const minimumSample = z.discriminatedUnion("of", [
  z.strictObject({ of: z.literal("events"), atLeast: positive, query: z.string().min(1) }),
  z.strictObject({ of: z.literal("dataPoints"), atLeast: positive }),
]);

/** A number that is looked at again and again and has three zones. */
const metricGate = z.strictObject({
  ...base,
  word: z.literal("metricGate"),
  measurement: measurementSchema,
  unit: z.enum([
    "percent",
    "ratio",
    "milliseconds",
    "seconds",
    "count",
    "countPerSecond",
    "countPerMinute",
    "days",
    "bytes",
    "usd",
    "inr",
    "requestUnitsPerSecond",
  ]),
  windowSeconds: positive,
  intervalSeconds: positive,
  minutes: minutesSchema.optional(),
  /** How late the provider's data are; a hold shorter than delay plus window is refused by the planner. */
  telemetryDelaySeconds: z.number().min(0),
  minimumSample,
  /** @default absolute limits */
  comparedWith: z.enum(["baseline", "liveSide"]).optional(),
  /**
   * Seconds of data that the baseline is taken from, of a number that does not grow with them. Of `prometheus` the
   * ranges stand in the query, so that it has none. @default windowSeconds
   */
  baselineSeconds: positive.optional(),
  /**
   * Of `logAnalytics`: its window may reach back to before the traffic came, as of an amount that is compared with that of
   * as long a time, or of what comes seldom. @default numbers of a ramp or watch are of that time alone
   */
  reachesBack: z.literal(true).optional(),
  /**
   * Of `logAnalytics`: says nothing in a ramp or watch before all of its window is of that traffic, as of a limit that stands
   * for a time. @default a minute is enough
   */
  wholeWindow: z.literal(true).optional(),
  zones,
  /** Alerts that watch the same outside a release. */
  alerts: nonEmpty(z.string()).optional(),
  /** What a person sees when the gate holds. */
  advice: lineSchema.optional(),
});

export const metricGateSchema = metricGate
  .refine(
    ({ baselineSeconds, comparedWith, measurement }) =>
      baselineSeconds === undefined || (comparedWith === "baseline" && measurement.provider !== "prometheus"),
    {
      error:
        "only a gate that is compared with a baseline, and whose window is no part of its query, has baselineSeconds",
    },
  )
  .refine(
    ({ reachesBack, wholeWindow, measurement }) =>
      (!reachesBack && !wholeWindow) ||
      (measurement.provider === "logAnalytics" && !(reachesBack && wholeWindow)),
    {
      error:
        "only the window of a log query begins with the traffic: it may reach back, or must not begin before",
    },
  );
export type MetricGate = z.infer<typeof metricGateSchema>;
