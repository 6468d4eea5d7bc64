import assert from "node:assert/strict";
import { caseManagement as contract } from "../../runbooks/case-management";
import { entries } from "../../runbooks/case-management/entries";
import { environments } from "../../runbooks/model";
import type { PrometheusAlert } from "../../runbooks/prometheus";
import { conflictItems, statements, under } from "./support/catalogue";

const own = statements.filter(({ id }) => id.startsWith("CAS-"));
const named = under("ids", contract);
const superseded = entries.flatMap(({ word, ids }) => (word === "superseded" ? ids : []));
const carried = new Set([...named.map(({ entry }) => String(entry)), ...superseded]);
const alerts: readonly PrometheusAlert[] = contract.alerts;

function alertOf(name: string): PrometheusAlert {
  const found = alerts.find((alert) => alert.name === name);
  assert.ok(found, name);
  return found;
}

describe("case-management's contract", () => {
  it("names statements of its own runbook that exist", () => {
    const known = new Set(own.map(({ id }) => id));
    assert.ok(named.length > 100, String(named.length));
    for (const { entry, path } of named) assert.ok(known.has(String(entry)), `${String(entry)} in ${path}`);
  });

  it("carries every statement that is declared or a policy, or says what carries it instead", () => {
    const wanted = own.filter(({ enforce }) => ["declared", "policy"].includes(enforce));
    assert.ok(wanted.length >= 14);
    for (const { id, text } of wanted) assert.ok(carried.has(id), `${id}: ${text}`);
  });

  it("carries every resource, secret, domain, dashboard, alert and rollback trigger of the runbook", () => {
    const kinds = ["resource", "secret", "domain", "dashboard", "alert", "rollback-trigger"];
    // That the alerts were tried after a release (CAS-116) is a task of its people.
    const wanted = own.filter(({ id, kind }) => kinds.includes(kind) && id !== "CAS-116");
    assert.ok(wanted.length >= 15, String(wanted.length));
    for (const { id, text } of wanted) assert.ok(carried.has(id), `${id}: ${text}`);
  });

  it("carries every migration and backup of the runbook as a task", () => {
    const tasks = new Set(contract.tasks.flatMap(({ ids }) => ids as readonly string[]));
    for (const id of [
      "CAS-011",
      "CAS-030",
      "CAS-032",
      "CAS-033",
      "CAS-038",
      "CAS-039",
      "CAS-040",
      "CAS-041",
      "CAS-042",
      "CAS-103",
      "CAS-104",
    ]) {
      assert.ok(tasks.has(id), id);
    }
  });

  it("decides each of the runbook's conflicts that is about resources and alerts, and names none that does not exist", () => {
    const decided = new Set(under("conflicts", contract).map(({ entry }) => entry));
    for (const item of decided) assert.ok(conflictItems.has(item as number), String(item));
    // 75 is the time that a rollback may take: the release's.
    for (const item of [1, 2, 5, 11, 12, 13, 14, 18, 19, 21, 71, 72, 73, 74, 76, 77]) {
      assert.ok(decided.has(item), String(item));
    }
  });

  it("has each alert of the runbook with its number, unit and duration", () => {
    const stated = {
      "CAS-078": ["critical", ">", 5, "percent", 5],
      "CAS-079": ["critical", ">", 1000, "milliseconds", 5],
      "CAS-080": ["critical", "<", 1, "boolean", 5],
      "CAS-081": ["warning", ">", 1, "percent", 5],
      "CAS-082": ["warning", ">", 500, "milliseconds", 5],
      "CAS-083": ["warning", ">", 80, "percent", 5],
      "CAS-085": ["critical", "<", 1, "boolean", 2],
      "CAS-086": ["critical", ">", 10, "percent", 1],
    } as const;
    for (const [id, values] of Object.entries(stated)) {
      const alert = alerts.find(({ ids }) => ids[0] === id);
      assert.ok(alert, id);
      const { severity, operator, threshold, unit, forMinutes } = alert;
      assert.deepEqual([severity, operator, threshold, unit, forMinutes], values, id);
    }
    assert.deepEqual(
      { threshold: alertOf("MemoryHigh").threshold, severity: alertOf("MemoryHigh").severity },
      { threshold: 80, severity: "warning" },
      "conflicts 76",
    );
  });

  it("orders the zones of error rate and response time", () => {
    const thresholds = (...names: string[]) => names.map((name) => alertOf(name).threshold);
    assert.deepEqual(thresholds("ErrorRateWarning", "ErrorRateCritical", "ErrorRateRollback"), [1, 5, 10]);
    assert.deepEqual(thresholds("ResponseTimeWarning", "ResponseTimeCritical"), [500, 1000]);
  });

  it("has a minimum sample for every ratio of events and quantile", () => {
    for (const { name, measures, minimumSample } of alerts) {
      const needsSample = measures === "eventRatio" || measures === "quantile";
      assert.equal(minimumSample !== undefined, needsSample, name);
    }
  });

  it("pages by PagerDuty and by n8n, and answers within the time of the first rung (conflicts 12)", () => {
    const { critical, warning, info } = contract.routing.routes;
    const channels = (route: { readonly receivers: readonly { readonly channel: string }[] }) =>
      route.receivers.map(({ channel }) => channel);
    assert.deepEqual(channels(critical), ["pagerDuty", "webhook", "slack"]);
    assert.deepEqual([channels(warning), channels(info)], [["slack"], ["mail"]]);
    assert.deepEqual(critical.respondWithin, { minutes: 15 });
    const secrets: readonly string[] = contract.secrets.map(({ name }) => name);
    for (const { entry } of under("receivers", contract.routing)) {
      const { secret } = entry as { readonly secret?: string };
      if (secret !== undefined) assert.ok(secrets.includes(secret), secret);
    }
  });

  it("lists the secrets of the runbook, and every one that an exporter or a pod reads", () => {
    const secrets: readonly string[] = contract.secrets.map(({ name }) => name);
    for (const name of [
      "database-url",
      "redis-url",
      "sendgrid-api-key",
      "test-database-url",
      "n8n-webhook",
      "test-account-password",
    ]) {
      assert.ok(secrets.includes(name), name);
    }
    const variables = contract.secrets.flatMap((secret) =>
      "appSetting" in secret ? [secret.appSetting] : [],
    );
    for (const exporter of contract.metrics.exporters) {
      if (!("secretEnvironment" in exporter)) continue;
      for (const variable of Object.values(exporter.secretEnvironment)) {
        assert.ok((variables as readonly string[]).includes(variable), variable);
      }
    }
  });

  it("has an alert for every limit that a gate reads, and names of its own for everything", () => {
    for (const { name, alert } of contract.gateLimits) assert.ok(alertOf(alert), name);
    const lists: readonly (readonly { readonly name: string }[])[] = [
      contract.alerts,
      contract.secrets,
      contract.tasks,
      contract.gateLimits,
      contract.metrics.exporters,
    ];
    for (const list of lists) assert.equal(new Set(list.map(({ name }) => name)).size, list.length);
  });

  it("draws on its dashboard only alerts that exist, in the panel's unit", () => {
    for (const dashboard of contract.dashboards) {
      for (const panel of dashboard.panels) {
        for (const name of "alerts" in panel ? panel.alerts : []) {
          assert.equal(alertOf(name).unit, panel.unit, `${name} on ${panel.title}`);
        }
      }
    }
  });

  it("keeps at least as many pods as survive a node, and lets every colour grow", () => {
    const { backend, frontend, order } = contract.components;
    assert.deepEqual(order, [backend.name, frontend.name]);
    for (const { fewestReplicas, mostReplicas } of [backend, frontend]) {
      for (const environment of environments) {
        assert.ok(fewestReplicas[environment] >= (environment === "dev" ? 1 : 2));
        assert.ok(mostReplicas[environment] > fewestReplicas[environment]);
      }
    }
  });

  it("keeps none of the runbook's hosts: only what stands before the owner's domain", () => {
    assert.equal(contract.hosts.placeholderDomain, "yourdomain.com");
    for (const environment of environments) {
      for (const prefix of Object.values(contract.hosts[environment]))
        assert.match(prefix, /^(?:[a-z]+\.)*$/);
    }
  });
});
