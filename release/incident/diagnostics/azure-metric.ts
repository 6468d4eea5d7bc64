import type { Surroundings } from "../../clients/surroundings";
import { answer, looking, nothing } from "../../gates/asking";
import type { GateContext, Sample } from "../../gates/gate-provider";
import { measureLimit } from "../../gates/measuring";
import { listAt, mapAt } from "../../targets/json";
import type { DiagnosticQuestion } from "../read-diagnostic";
import { shortened } from "./shortened";

type Question = Extract<DiagnosticQuestion, { source: "azureMonitor" }>;

const apiVersion = "2023-10-01";
const lookBackMinutes = 30;

/** A platform metric of the last half hour, minute by minute, the newest first. */
export function azureMetric(
  { resource, metric, aggregation }: Question,
  { arm }: Pick<Surroundings, "arm">,
  context: GateContext,
): Promise<Sample> {
  const question = `${aggregation} of ${metric} of ${resource}, by minute, of ${lookBackMinutes} minutes`;
  return looking(question, measureLimit, context, async ({ signal }) => {
    const id = context.facts.resources[resource];
    if (id === undefined)
      return nothing(question, `the stack's output release names no resource ${resource}; npx switchyard up`);
    const to = context.clock.now();
    const from = new Date(to.getTime() - lookBackMinutes * 60_000);
    const found = await arm(signal).get(`${id}/providers/Microsoft.Insights/metrics`, apiVersion, {
      metricnames: metric,
      aggregation,
      interval: "PT1M",
      timespan: `${from.toISOString()}/${to.toISOString()}`,
    });
    if (found === undefined) return nothing(question, `${id} is not there`);
    const points = listAt(found, "value")
      .flatMap((one) => listAt(one, "timeseries"))
      .flatMap((series) => listAt(series, "data"))
      .map((datum) => mapAt(datum))
      .filter((datum) => typeof datum[aggregation.toLowerCase()] === "number");
    if (points.length === 0) return nothing(question, "nothing was measured in these minutes");
    const lines = points
      .reverse()
      .map((datum) => `${String(datum.timeStamp)} ${String(datum[aggregation.toLowerCase()])}`);
    return answer(question, true, shortened(lines));
  });
}
