import { strict as assert } from "node:assert";
import type { MetricContract } from "../../runbooks/prometheus";
import { readExpression } from "./support/promql";
import { fits } from "./support/quantity";

const ids = ["RET-136"] as const;
const contract: MetricContract = {
  exporters: [
    { name: "api", kind: "application", job: "shop-api", port: 8080, path: "/metrics", ids },
    { name: "kube", kind: "addon", target: "kube-state-metrics", job: "kube-state-metrics", ids },
  ],
  metrics: [
    { name: "requests_total", type: "counter", labels: ["status"], unit: "count", exporter: "api", ids },
    { name: "duration_seconds", type: "histogram", labels: ["route"], unit: "seconds", exporter: "api", ids },
    { name: "cache_bytes", type: "gauge", labels: [], unit: "bytes", exporter: "api", ids },
    { name: "expiry", type: "gauge", labels: [], unit: "timestamp", exporter: "api", ids },
    {
      name: "limits",
      type: "gauge",
      labels: ["resource"],
      unit: "count",
      unitBy: { label: "resource", units: { cpu: "count", memory: "bytes" } },
      exporter: "kube",
      ids,
    },
  ],
};

function unitIs(unit: Parameters<typeof fits>[0], expression: string): void {
  const { quantity } = readExpression(expression, contract);
  assert.ok(quantity && fits(unit, quantity), expression);
}

const failed = 'sum(rate(requests_total{status=~"5.."}[5m]))';
const all = "sum(rate(requests_total[5m]))";
const buckets = "sum by (le) (rate(duration_seconds_bucket[5m]))";

describe("the reader of PromQL", () => {
  it("knows the unit of what an expression yields", () => {
    unitIs("ratio", `${failed} / ${all}`);
    unitIs("percent", `100 * ${failed} / ${all}`);
    unitIs("countPerSecond", all);
    unitIs("countPerMinute", `${all} * 60`);
    unitIs("count", "sum(increase(requests_total[5m]))");
    unitIs("seconds", `histogram_quantile(0.95, ${buckets})`);
    unitIs("milliseconds", `1000 * histogram_quantile(0.95, ${buckets})`);
    unitIs("seconds", "time() - max(expiry)");
    unitIs("days", "(min(expiry) - time()) / 86400");
    unitIs("bytes", 'max(limits{resource="memory"})');
    unitIs("ratio", 'max(cache_bytes) / max(limits{resource="memory"})');
    unitIs("boolean", 'min(up{job="shop-api"}) or vector(0)');
    unitIs("ratio", `(${failed} or 0 * ${all}) / ${all}`);
  });

  const faults: readonly (readonly [string, string, RegExp])[] = [
    ["a metric that nobody exports", "sum(request_count)", /request_count: is exported by nobody/],
    ["a label that the metric does not have", 'rate(requests_total{code="500"}[5m])', /has no label code/],
    ["a job that does not export it", 'requests_total{job="shop"}', /is not exported by the job shop/],
    ["a grouping by a label that is gone", `sum by (status) (${all})`, /groups by status/],
    ["a counter without a rate", "sum(requests_total) > 5", /computes with a counter/],
    ["a rate of what is no counter", "rate(cache_bytes[5m])", /is a rate of what is no counter/],
    [
      "a quantile without le",
      "histogram_quantile(0.9, sum(rate(duration_seconds_bucket[5m])))",
      /no buckets by le/,
    ],
    [
      "a quantile without a rate",
      "histogram_quantile(0.9, duration_seconds_bucket)",
      /since the process began/,
    ],
    ["sides with different labels", `rate(requests_total[5m]) / ${all}`, /can never match/],
    ["a match on a label that one side lacks", `${all} and on (status) ${failed}`, /not both sides have/],
    ["a sum of bytes and moments", "cache_bytes + expiry", /sets bytes\^1 against timestamp\^1/],
    ["a limit of no resource", "max(limits)", /has a unit by resource alone/],
    ["what is no PromQL", "sum(", /cannot be read/],
    ["a function it has not met", "predict_linear(cache_bytes[1h], 60)", /does not know/],
  ];
  for (const [what, expression, message] of faults) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readExpression(expression, contract), message);
    });
  }

  it("takes what the runbook's own rule does for what it is: each series divided by itself (conflicts 64)", () => {
    const perSeries = 'rate(requests_total{status=~"5.."}[5m]) / rate(requests_total[5m])';
    assert.notEqual(readExpression(perSeries, contract).labels?.size, 0);
    assert.equal(readExpression(`${failed} / ${all}`, contract).labels?.size, 0);
  });
});
