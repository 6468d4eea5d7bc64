import { strict as assert } from "node:assert";
import { alertExpression } from "../../infra/monitoring/alert-rules";
import type { MetricContract, PanelQuery } from "../../runbooks/prometheus";
import { contracts } from "./support/contracts";
import { readExpression } from "./support/promql";
import { described, fits, quantities } from "./support/quantity";

function faults(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function unitFaults(
  what: string,
  expression: string,
  unit: keyof typeof quantities,
  metrics: MetricContract,
) {
  return faults(() => {
    const { quantity } = readExpression(expression, metrics);
    assert.ok(
      quantity === undefined || fits(unit, quantity),
      `${what} is said to be in ${unit} and is in ${described(quantity ?? quantities.count)}`,
    );
  });
}

const isPrometheus = (query: PanelQuery) => query.source === "prometheus";

for (const { system, alerts, metrics, routing, dashboards } of contracts) {
  describe(`what Prometheus watches of ${system}`, () => {
    it("every metric has an exporter of the contract, and a name of its own there", () => {
      const names = metrics.exporters.map(({ name }) => name);
      const keys = metrics.metrics.map(({ name, exporter }) => `${exporter}/${name}`);
      assert.deepEqual(
        metrics.metrics.filter(({ exporter }) => !names.includes(exporter)),
        [],
      );
      assert.deepEqual([...new Set(keys)], keys);
      assert.deepEqual([...new Set(names)], names);
    });

    it("alerts read metrics and labels that somebody exports, in the unit of their threshold", () => {
      assert.deepEqual(
        alerts.flatMap(({ name, expression, unit }) => unitFaults(name, expression, unit, metrics)),
        [],
      );
    });

    it("alerts as they are rendered can match: minimum sample, absence and muting included", () => {
      assert.deepEqual(
        alerts.flatMap((alert) => faults(() => readExpression(alertExpression(alert), metrics))),
        [],
      );
    });

    it("minimum samples are numbers of events", () => {
      assert.deepEqual(
        alerts.flatMap(({ name, minimumSample }) =>
          minimumSample ? unitFaults(name, minimumSample.expression, "count", metrics) : [],
        ),
        [],
      );
      assert.deepEqual(
        alerts.filter(({ minimumSample }) => minimumSample !== undefined && minimumSample.atLeast < 2),
        [],
      );
    });

    it("a share of events or a quantile has a minimum sample, whatever the alert calls itself", () => {
      const sampled = alerts.filter(
        ({ expression, measures }) =>
          expression.includes("histogram_quantile") || measures === "eventRatio" || measures === "quantile",
      );
      assert.deepEqual(
        sampled.filter(({ minimumSample }) => minimumSample === undefined),
        [],
      );
    });

    it("alerts have names of their own, as Prometheus writes them", () => {
      const names = alerts.map(({ name }) => name);
      assert.deepEqual([...new Set(names)], names);
      assert.deepEqual(
        names.filter((name) => !/^[A-Z][A-Za-z0-9]+$/.test(name)),
        [],
      );
    });

    it("panels read metrics and labels that somebody exports, in their own unit", () => {
      const found = dashboards.flatMap(({ panels }) =>
        panels.flatMap(({ title, unit, queries }) =>
          queries
            .filter(isPrometheus)
            .flatMap(({ expression }) => unitFaults(title, expression, unit, metrics)),
        ),
      );
      assert.deepEqual(found, []);
    });

    it("the routing is the system's own, and somebody hears of each severity", () => {
      assert.equal(routing.system, system);
      for (const route of Object.values(routing.routes)) assert.notDeepEqual(route.receivers, []);
    });
  });
}
