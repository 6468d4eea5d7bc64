import assert from "node:assert/strict";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import { systemNames } from "../../runbooks/model";
import { conflictItems, statements, under } from "./support/catalogue";

describe("the catalogue", () => {
  const ids = new Set(statements.map(({ id }) => id));

  it("holds each statement once, with a text", () => {
    assert.equal(ids.size, statements.length);
    assert.ok(statements.every(({ text }) => text.length > 0));
    for (const { id } of statements) assert.match(id, /^(KIR|TES|STO|RET|CAS)-\d{3}$/);
  });

  it("covers all five runbooks", () => {
    assert.equal(new Set(statements.map(({ id }) => id.slice(0, 3))).size, systemNames.length);
  });

  it("knows every id that kirana-inventory's contract names, all of its own runbook", () => {
    const named = under("ids", kiranaInventory);
    assert.ok(named.length > 50);
    for (const { entry, path } of named) {
      assert.ok(ids.has(String(entry)), `${String(entry)} in ${path}`);
      assert.match(String(entry), /^KIR-/, path);
    }
  });
});

describe("kirana-inventory's contract", () => {
  it("names conflicts that exist", () => {
    const named = under("conflicts", kiranaInventory);
    assert.ok(named.length > 0);
    for (const { entry } of named) assert.ok(conflictItems.has(entry as number), String(entry));
  });

  it("has alerts and secrets with names of their own", () => {
    for (const list of [kiranaInventory.alerts, kiranaInventory.secrets, kiranaInventory.gateLimits]) {
      const names = list.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
    }
  });

  it("has an alert for every limit that a gate reads", () => {
    const alerts: readonly string[] = kiranaInventory.alerts.map(({ name }) => name);
    for (const { name, alert } of kiranaInventory.gateLimits) assert.ok(alerts.includes(alert), name);
  });

  it("orders the zones of error rate and latency: pass, hold, roll back, at once", () => {
    const threshold = (name: string) => {
      const alert = kiranaInventory.alerts.find((candidate) => candidate.name === name);
      assert.ok(alert && "threshold" in alert, name);
      return alert.threshold;
    };
    for (const zones of [
      ["error-rate-hold", "error-rate-rollback", "error-rate-critical"],
      ["latency-warning", "latency-hold", "latency-rollback", "latency-critical"],
    ]) {
      const limits = zones.map(threshold);
      assert.deepEqual(
        limits,
        [...limits].sort((left, right) => left - right),
      );
      assert.equal(new Set(limits).size, limits.length);
    }
  });

  it("looks at no less data than the time between two evaluations", () => {
    for (const alert of kiranaInventory.alerts) {
      if (alert.kind === "availability") continue;
      assert.ok(alert.windowMinutes >= alert.evaluationEveryMinutes, alert.name);
    }
  });

  // Microsoft Learn, reference of Microsoft.Insights/metricAlerts and scheduledQueryRules.
  it("evaluates at intervals and over windows that Azure Monitor has", () => {
    const hours = [1, 2, 3, 4, 5, 6, 24, 48].map((count) => count * 60);
    const allowed = {
      metric: { windows: [1, 5, 15, 30, 60, 360, 720, 1440], frequencies: [1, 5, 15, 30, 60] },
      log: {
        windows: [5, 10, 15, 30, 45, ...hours],
        frequencies: [1, 5, 10, 15, 30, 45, ...hours.slice(0, 7)],
      },
    };
    for (const alert of kiranaInventory.alerts) {
      if (alert.kind === "availability") continue;
      const { windows, frequencies } = allowed[alert.kind];
      assert.ok(windows.includes(alert.windowMinutes), `${alert.name}: window`);
      assert.ok(frequencies.includes(alert.evaluationEveryMinutes), `${alert.name}: frequency`);
    }
  });

  it("calls throttling critical and much use of request units a warning (conflicts 28)", () => {
    const severity = (name: string) => kiranaInventory.alerts.find((alert) => alert.name === name)?.severity;
    assert.deepEqual([severity("cosmos-throttled"), severity("cosmos-request-units")], [0, 2]);
  });

  it("lists the containers and the secrets of the runbook", () => {
    assert.deepEqual(
      kiranaInventory.cosmos.containers.map(({ name }) => name),
      ["users", "items", "transactions", "predictions"],
    );
    const secrets: readonly string[] = kiranaInventory.secrets.map(({ name }) => name);
    for (const name of [
      "cosmos-connection-string",
      "gemini-api-key",
      "storage-connection-string",
      "application-insights-key",
    ]) {
      assert.ok(secrets.includes(name), name);
    }
  });
});
