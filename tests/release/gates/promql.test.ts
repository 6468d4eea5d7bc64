import assert from "node:assert/strict";
import { faster, newestQuery, pointsQuery, selectorsOf, withSides } from "../../../release/gates/promql";
import { contracts } from "../../../runbooks/contracts";

const queries = contracts.flatMap(({ entries }) =>
  entries.flatMap((entry) =>
    entry.word === "metricGate" && entry.measurement.provider === "prometheus"
      ? [entry.measurement.query, ...(entry.minimumSample.of === "events" ? [entry.minimumSample.query] : [])]
      : [],
  ),
);

describe("queries to Prometheus before they are asked", () => {
  it("sides stand where the contract names them, in a name's part too", () => {
    assert.equal(
      withSides('up{deployment="$candidate",pod=~"a-$live-.+"}', (name) =>
        name === "live" ? "blue" : "green",
      ),
      'up{deployment="green",pod=~"a-blue-.+"}',
    );
  });

  it("in a rehearsal ranges, steps and offsets are as much shorter as time is faster, texts are not", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["rate(a{}[5m])", "rate(a{}[5000ms])"],
      ["max_over_time(a{}[1h30m:30s])", "max_over_time(a{}[90000ms:500ms])"],
      ["max_over_time(a{}[1h:])", "max_over_time(a{}[60000ms:])"],
      ["rate(a{}[ 5m ] offset 1d)", "rate(a{}[5000ms] offset 1440000ms)"],
      ["rate(a{}[5m] offset -10m)", "rate(a{}[5000ms] offset -10000ms)"],
      ['a{route=~"[5m]|offset 5m"}', 'a{route=~"[5m]|offset 5m"}'],
      ["a{} > 5", "a{} > 5"],
    ];
    for (const [query, expected] of cases) assert.equal(faster(query, 60), expected);
    assert.equal(faster("rate(a{}[5m])", 1), "rate(a{}[5m])");
  });

  it("finds each series that a query reads once, whatever stands in its texts", () => {
    assert.deepEqual(
      selectorsOf(
        `sum(rate(x:errors{a="}{",b=~'"y{'}[5m])) / (sum by (a) (rate(x_total{}[5m])) or 0 * x_total{} or {__name__="z"})`,
      ),
      [`x:errors{a="}{",b=~'"y{'}`, "x_total{}", '{__name__="z"}'],
    );
    assert.deepEqual(selectorsOf('label_replace(vector(1), "a", "{b}", "", "")'), []);
  });

  it("every query of the five contracts reads series that can be looked for", () => {
    assert.ok(queries.length > 60);
    for (const query of queries) {
      const found = selectorsOf(query);
      assert.ok(found.length > 0, query);
      for (const selector of found) {
        assert.match(selector, /^[a-zA-Z_:][\w:]*\{.*\}$/);
        assert.ok(query.includes(selector));
      }
    }
  });

  it("asks for the oldest of the newest data, and the fewest of the most samples", () => {
    assert.equal(
      newestQuery(["a{}", "b{}"]),
      'min(label_replace(max(timestamp(a{})), "selector", "0", "", "") or label_replace(max(timestamp(b{})), "selector", "1", "", ""))',
    );
    assert.equal(
      pointsQuery(["a{}"], 300_000),
      'min(label_replace(max(count_over_time(a{}[300000ms])), "selector", "0", "", ""))',
    );
  });
});
