import assert from "node:assert/strict";
import { environments } from "../../runbooks/model";
import type { PrometheusAlert } from "../../runbooks/prometheus";
import { retailAgentic as contract } from "../../runbooks/retail-agentic";
import { conflictItems, statements, under } from "./support/catalogue";

const own = statements.filter(({ id }) => id.startsWith("RET-"));
const named = under("ids", contract);
const carried = new Set(named.map(({ entry }) => entry));
const alerts: readonly PrometheusAlert[] = contract.alerts;

describe("retail-agentic's contract", () => {
  it("names statements of its own runbook that exist", () => {
    const known = new Set(own.map(({ id }) => id));
    assert.ok(named.length > 120, String(named.length));
    for (const { entry, path } of named) assert.ok(known.has(String(entry)), `${String(entry)} in ${path}`);
  });

  it("carries every statement that is declared or a policy, or says what carries it instead", () => {
    const wanted = own.filter(({ enforce }) => ["declared", "policy"].includes(enforce));
    assert.ok(wanted.length >= 35, String(wanted.length));
    for (const { id, text } of wanted) assert.ok(carried.has(id), `${id}: ${text}`);
  });

  it("carries every resource, secret, domain, dashboard, alert and rollback trigger of the runbook", () => {
    const kinds = ["resource", "secret", "domain", "dashboard", "alert", "rollback-trigger"];
    // That a vulnerability was discovered (RET-092) is said by a person.
    const wanted = own.filter(({ id, kind }) => kinds.includes(kind) && id !== "RET-092");
    for (const { id, text } of wanted) assert.ok(carried.has(id), `${id}: ${text}`);
  });

  it("decides each of the runbook's conflicts, and names none that does not exist", () => {
    const decided = new Set(under("conflicts", contract).map(({ entry }) => entry));
    for (const item of decided) assert.ok(conflictItems.has(item as number), String(item));
    // 61 orders the release's steps.
    for (const item of [1, 2, 3, 5, 11, 12, 13, 18, 19, 21, 60, 62, 63, 64, 65, 66, 67, 68, 69, 70]) {
      assert.ok(decided.has(item), String(item));
    }
  });

  it("has both limits of every metric of the runbook's table, warning before critical", () => {
    const table = {
      "RET-123": [0.01, 0.05],
      "RET-124": [0.3, 0.5],
      "RET-125": [0.7, 0.9],
      "RET-126": [0.7, 0.9],
      "RET-127": [0.8, 0.95],
      "RET-128": [0.9, 0.8],
    } as const;
    for (const [id, limits] of Object.entries(table)) {
      const found = (severity: string) =>
        alerts.filter((alert) => alert.severity === severity && alert.ids.some((own) => own === id));
      for (const [index, severity] of ["warning", "critical"].entries()) {
        assert.ok(found(severity).length > 0, `${severity} of ${id}`);
        for (const { name, threshold } of found(severity)) assert.equal(threshold, limits[index], name);
      }
    }
  });

  it("has the runbook's own rules with their names, durations and severities", () => {
    const rules = {
      HighErrorRate: ["critical", 0.05, 5],
      // Critical, as the table has it and not the sample rule (conflicts 62).
      HighLatency: ["critical", 0.5, 10],
      ServiceDown: ["critical", 0, 1],
      HealthCheckFailing: ["critical", 0, 3],
      PaymentFailures: ["critical", 0.05, 5],
    } as const;
    for (const [name, stated] of Object.entries(rules)) {
      const alert = alerts.find((candidate) => candidate.name === name);
      assert.ok(alert, name);
      assert.deepEqual([alert.severity, alert.threshold, alert.forMinutes], stated, name);
    }
  });

  it("sums before it divides, and pages when the backend is not scraped at all (conflicts 64)", () => {
    const expression = (name: string) => alerts.find((alert) => alert.name === name)!.expression;
    const withoutTexts = expression("HighErrorRate").replace(/"[^"]*"/g, '""');
    assert.match(withoutTexts, /^\(sum\(rate\([^/]*\)\) or vector\(0\)\) \/ sum\(rate\(/);
    assert.match(expression("HighLatency"), /sum by \(le\) \(rate\(http_server_requests_seconds_bucket\{/);
    assert.equal(
      alerts.find(({ name }) => name === "ServiceDown")!.orAbsent,
      'up{job="retail-backend"}',
      "one job for both colours (conflicts 60)",
    );
  });

  it("has an alert for every limit that a gate reads, and names of their own", () => {
    const names: readonly string[] = contract.alerts.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, alert } of contract.gateLimits) assert.ok(names.includes(alert), name);
  });

  it("has the four dashboards by their uids", () => {
    assert.deepEqual(
      contract.dashboards.map(({ uid, title }) => [uid, title]),
      [
        ["retail-overview", "Application Overview"],
        ["retail-infrastructure", "Infrastructure"],
        ["retail-business", "Business Metrics"],
        ["retail-security", "Security Events"],
      ],
    );
  });

  it("lists every variable of the runbook: secrets by name, the others by value", () => {
    const variables = contract.secrets.flatMap((secret) =>
      "appSetting" in secret ? [secret.appSetting] : [],
    );
    assert.deepEqual(
      [...variables].sort(),
      [
        "ELASTICSEARCH_URL",
        "JWT_SECRET",
        "MONGODB_URI",
        "PAYPAL_CLIENT_ID",
        "PAYPAL_CLIENT_SECRET",
        "POSTGRES_URL",
        "REDIS_URL",
        "SMTP_PASSWORD",
        "SMTP_USERNAME",
      ].sort(),
    );
    const { ids: _sources, ...plain } = contract.plainVariables;
    assert.deepEqual(plain, {
      JWT_EXPIRATION: "86400000",
      SMTP_PORT: "587",
      ENABLE_RATE_LIMITING: "true",
      ENABLE_CSRF_PROTECTION: "true",
    });
  });

  it("routes by severity as the runbook's table does", () => {
    const { critical, warning, info } = contract.routing.routes;
    const rooms = (route: { receivers: readonly object[] }) =>
      route.receivers.map((receiver) => ("room" in receiver ? receiver.room : "page"));
    assert.deepEqual(rooms(critical), ["page", "#alerts"]);
    assert.deepEqual(rooms(warning), ["#alerts"]);
    assert.deepEqual(rooms(info), ["#monitoring"]);
    assert.deepEqual(
      [critical.respondWithin, warning.respondWithin, info.respondWithin],
      [{ minutes: 5 }, { minutes: 30 }, "nextBusinessDay"],
    );
  });

  it("has hosts for all three components in every environment, none an example", () => {
    for (const environment of environments) {
      const prefixes = Object.values(contract.hosts[environment]);
      assert.equal(new Set(prefixes).size, 3);
    }
    assert.equal(contract.hosts.staging.admin, "admin.staging.");
  });
});
