import type { MetricGate } from "../../runbooks/entry-basics";
import type { Surroundings } from "../clients/surroundings";
import { type Json, listAt, mapAt } from "../targets/json";
import { looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { measureLimit, realMilliseconds, type Window, windowOf } from "./measuring";
import type { MetricGateOf } from "./provider-gate";

const apiVersion = "2023-10-01";
/** Finest grain that every platform metric has (Microsoft Learn, "Supported metrics with Azure Monitor"). */
const grainSeconds = 60;

/** A datum of one grain; a grain in which nothing was measured has none. */
interface Point {
  readonly value: number;
  readonly at: Date;
}

/** A platform metric of a resource, read minute by minute, and put together by its aggregation. */
export function azureMonitorProvider({
  arm,
}: Pick<Surroundings, "arm">): GateProvider<MetricGateOf<"azureMonitor">> {
  return {
    look(gate, context) {
      const { resource, metric, aggregation, namespace, dimensions } = gate.measurement;
      const question = `${aggregation} of ${metric} of ${resource}${dimensionWords(dimensions)}`;
      return looking(question, measureLimit, context, async ({ signal }) => {
        const id = context.facts.resources[resource];
        if (id === undefined) {
          return nothing(
            question,
            `the stack's output release names no resource ${resource}; npx switchyard up`,
          );
        }
        if (gate.minimumSample.of === "events") {
          return nothing(question, "Azure Monitor counts data points, and the gate asks for events");
        }
        const { from, to } = inWholeGrains(windowOf(gate, context, grainSeconds), gate, context);
        const answer = await arm(signal).get(`${id}/providers/Microsoft.Insights/metrics`, apiVersion, {
          metricnames: metric,
          metricnamespace: namespace,
          aggregation,
          interval: "PT1M",
          timespan: `${from.toISOString()}/${to.toISOString()}`,
          ...(dimensions && { $filter: filterOf(dimensions) }),
        });
        if (answer === undefined) return nothing(question, `${id} is not there`);
        return sampleOf(question, answer, aggregation, to);
      });
    },
  };
}

/**
 * Azure gives whole grains, also those that a window only begins or ends in: a total over a minute would be one of two. A
 * rehearsal's delay is shorter than a grain, of which there would be none left.
 */
function inWholeGrains({ from, to }: Window, gate: MetricGate, context: GateContext): Window {
  const grain = grainSeconds * 1000;
  if (realMilliseconds(gate.telemetryDelaySeconds, context) < grain) return { from, to };
  const end = Math.floor(to.getTime() / grain) * grain;
  return {
    from: new Date(end - Math.ceil((to.getTime() - from.getTime()) / grain) * grain),
    to: new Date(end),
  };
}

function sampleOf(
  question: string,
  answer: Json,
  aggregation: MetricGateOf<"azureMonitor">["measurement"]["aggregation"],
  to: Date,
): Sample {
  const [metric, ...others] = listAt(answer, "value");
  if (metric === undefined || others.length > 0) {
    return nothing(question, `Azure Monitor answered ${others.length === 0 ? "no" : "several"} metrics`);
  }
  const { errorCode } = mapAt(metric);
  if (errorCode !== undefined && errorCode !== "Success") {
    return nothing(question, `Azure Monitor answered ${String(errorCode)}`);
  }
  const series = listAt(metric, "timeseries");
  if (series.length > 1) return nothing(question, `Azure Monitor answered ${series.length} series, not one`);
  const points = listAt(series[0], "data").flatMap((datum) => pointOf(mapAt(datum), aggregation, to));
  if (points.length === 0) return nothing(question, "nothing was measured in the window");
  const values = points.map(({ value }) => value);
  return {
    kind: "value",
    value: together[aggregation](values),
    at: new Date(Math.max(...points.map(({ at }) => at.getTime()))),
    count: points.length,
    question,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const together: Readonly<
  Record<MetricGateOf<"azureMonitor">["measurement"]["aggregation"], (values: readonly number[]) => number>
> = {
  Average: (values) => sum(values) / values.length,
  Total: sum,
  Count: sum,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};

/** A grain reaches to its end, and never beyond what was asked; one that begins there is none of it. */
function pointOf(datum: Json, aggregation: string, to: Date): readonly Point[] {
  const value = datum[aggregation.toLowerCase()];
  const began = Date.parse(String(datum.timeStamp));
  if (typeof value !== "number" || !Number.isFinite(value) || !(began < to.getTime())) return [];
  return [{ value, at: new Date(Math.min(began + grainSeconds * 1000, to.getTime())) }];
}

function filterOf(dimensions: Readonly<Record<string, string>>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name} eq '${value.replaceAll("'", "''")}'`)
    .join(" and ");
}

function dimensionWords(dimensions: Readonly<Record<string, string>> | undefined): string {
  return dimensions === undefined ? "" : ` where ${filterOf(dimensions)}`;
}
