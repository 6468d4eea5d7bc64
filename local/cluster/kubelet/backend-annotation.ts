import { z } from "zod";

/** Annotation of a pod that says what its emulated program does: JSON of `PodBackend`. */
export const backendAnnotation = "local.switchyard.dev/backend";
/** Annotation of a Job's pod that says how its emulated program ends: JSON of `JobOutcome`. */
export const jobAnnotation = "local.switchyard.dev/job";

const labelValue = z.string();

const metricBase = {
  name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
  help: z.string().optional(),
  /**
   * Label names and values. A value may be `$method`, `$path`, `$status`, `$statusClass` (such as `5xx`), which are
   * those of the request that is counted, or `$pod`, `$namespace`, `$version`, which are the pod's.
   */
  labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), labelValue).default({}),
};

const counter = z.strictObject({
  ...metricBase,
  type: z.literal("counter"),
  /** `requests`: each request served; `errors`: those answered with 500 and above; absent: `value` and its growth. */
  counts: z.enum(["requests", "errors"]).optional(),
  value: z.number().nonnegative().default(0),
  ratePerSecond: z.number().nonnegative().default(0),
});

const gauge = z.strictObject({
  ...metricBase,
  type: z.literal("gauge"),
  /** Measured: requests under way, seconds since the start, 1 when ready; absent: `value`. */
  measures: z.enum(["inFlight", "uptimeSeconds", "ready"]).optional(),
  value: z.number().default(0),
});

const histogram = z.strictObject({
  ...metricBase,
  type: z.literal("histogram"),
  /**
   * Observations of the program's own, all the same: how many a second from the start on, and of what. @default - the
   * duration of each request served
   */
  observes: z
    .strictObject({ seconds: z.number().nonnegative(), ratePerSecond: z.number().positive() })
    .optional(),
  /** In seconds. */
  buckets: z
    .array(z.number().positive())
    .min(1)
    .default([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    .refine((buckets) => buckets.every((bound, index) => index === 0 || bound > buckets[index - 1]!), {
      error: "buckets must rise",
    }),
});

const metric = z.discriminatedUnion("type", [counter, gauge, histogram]);

const answer = z.strictObject({
  status: z.int().min(100).max(599).default(200),
  /** Sent as it is when a string, as JSON otherwise. */
  body: z.json().default(""),
  contentType: z.string().optional(),
});

const podBackend = z.strictObject({
  /** Container ports that are served; absent: all `containerPort`s of the pod. Each serves the same paths. */
  ports: z.array(z.int().min(1).max(65535)).optional(),
  version: z.string().optional(),
  /** Answers `{"version": …}`. */
  versionPath: z.string().startsWith("/").optional(),
  /** Fixed answers by path: health, readiness and whatever else a gate asks. */
  paths: z.record(z.string().startsWith("/"), answer).default({}),
  /** WebSocket handshakes are accepted, on every path; without it they are answered as other requests are. */
  webSockets: z.boolean().default(false),
  /** Status of every other path. */
  otherStatus: z.int().min(100).max(599).default(200),
  metricsPath: z.string().startsWith("/").default("/metrics"),
  /** Container port of the metrics when it is another one than those that serve; it then answers there alone. */
  metricsPort: z.int().min(1).max(65535).optional(),
  metrics: z.array(metric).default([]),
  /** Seconds from the container's start until it answers anything. */
  startDelaySeconds: z.number().nonnegative().default(0),
  /** Seconds that the program takes to end after SIGTERM, beyond the requests under way. */
  stopDelaySeconds: z.number().nonnegative().default(0),
  /** Of each request, other than those of probes and those to version and metrics. */
  latencyMilliseconds: z.number().nonnegative().default(0),
  /** Share of those same requests that are answered with `errorStatus`. */
  errorRate: z.number().min(0).max(1).default(0),
  errorStatus: z.int().min(400).max(599).default(500),
  /** The image cannot be pulled: the container never starts. */
  imagePullError: z.boolean().default(false),
});

const jobOutcome = z.strictObject({
  durationSeconds: z.number().nonnegative().default(1),
  exitCode: z.int().min(0).max(255).default(0),
  /** Shown as the container's termination message. */
  message: z.string().optional(),
  imagePullError: z.boolean().default(false),
});

export type PodBackend = z.output<typeof podBackend>;
/** What is written into the annotation: everything has a default. */
export type PodBackendInput = z.input<typeof podBackend>;
export type BackendMetric = z.output<typeof metric>;
export type JobOutcome = z.output<typeof jobOutcome>;

/** A parsed annotation, or what is wrong with it in words for the pod's event. */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** Reads `local.switchyard.dev/backend`; a pod without it has a program that answers 200 to everything. */
export function parseBackend(text: string | undefined): Parsed<PodBackend> {
  return parse(podBackend, backendAnnotation, text);
}

/** Reads `local.switchyard.dev/job`; a pod without it ends well after one second. */
export function parseJobOutcome(text: string | undefined): Parsed<JobOutcome> {
  return parse(jobOutcome, jobAnnotation, text);
}

function parse<T>(schema: z.ZodType<T>, annotation: string, text: string | undefined): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: `annotation ${annotation} is no JSON: ${error.message}` };
  }
  const result = schema.safeParse(json);
  if (result.success) return { value: result.data };
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  return { fault: `annotation ${annotation} is not as it should be: ${faults.join("; ")}` };
}
