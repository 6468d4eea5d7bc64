import type { MetricGate } from "../../runbooks/entry-basics";
import { nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { unusable } from "./metric-verdict";

/**
 * The candidate's value as a factor of what the side that was live has in the same window: both sides with traffic, of
 * the same age and under the same load of the moment.
 */
export async function beside(
  provider: GateProvider<MetricGate>,
  gate: MetricGate,
  context: GateContext,
): Promise<Sample> {
  const [candidate, live] = await Promise.all([
    provider.look(gate, context),
    provider.look(gate, { ...context, candidate: context.live }),
  ]);
  const question = `${candidate.question}, as a factor of: ${live.question}`;
  if (candidate.question === live.question) {
    return nothing(question, "the query does not name $candidate, so that the sides cannot be compared");
  }
  if (candidate.kind !== "value") return { ...candidate, question };
  const moment = { now: context.clock.now(), speed: context.clock.speed };
  const why = unusable(gate, live, moment);
  if (why !== undefined || live.kind !== "value") return nothing(question, `of the live side: ${why}`);
  if (live.value === 0) return nothing(question, "the live side has 0, and no factor of it says anything");
  return {
    kind: "value",
    value: candidate.value / live.value,
    at: new Date(Math.min(candidate.at.getTime(), live.at.getTime())),
    count: Math.min(candidate.count, live.count),
    question,
  };
}
