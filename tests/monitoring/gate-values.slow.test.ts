import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { withSides } from "../../release/gates/promql";
import { contracts } from "../../runbooks/contracts";
import type { MetricGate } from "../../runbooks/entry-basics";
import type { SystemName } from "../../runbooks/model";
import { constant, counter, histogram, type InputSeries, selector } from "./support/alert-case";
import { requireTool, runTool } from "./support/tool";

/** What a gate sees in a situation, an hour after its first value. The candidate is green. */
interface GateCase {
  readonly system: SystemName;
  readonly gate: string;
  readonly because: string;
  readonly series: InputSeries;
  /** None: the query yields nothing. */
  readonly value?: number;
  /** Events of the minimum sample. */
  readonly events?: number;
}

const minutes = 60;
const many = 10_000;
const green = { deployment: "green" };
const store = { namespace: "kirana-store", ...green };

function storeRequests(
  route: string,
  perMinute: number,
  more: Readonly<Record<string, string>> = {},
): InputSeries {
  const labels = { ...store, service: "storefront", route, method: "GET", ...more };
  return histogram("http_request_duration_seconds", labels, perMinute, { "0.1": 1 }, minutes);
}

function storeErrors(route: string, perMinute: number): InputSeries {
  return {
    [selector("http_errors_total", { ...store, service: "storefront", route })]: counter(perMinute, minutes),
  };
}

const storeProbes = {
  ...storeRequests("/", many),
  ...storeRequests("/api/health", many),
  ...storeRequests("/api/version", many),
  ...storeRequests("/metrics", many),
};

function replicas(component: string, colour: string, available: number, wanted: number): InputSeries {
  const labels = { namespace: "case-management", deployment: `case-management-${component}-${colour}` };
  return {
    [selector("kube_deployment_status_replicas_available", labels)]: constant(available, minutes),
    [selector("kube_deployment_spec_replicas", labels)]: constant(wanted, minutes),
  };
}

/** Both colours of both components have pods, but for green's backend. */
function caseWorld(backendsOfGreen: number): InputSeries {
  return {
    ...replicas("backend", "blue", 2, 2),
    ...replicas("backend", "green", backendsOfGreen, 2),
    ...replicas("frontend", "blue", 2, 2),
    ...replicas("frontend", "green", 2, 2),
    [selector("pg_up", { job: "case-management-postgres" })]: constant(1, minutes),
  };
}

function caseRequests(route: string, status: string, perMinute: number): InputSeries {
  const labels = { job: "case-management-backend", ...green, route, status };
  return { [selector("http_requests_total", labels)]: counter(perMinute, minutes) };
}

function shopRequests(uri: string, status: string, perMinute: number): InputSeries {
  const labels = { job: "retail-backend", ...green, uri, status };
  return histogram("http_server_requests_seconds", labels, perMinute, { "0.1": 1 }, minutes);
}

const shopProbes = {
  ...shopRequests("/actuator/health/**", "200", many),
  ...shopRequests("/api/v1/health", "200", many),
};

