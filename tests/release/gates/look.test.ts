import assert from "node:assert/strict";
import type { EngineView } from "../../../release/gates/engine-view";
import { looker } from "../../../release/gates/look";
import { UserError } from "../../../release/user-error";
import { contracts } from "../../../runbooks/contracts";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";
import { checkGate, contextAt, surroundingsWith } from "../support/gates";

/** A world in which nobody answers: whatever asks it may conclude nothing. */

const own = new Set([
  "prometheus",
  "azureMonitor",
  "logAnalytics",
  "probes",
  "release",
  "http",
  "kubernetes",
  "firedAlerts",
  "inNetwork",
  "restorePoint",
  "pagerDuty",
  "dashboards",
  "access",
  "channel",
  "vault",
  "azureResource",
  "logs",
  "serviceHealth",
]);

const gates = contracts.flatMap(({ system, entries }) =>
  entries.flatMap((entry): { system: string; gate: MetricGate | CheckGate }[] =>
    (entry.word === "metricGate" && own.has(entry.measurement.provider)) ||
    (entry.word === "checkGate" && own.has(entry.check.provider))
      ? [{ system, gate: entry }]
      : [],
  ),
);

function hostsOf(gate: MetricGate | CheckGate): readonly string[] {
  const asked = gate.word === "metricGate" ? gate.measurement : gate.check;
  return "host" in asked ? [asked.host] : [];
}

describe("every gate of the five contracts, asked of a world that does not answer", () => {
  const away = (): never => {
    throw new UserError("nobody answers", { retriable: true });
  };
  const surroundings = surroundingsWith({
    fetchHttp: async () => away(),
    kubernetes: async () => away(),
    arm: away,
    world: away,
  });
  const view = new Proxy({} as EngineView, {
    get: (_, name) => (name === "figures" ? { figure: () => undefined } : away),
  });

  it("says nothing, with the reason, and throws nothing", async () => {
    const { look, close } = looker(
      surroundings,
      view,
      gates.map(({ gate }) => gate),
      process.cwd(),
    );
    const unreached = contextAt("http://127.0.0.1:1");
    const hosts = Object.fromEntries(
      gates.flatMap(({ gate }) => hostsOf(gate)).map((name) => [name, { url: "http://127.0.0.1:1" }]),
    );
    const context = { ...unreached, facts: { ...unreached.facts, hosts } };
    for (const { system, gate } of gates) {
      const sample = await look(gate, context);
      if (
        gate.word === "checkGate" &&
        gate.check.provider === "http" &&
        /h2|websocket/.test(gate.check.protocol ?? "")
      ) {
        // These ask the host itself, and nothing listens there: its users meet the same.
        assert.match(JSON.stringify(sample), /nothing listens there/);
        continue;
      }
      assert.equal(sample.kind, "nothing", `${system} ${gate.name}: ${JSON.stringify(sample)}`);
      assert.ok(sample.kind === "nothing" && sample.why.length > 5 && sample.question.length > 3);
    }
    await close();
    assert.ok(gates.length > 180, String(gates.length));
  });

  it("a release that ends stops a look", async () => {
    const { look } = looker(surroundings, view, [], process.cwd());
    const context = contextAt("http://127.0.0.1:1", { signal: AbortSignal.abort(new Error("ended")) });
    const metric = gates.find(
      ({ gate }) => gate.word === "metricGate" && gate.measurement.provider === "prometheus",
    )!;
    await assert.rejects(look(metric.gate, context), /ended/);
  });
});

describe("a gate whose token is in another gate's answer", () => {
  it("asks for it in a process that has not done so: a token stands in no journal", async () => {
    const asked: string[] = [];
    const surroundings = surroundingsWith({
      fetchHttp: async ({ url, headers = {} }) => {
        asked.push(`${url.pathname} ${headers.authorization ?? "without"}`);
        return { status: 200, headers: {}, text: JSON.stringify({ token: "t-1" }) };
      },
    });
    const http = { provider: "http" as const, host: "api", method: "GET" as const, status: [200] };
    const login = checkGate({ ...http, path: "/login" }, { name: "login-works" });
    const list = checkGate(
      { ...http, path: "/list", tokenFrom: { gate: "login-works", path: "token" } },
      { name: "list-works" },
    );
    const { look } = looker(surroundings, {} as EngineView, [login, list], process.cwd());
    const context = contextAt("http://127.0.0.1:1");
    for (let time = 0; time < 2; time++) {
      const sample = await look(list, context);
      assert.ok(sample.kind === "answer" && sample.holds, JSON.stringify(sample));
    }
    assert.deepEqual(asked, ["/login without", "/list Bearer t-1", "/list Bearer t-1"]);
  });

  it("asks for it again when it is taken no more", async () => {
    let issued = 0;
    const surroundings = surroundingsWith({
      fetchHttp: async ({ url, headers = {} }) => {
        if (url.pathname === "/login")
          return { status: 200, headers: {}, text: JSON.stringify({ token: `t-${++issued}` }) };
        return { status: headers.authorization === "Bearer t-2" ? 200 : 401, headers: {}, text: "{}" };
      },
    });
    const http = { provider: "http" as const, host: "api", method: "GET" as const, status: [200] };
    const login = checkGate({ ...http, path: "/login" }, { name: "login-works" });
    const list = checkGate(
      { ...http, path: "/list", tokenFrom: { gate: "login-works", path: "token" } },
      { name: "list-works" },
    );
    const { look } = looker(surroundings, {} as EngineView, [login, list], process.cwd());
    const context = contextAt("http://127.0.0.1:1");
    const holds = async () => {
      const sample = await look(list, context);
      return sample.kind === "answer" && sample.holds;
    };
    assert.deepEqual([await holds(), await holds(), await holds(), issued], [false, true, true, 2]);
  });
});
