import assert from "node:assert/strict";
import { tesoroXp } from "../../runbooks/tesoro-xp";

describe("tesoro-xp's contract", () => {
  const { alerts, secrets, gateLimits, limits } = tesoroXp;

  it("has alerts, secrets and limits with names of their own", () => {
    for (const list of [alerts, secrets, gateLimits]) {
      const names = list.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
    }
  });

  it("has an alert for every limit that a gate reads", () => {
    const names: readonly string[] = alerts.map(({ name }) => name);
    for (const { name, alert } of gateLimits) assert.ok(names.includes(alert), name);
  });

  it("tells when nothing is logged, of which no rate and no percentile says anything", () => {
    const silence = alerts.find(({ name }) => name === "requests-not-logged");
    assert.ok(silence?.kind === "log");
    // An aggregate without `by` has a row of no requests too, without which a rule on less than one would never fire.
    assert.match(silence.query, /^AppRequests\n\| summarize logged = count\(\)$/);
    assert.deepEqual([silence.operator, silence.threshold, silence.channels], ["LessThan", 1, ["slack"]]);
  });

  it("wakes nobody for a certificate that is valid yet, nor counts it as a failed test", () => {
    const early = alerts.filter((alert) => "certificateMinimumDays" in alert);
    assert.deepEqual(
      early.map(({ name, severity, channels }) => [name, severity, channels]),
      [["app-certificate", 2, ["slack"]]],
    );
    const missed = alerts.find(({ name }) => name === "availability-missed")!;
    assert.ok(missed.kind === "log" && missed.query.includes('where Name !has "certificate"'));
  });

  it("says the figures of its limits in the alerts' descriptions, as people read them", () => {
    const described = (name: string, figure: string) => {
      const alert = alerts.find((candidate) => candidate.name === name);
      assert.ok(alert?.description.includes(figure), `${name}: ${figure}`);
    };
    described("error-rate-investigate", `${limits.errorRate.value}%`);
    described("error-rate-rollback", `${limits.errorRateRollback.value}%`);
    described("latency-review", `${limits.latency.value} ms`);
    described("availability-missed", `${limits.availability.value}%`);
    described("plan-cpu", `${limits.planCpu.value}%`);
    described("plan-memory", `${limits.planMemory.value}%`);
    described("database-cpu", `${limits.databaseCpu.value}%`);
    described("database-storage", `${limits.databaseStorage.value}%`);
    described("database-deadlocks", `${limits.databaseDeadlocks.value} deadlocks`);
  });

  it("rolls back later than it asks people to look (conflicts 1, 3)", () => {
    assert.ok(limits.errorRate.value < limits.errorRateRollback.value);
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
    for (const alert of alerts) {
      if (alert.kind === "availability") continue;
      const { windows, frequencies } = allowed[alert.kind];
      assert.ok(windows.includes(alert.windowMinutes), `${alert.name}: window`);
      assert.ok(frequencies.includes(alert.evaluationEveryMinutes), `${alert.name}: frequency`);
      assert.ok(alert.windowMinutes >= alert.evaluationEveryMinutes, `${alert.name}: gap`);
    }
  });

  it("never lets a password into the app's environment", () => {
    const settings = secrets.flatMap((secret) => ("appSetting" in secret ? [secret.name] : []));
    assert.deepEqual(settings, [
      "sql-connection-string",
      "application-insights-connection-string",
      "diagnostics-key",
    ]);
  });
});
