import assert from "node:assert/strict";
import { metricSamples } from "../../../release/records/metric-samples";
import { UserError } from "../../../release/user-error";
import { factsAt } from "../support/gates";

const sample = {
  resource: "sqlDatabase",
  namespace: "Microsoft.Sql/servers/databases",
  metric: "cpu_percent",
  aggregation: "Average",
  lookBackMinutes: 15,
  intervalMinutes: 5,
} as const;
const now = new Date("2026-11-21T12:00:00Z");
const facts = factsAt("https://shop.test");

describe("metrics of the time before a release", () => {
  it("are asked for the whole time, and what was not measured is a dash", async () => {
    const asked: unknown[] = [];
    const arm = {
      async get(id: string, _version: string, query: object = {}) {
        asked.push(id, query);
        return { value: [{ timeseries: [{ data: [{ average: 12.5 }, {}, { average: 0 }] }] }] };
      },
    };
    const { cpu_percent: text } = await metricSamples([sample], facts, arm, now);
    assert.equal(text, "12.5, –, 0 (Average of each 5 min since 2026-11-21T11:45:00.000Z)");
    assert.deepEqual(asked, [
      `${facts.resources.sqlDatabase}/providers/Microsoft.Insights/metrics`,
      {
        metricnames: "cpu_percent",
        metricnamespace: sample.namespace,
        aggregation: "Average",
        interval: "PT5M",
        timespan: "2026-11-21T11:45:00.000Z/2026-11-21T12:00:00.000Z",
      },
    ]);
  });

  it("are said not to be there when nothing was measured", async () => {
    const { cpu_percent: text } = await metricSamples([sample], facts, { get: async () => undefined }, now);
    assert.match(text!, /^nothing measured \(Average of each 5 min/);
  });

  it("are refused of a resource that the stack does not name, and when Azure is away", async () => {
    const away = {
      async get(): Promise<undefined> {
        throw new UserError("Azure cannot be reached", { retriable: true });
      },
    };
    await assert.rejects(metricSamples([sample], facts, away, now), /cannot be reached/);
    await assert.rejects(
      metricSamples([{ ...sample, resource: "other" }], facts, away, now),
      /names no resource other/,
    );
  });
});
