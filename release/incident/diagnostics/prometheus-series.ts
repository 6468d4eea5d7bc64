import { PrometheusClient } from "../../clients/prometheus";
import type { Surroundings } from "../../clients/surroundings";
import { answer, looking, nothing, withSides } from "../../gates/asking";
import type { GateContext, Sample } from "../../gates/gate-provider";
import { measureLimit } from "../../gates/measuring";
import { faster } from "../../gates/promql";
import { shortened } from "./shortened";

/** Every series that a query yields, by its labels. */
export function prometheusSeries(
  query: string,
  surroundings: Surroundings,
  context: GateContext,
): Promise<Sample> {
  const question = faster(query, context.clock.speed);
  return looking(question, measureLimit, context, async ({ signal }) => {
    const client = new PrometheusClient(surroundings, context.facts.prometheusUrl, signal);
    const asked = withSides(question, context);
    const series = await client.series(asked);
    if (series.length === 0) return nothing(asked, "Prometheus has no such series, or no value of them now");
    const lines = series.map(({ labels, value }) => {
      const names = Object.entries(labels).map(([name, label]) => `${name} ${label}`);
      return `${names.join(", ")}${names.length === 0 ? "" : ": "}${round(value)}`;
    });
    return answer(asked, true, shortened(lines));
  });
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
