import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { ArmReader } from "../clients/arm";
import type { EntryOfWord } from "../engine/parts";
import { listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";

const apiVersion = "2023-10-01";

type Samples = NonNullable<EntryOfWord<"record">["samples"]>;

/**
 * Platform metrics of the time before a release, by the metric's name: `0, 3, – (Total of each 5 min since T)`; a dash
 * where nothing was measured.
 *
 * @throws UserError, retriable, when Azure Monitor does not answer
 */
export async function metricSamples(
  samples: Samples,
  { resources, system }: ReleaseFacts,
  arm: Pick<ArmReader, "get">,
  now: Date,
): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const { resource, namespace, metric, aggregation, lookBackMinutes, intervalMinutes } of samples) {
    const id = resources[resource];
    if (id === undefined)
      throw new UserError(`the stack's output release of ${system} names no resource ${resource}`, {
        mend: "npx switchyard up",
      });
    const from = new Date(now.getTime() - lookBackMinutes * 60_000);
    const answer = await arm.get(`${id}/providers/Microsoft.Insights/metrics`, apiVersion, {
      metricnames: metric,
      metricnamespace: namespace,
      aggregation,
      interval: `PT${intervalMinutes}M`,
      timespan: `${from.toISOString()}/${now.toISOString()}`,
    });
    const member = aggregation.toLowerCase();
    const [series] = listAt(mapAt(listAt(answer, "value")[0]), "timeseries");
    const values = listAt(mapAt(series), "data").map((datum) => mapAt(datum)[member]);
    const shown = values.map((value) => (typeof value === "number" ? String(value) : "–"));
    fields[metric] =
      `${shown.length === 0 ? "nothing measured" : shown.join(", ")} (${aggregation} of each ${intervalMinutes} min since ${from.toISOString()})`;
  }
  return fields;
}
