import assert from "node:assert/strict";
import { kiranaStore as contract } from "../../runbooks/kirana-store";
import { entries } from "../../runbooks/kirana-store/entries";
import { environments } from "../../runbooks/model";
import type { Entry } from "../../runbooks/vocabulary";
import { conflictItems, statements, under } from "./support/catalogue";

function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name);
}

describe("kirana-store's contract", () => {
  it("names statements of its own runbook that exist", () => {
    const known = new Set(statements.map(({ id }) => id));
    const named = under("ids", contract);
    assert.ok(named.length > 150, String(named.length));
    for (const { entry, path } of named) {
      assert.ok(known.has(String(entry)), `${String(entry)} in ${path}`);
      assert.match(String(entry), /^STO-/, path);
    }
  });

  it("names conflicts that exist, and decides each of its own that is about resources and alerts", () => {
    const named = new Set(under("conflicts", contract).map(({ entry }) => entry));
    for (const item of named) assert.ok(conflictItems.has(item as number), String(item));
    // 46, 49, 56 and 57 are about evidence, messages and signatures: the release's.
    for (const item of [19, 20, 47, 48, 50, 51, 52, 53, 54, 55, 58, 59])
      assert.ok(named.has(item), String(item));
  });

  it("counts 27 alert rules, 14 as listed and 13 derived, and the probe (STO-155, conflicts 47 and 52)", () => {
    const { listed, derived, probe } = contract.alertCounts;
    assert.deepEqual({ listed, derived, probe }, { listed: 14, derived: 13, probe: 1 });
    assert.equal(contract.alerts.length, 28);
    assert.equal(new Set(names(contract.alerts)).size, 28);
    const bySeverity = (severity: string) =>
      contract.alerts.slice(0, listed).filter((alert) => alert.severity === severity).length;
    assert.deepEqual(["critical", "warning", "info"].map(bySeverity), [5, 5, 4]);
  });

  it("runs at hour 4 the integration tests that phase 1 ran, and no other suite (STO-129)", () => {
    const runOf = (name: string) => {
      const gate = entries.find((entry) => entry.name === name);
      return gate?.word === "checkGate" && gate.check.provider === "suite" ? gate.check.run : undefined;
    };
    assert.deepEqual(runOf("hour-four-integration-tests"), runOf("integration-tests-on-green"));
  });

  it("names all 28", () => {
    assert.deepEqual(names(contract.alerts), [
      "ApiDown",
      "DatabaseDown",
      "AuthenticationFailures",
      "PaymentFailures",
      "MemoryUsageHigh",
      "ApiLatencyHigh",
      "ErrorRateHigh",
      "CacheHitRateLow",
      "DiskSpaceLow",
      "DatabaseSlowQueries",
      "BackupStatus",
      "LicenceExpiry",
      "SecurityUpdatesAvailable",
      "PerformanceTrend",
      "ApiLatencyAboveSla",
      "PermissionCheckSlow",
      "SearchSlow",
      "OrderPlacementSlow",
      "PaymentSlow",
      "DatabaseOperationSlow",
      "PaymentSuccessLow",
      "OrderRateLow",
      "DatabaseReplicationLag",
      "ConnectionPoolNearlyFull",
      "ContainerRestarting",
      "ScrapeTargetDown",
      "CertificateExpiry",
      "ApiProbeFailed",
    ]);
  });

  it("gives every listed alert a statement of its own, from STO-156 to STO-169", () => {
    const own = contract.alerts.slice(0, contract.alertCounts.listed).map(({ ids }) => ids[0]);
    assert.deepEqual(
      own,
      Array.from({ length: 14 }, (_, index) => `STO-${156 + index}`),
    );
  });

  it("has 10 containers in a colour in every environment (STO-003, STO-067, STO-068)", () => {
    const { components } = contract;
    for (const environment of environments) {
      const pods = components.order.map((component) => components[component].fewestReplicas[environment]);
      assert.equal(
        pods.reduce((sum, count) => sum + count, 0),
        components.containersPerColour,
      );
      for (const component of components.order) {
        const { fewestReplicas, mostReplicas } = components[component];
        assert.ok(mostReplicas[environment] >= fewestReplicas[environment], component);
      }
    }
  });

  it("ramps in ten steps of 10 points every 10 minutes, 100 minutes in all (STO-075, conflicts 48)", () => {
    const { weights, everyMinutes } = contract.ramp;
    assert.deepEqual(
      weights.map((weight, index) => weight - (weights[index - 1] ?? 0)),
      Array<number>(10).fill(10),
    );
    assert.equal(weights.at(-1), 100);
    assert.equal(weights.length * everyMinutes, 100);
  });

  it("holds the ramp before it warns, and warns before it pages or rolls back (conflicts 51)", () => {
    const { latencySla, latencyWarning, payment } = contract.limits;
    assert.ok(latencySla.value < latencyWarning.value);
    assert.ok(payment.value > latencySla.value, "why payments are left out of the aggregate");
    assert.ok(contract.limits.paymentSuccess.value > 1 - contract.limits.paymentFailures.value);
  });

  it("pages from the probe minutes before the rule of the runbook (conflicts 52)", () => {
    const { apiDown, apiProbe } = contract.durations;
    assert.ok(apiProbe.minutes + 1 <= 2 && apiProbe.minutes < apiDown.minutes);
  });

  it("routes critical to PagerDuty, warning to chat and mail, info to one mail a day (STO-170)", () => {
    const { critical, warning, info } = contract.routing.routes;
    const channels = (route: { receivers: readonly { channel: string }[] }) =>
      route.receivers.map(({ channel }) => channel);
    assert.deepEqual([channels(critical), critical.delivery], [["pagerDuty"], "immediate"]);
    assert.deepEqual([channels(warning), warning.delivery], [["slack", "mail"], "immediate"]);
    assert.deepEqual([channels(info), info.delivery], [["mail"], "daily"]);
  });

  it("names secrets, tasks, exporters, metrics and gates once each, and only secrets that exist", () => {
    const { secrets, tasks, exporters, gateLimits } = contract;
    for (const list of [secrets, tasks, exporters, gateLimits, contract.metrics]) {
      assert.equal(new Set(names(list)).size, list.length);
    }
    const known = new Set(names(secrets));
    for (const { receivers } of Object.values(contract.routing.routes)) {
      for (const receiver of receivers) if ("secret" in receiver) assert.ok(known.has(receiver.secret));
    }
    const variables = new Set(
      secrets.flatMap((secret) => ("appSetting" in secret ? [secret.appSetting] : [])),
    );
    for (const exporter of exporters) {
      const read = "secretEnvironment" in exporter ? Object.values(exporter.secretEnvironment) : [];
      for (const variable of read) assert.ok((variables as Set<string>).has(variable), variable);
    }
  });

  it("has an alert for every limit that a gate reads", () => {
    const alerts = new Set<string>(names(contract.alerts));
    for (const { name, alert } of contract.gateLimits) assert.ok(alerts.has(alert), name);
  });

  it("has the runbook's three dashboards with the five panels of each", () => {
    assert.deepEqual(
      contract.dashboards.map(({ title, panels }) => [title, panels.length]),
      // "CPU/Memory utilization" is two panels: they have different units.
      [
        ["System Health", 6],
        ["Business Metrics", 5],
        ["Infrastructure", 5],
      ],
    );
    for (const { uid } of contract.dashboards) assert.match(uid, /^[A-Za-z0-9_-]{1,40}$/);
    const alerts = new Set<string>(names(contract.alerts));
    for (const { panels } of contract.dashboards) {
      for (const panel of panels) {
        const drawn: readonly string[] = ("alerts" in panel ? panel.alerts : undefined) ?? [];
        for (const alert of drawn) assert.ok(alerts.has(alert), `${alert} in ${panel.title}`);
      }
    }
  });

  it("keeps the former colour ready for 4 hours, and only then takes its pods away (conflicts 16)", () => {
    const ofFormer = entries.flatMap((entry) =>
      entry.word === "step" && entry.does.action === "scale" && entry.does.side === "old" ? [entry] : [],
    );
    const down = ofFormer.filter((entry) => "to" in entry.does && entry.does.to === 0);
    assert.deepEqual(
      down.map(({ during, on }) => [during, on.length]),
      [[["finish"], environments.length]],
    );
    const [{ does }] = down as [Extract<Entry, { word: "step" }>];
    const components = Object.values(contract.components.order).map(
      (component) => contract.components[component].name,
    );
    assert.deepEqual(does, { action: "scale", components, side: "old", to: 0, afterMinutes: 240 });
    const up = ofFormer.filter((entry) => !down.includes(entry));
    assert.deepEqual(
      up.map(({ during, does: its }) => [during, its]),
      [[["rollback"], { action: "scale", components, side: "old", to: "declared" }]],
      "a way back after that brings them again, before any traffic",
    );
  });

  it("runs by itself only what the runbook schedules: the daily backup and the scan for updates", () => {
    const scheduled = contract.tasks.filter((task) => "schedule" in task);
    assert.deepEqual(names(scheduled), ["backup", "security-updates"]);
  });

  it("asks Grafana signed in: Azure's answers nobody else (STO-108)", () => {
    const asked = entries.flatMap((entry) =>
      entry.word === "checkGate" && entry.check.provider === "http" && entry.check.host === "grafana"
        ? [entry.check]
        : [],
    );
    assert.deepEqual(
      asked.map(({ path, signedInTo }) => [path, signedInTo]),
      [["/api/health", "grafana"]],
    );
  });
});