const cases: readonly GateCase[] = [
  {
    system: "kirana-store",
    gate: "payment-gateway-works",
    because: "no payment has ever failed",
    series: {
      [selector("kirana_store_payments_total", { namespace: "kirana-store", result: "success" })]: counter(
        100,
        minutes,
      ),
    },
    value: 0,
    events: 500,
  },
  {
    system: "kirana-store",
    gate: "no-errors-on-dashboard",
    because: "no service has ever failed",
    series: storeRequests("/api/items", 100),
    value: 0,
    events: 500,
  },
  {
    system: "kirana-store",
    gate: "ramp-error-rate",
    because: "one request in ten fails, and probes succeed",
    series: { ...storeProbes, ...storeRequests("/api/items", 100), ...storeErrors("/api/items", 10) },
    value: 0.1,
    events: 500,
  },
  {
    system: "kirana-store",
    gate: "rollback-error-rate",
    because: "nobody but probes is there",
    series: storeProbes,
  },
  {
    system: "kirana-store",
    gate: "rollback-error-rate",
    because: "who pays counts too",
    series: {
      ...storeRequests("/api/payments", 100, { method: "POST" }),
      ...storeErrors("/api/payments", 50),
    },
    value: 0.5,
    events: 500,
  },
  {
    system: "kirana-store",
    gate: "rollback-api-latency",
    because: "pages, assets, sockets and payments are no API",
    series: {
      ...storeProbes,
      ...storeRequests("/orders/1", many),
      ...storeRequests("/assets/app.js", many),
      ...storeRequests("/api/realtime", many),
      ...storeRequests("/api/payments/3", many),
    },
  },
  {
    system: "kirana-store",
    gate: "week-uptime",
    because: "a prober saw a tenth of it down, and the next one, which has just begun, nothing",
    series: {
      [selector("probe_success", { namespace: "kirana-store", pod: "a" })]: "1+0x44 0+0x4 stale",
      [selector("probe_success", { namespace: "kirana-store", pod: "b" })]: "_x50 1+0x10",
    },
    value: (45 + 11) / (50 + 11),
    events: 50 + 11,
  },
  {
    system: "case-management",
    gate: "critical-service-unavailable",
    because: "the candidate's backend has no pod, and the old one is kept",
    series: caseWorld(0),
    value: 0,
  },
  {
    system: "case-management",
    gate: "critical-service-unavailable",
    because: "everything of the candidate is there",
    series: caseWorld(1),
    value: 1,
  },
  {
    system: "case-management",
    gate: "error-rate-rollback",
    because: "one request in five fails, and probes succeed",
    series: {
      ...caseRequests("/health", "200", many),
      ...caseRequests("/metrics", "200", many),
      ...caseRequests("/cases", "200", 80),
      ...caseRequests("/cases", "500", 20),
    },
    value: 20,
    events: 200,
  },
  {
    system: "retail-agentic",
    gate: "error-rate",
    because: "one request in ten fails, some before a controller was found, and probes succeed",
    series: {
      ...shopProbes,
      ...shopRequests("/api/v1/orders", "200", 90),
      ...shopRequests("/api/v1/orders", "500", 5),
      ...shopRequests("UNKNOWN", "500", 5),
    },
    value: 0.1,
    events: 500,
  },
  {
    system: "retail-agentic",
    gate: "p95-latency",
    because: "nobody but probes is there",
    series: shopProbes,
  },
];

describe("what gates read, evaluated by promtool", function () {
  this.timeout(30_000);
  let folder: string;

  before(function () {
    requireTool(this, "promtool");
    folder = mkdtempSync(join(tmpdir(), "switchyard-gate-values-"));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const [index, item] of cases.entries()) {
    it(`${item.system} ${item.gate}: ${item.value ?? "nothing"}, ${item.because}`, () => {
      const { measurement, minimumSample } = gateOf(item);
      assert.equal(measurement.provider, "prometheus");
      const test = join(folder, `${index}.test.yaml`);
      const asked = (query: string, value: number | undefined) => ({
        // Rounded, since a computer adds shares up.
        expr: `round(${withSides(query, (name) => (name === "candidate" ? "green" : "blue"))}, 0.0001)`,
        eval_time: `${minutes}m`,
        exp_samples:
          value === undefined ? [] : [{ labels: "{}", value: Math.round(value * 10_000) / 10_000 }],
      });
      const questions = [asked((measurement as { query: string }).query, item.value)];
      if (minimumSample.of === "events" && item.events !== undefined)
        questions.push(asked(minimumSample.query, item.events));
      const document = {
        rule_files: [],
        evaluation_interval: "1m",
        tests: [
          {
            interval: "1m",
            input_series: Object.entries(item.series).map(([series, values]) => ({ series, values })),
            promql_expr_test: questions,
          },
        ],
      };
      writeFileSync(test, stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }));
      const { code, output } = runTool("promtool", ["test", "rules", test]);
      assert.equal(code, 0, output);
    });
  }
});

function gateOf({ system, gate }: GateCase): MetricGate {
  const contract = contracts.find((one) => one.system === system)!;
  const found = contract.entries.find((entry) => entry.word === "metricGate" && entry.name === gate);
  assert.ok(found?.word === "metricGate", gate);
  return found;
}
