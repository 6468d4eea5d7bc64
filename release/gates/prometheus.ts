import type { MetricGate } from "../../runbooks/entry-basics";
import { type PrometheusAsking, PrometheusClient } from "../clients/prometheus";
import { UserError } from "../user-error";
import { looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { colourOf } from "./host-url";
import { measureLimit, realMilliseconds } from "./measuring";
import { faster, newestQuery, pointsQuery, selectorsOf, withSides } from "./promql";
import type { MetricGateOf } from "./provider-gate";

/**
 * A query to Prometheus: one number, the age of the data in it, and how much of them there is. Sides are filled in; in a
 * rehearsal ranges are as much shorter as time is faster.
 */
export function prometheusProvider(surroundings: PrometheusAsking): GateProvider<MetricGateOf<"prometheus">> {
  return {
    look(gate, context) {
      return looking(gate.measurement.query, measureLimit, context, ({ signal }) =>
        ask(gate, context, new PrometheusClient(surroundings, context.facts.prometheusUrl, signal)),
      );
    },
  };
}

async function ask(
  gate: MetricGateOf<"prometheus">,
  context: GateContext,
  client: PrometheusClient,
): Promise<Sample> {
  const filled = (query: string) =>
    faster(
      withSides(query, (name) => colourOf(context[name], context.facts)),
      context.clock.speed,
    );
  const question = filled(gate.measurement.query);
  const selectors = selectorsOf(question);
  if (selectors.length === 0) throw new UserError(`the query reads no series by matchers: ${question}`);
  const [answer, newest, count] = await Promise.all([
    client.number(question),
    client.number(newestQuery(selectors)),
    client.number(countQuery(gate, context, selectors, filled)),
  ]);
  const remarks = answer?.remarks ?? [];
  const asked = remarks.length === 0 ? question : `${question} (Prometheus remarks: ${remarks.join("; ")})`;
  if (answer === undefined) return nothing(asked, "Prometheus has no such series, or no value of them now");
  if (!Number.isFinite(answer.value))
    return nothing(asked, `the answer is ${answer.value}, which is no number`);
  if (newest === undefined || !Number.isFinite(newest.value)) {
    return nothing(asked, "no series of the query has a recent sample: their targets are not scraped");
  }
  return {
    kind: "value",
    value: answer.value,
    at: new Date(newest.value * 1000),
    // Without events the count is empty, which is none.
    count: count === undefined || !Number.isFinite(count.value) ? 0 : count.value,
    question: asked,
  };
}

function countQuery(
  { minimumSample, windowSeconds }: MetricGate,
  context: GateContext,
  selectors: readonly string[],
  filled: (query: string) => string,
): string {
  return minimumSample.of === "events"
    ? filled(minimumSample.query)
    : pointsQuery(selectors, realMilliseconds(windowSeconds, context));
}
