import assert from "node:assert/strict";
import { exchange, jsonOf } from "../../../release/clients/http";
import { KubernetesClient } from "../../../release/clients/kubernetes";
import { systemClock } from "../../../release/engine/system-clock";
import type { EngineView } from "../../../release/gates/engine-view";
import { looker } from "../../../release/gates/look";
import { type Diagnosing, diagnose, lookAtGate } from "../../../release/incident/diagnose";
import { planIncident, playbooksOf } from "../../../release/incident/plan";
import { readDiagnostic } from "../../../release/incident/read-diagnostic";
import { UserError } from "../../../release/user-error";
import { contracts } from "../../../runbooks/contracts";
import { canary, checkGate, contextAt, metricGate, surroundingsWith } from "../support/gates";
import { type Answer, HttpServer, type Received } from "../support/http-server";

type Source = Parameters<typeof readDiagnostic>[0];

describe("questions of a playbook", () => {
  let server: HttpServer;
  let answer: (request: Received) => Answer;
  before(async () => {
    server = await HttpServer.start((request) => answer(request));
  });
  after(() => server.stop());

  const at = (path: string) => new URL(path, server.url);

  function world(changes: Partial<Diagnosing> = {}): Diagnosing & { close(): Promise<void> } {
    const surroundings = surroundingsWith({
      fetchHttp: (request) =>
        exchange({ ...request, url: at(`${request.url.pathname}${request.url.search}`) }),
      kubernetes: async () => new KubernetesClient({ server: server.url, source: "test" } as never),
      arm: () =>
        ({
          get: async (id: string) => jsonOf(await exchange({ method: "GET", url: at(id) })),
          list: async (id: string, action: string) =>
            jsonOf(await exchange({ method: "POST", url: at(`${id}/${action}`) })),
        }) as never,
    });
    const context = contextAt(server.url);
    const looks = looker(surroundings, {} as EngineView, [], process.cwd());
    const unknown = async () => "nothing is known";
    return {
      surroundings,
      facts: context.facts,
      context,
      clock: systemClock(),
      releases: {
        status: unknown,
        history: unknown,
        backups: unknown,
        step: async (entry) => `step ${entry}`,
      },
      look: (gate, asked) => looks.look(gate, asked),
      askPerson: async () => undefined,
      close: () => looks.close(),
      ...changes,
    };
  }

  const ask = (source: Source, query: string, changes: Partial<Diagnosing> = {}) =>
    diagnose({ title: "a question", query, question: readDiagnostic(source, query) }, world(changes));

  it("show every series that Prometheus has", async () => {
    const series = (pod: string, value: string) => ({ metric: { pod }, value: [0, value] });
    answer = () => ({
      status: 200,
      body: {
        status: "success",
        data: { resultType: "vector", result: [series("a", "0.25"), series("b", "3")] },
      },
    });
    const seen = await ask("prometheus", "sum by (pod) (up)");
    assert.deepEqual([seen.verdict, seen.seen], ["shown", "pod a: 0.25\npod b: 3"]);
  });

  it("show rows of a log, and never the token by which they were asked", async () => {
    answer = () => ({
      status: 200,
      body: {
        tables: [
          {
            columns: [{ name: "type" }, { name: "count_" }],
            rows: [
              ["TimeoutException", 41],
              [`about ${canary}`, 1],
            ],
          },
        ],
      },
    });
    const seen = await ask("logAnalytics", "AppExceptions | summarize count() by type");
    assert.match(seen.seen, /^type TimeoutException, count_ 41\n/);
    assert.doesNotMatch(JSON.stringify(seen), new RegExp(canary));
  });

  it("say that a host does not answer well, by the gate of releases", async () => {
    answer = () => ({ status: 503, body: {} });
    const down = await ask("http", "GET /health of api");
    assert.equal(down.verdict, "fault");
    assert.match(down.seen, /503/);
    answer = () => ({ status: 200, body: {} });
    assert.equal((await ask("http", "GET /health of api")).verdict, "shown");
  });

  it("list pods, and call one that is not ready a fault", async () => {
    answer = () => ({
      status: 200,
      body: {
        items: [
          {
            metadata: { name: "backend-1" },
            spec: { containers: [{}] },
            status: { phase: "Running", containerStatuses: [{ ready: false, restartCount: 7 }] },
          },
        ],
      },
    });
    const seen = await ask("kubernetes", "pods of namespace shop");
    assert.equal(seen.verdict, "fault");
    assert.equal(seen.seen, "backend-1: Running, 0 of 1 containers ready, 7 restarts");
  });

  it("name an app's settings, and never show their values", async () => {
    const facts = contextAt(server.url).facts;
    const withSlot = { ...facts, resources: { slot: "/subscriptions/s/sites/a/slots/blue" } };
    answer = ({ url }) => {
      if (url.includes("configreferences"))
        return { status: 200, body: { value: [{ name: "KEY", properties: { status: "VaultNotFound" } }] } };
      if (url.includes("slotConfigNames"))
        return { status: 200, body: { properties: { appSettingNames: ["MODE"] } } };
      return {
        status: 200,
        body: { properties: { MODE: canary, KEY: `@Microsoft.KeyVault(SecretUri=https://kv/${canary})` } },
      };
    };
    const seen = await ask("azureResource", "slot appSettings", { facts: withSlot });
    assert.equal(seen.verdict, "fault");
    assert.match(
      seen.seen,
      /^KEY, [0-9a-f]{8}, vault reference: VaultNotFound\nMODE, [0-9a-f]{8}, stays with the slot$/,
    );
    assert.doesNotMatch(JSON.stringify(seen), new RegExp(canary));
  });

  it("are asked of a person who sits there, and of nobody else", async () => {
    assert.equal((await ask("person", "Which errors does the console show?")).verdict, "inconclusive");
    const seen = await ask("person", "Which errors?", { askPerson: async () => "none" });
    assert.deepEqual([seen.verdict, seen.seen], ["shown", "none"]);
  });

  it("ask the journals what a step of a release saw", async () => {
    assert.equal((await ask("release", "step run-migration")).seen, "step run-migration");
  });

  it("say of a gate what a release would conclude of one look at it", async () => {
    const gate = checkGate({ provider: "release", expects: "noOtherRelease" }, { onBreach: "report" });
    const look = async () => ({ kind: "answer", holds: true, seen: "well", question: "is it?" }) as const;
    assert.equal((await lookAtGate(gate, world({ look }))).verdict, "pass");
    const rows = metricGate({ provider: "logAnalytics", query: "x", column: "y" });
    const nothing = async () => ({ kind: "nothing", why: "nobody answers", question: "?" }) as const;
    assert.equal((await lookAtGate(rows, world({ look: nothing }))).verdict, "inconclusive");
  });

  it("of every playbook, asked of a world that does not answer, conclude nothing and throw nothing", async () => {
    const away = (): never => {
      throw new UserError("nobody answers", { retriable: true });
    };
    const surroundings = surroundingsWith({
      fetchHttp: async () => away(),
      kubernetes: async () => away(),
      arm: away,
      world: away,
    });
    const looks = looker(surroundings, {} as EngineView, [], process.cwd());
    const asking = { ...world(), surroundings, look: looks.look.bind(looks) };
    const unreached = contextAt("http://127.0.0.1:1");
    let asked = 0;
    for (const contract of contracts) {
      for (const { symptom } of playbooksOf(contract, "dev")) {
        for (const diagnostic of planIncident(contract, "dev", symptom).diagnostics) {
          if (diagnostic.question.source === "release") continue;
          const { verdict, seen } = await diagnose(diagnostic, { ...asking, context: unreached });
          assert.ok(verdict === "inconclusive" || verdict === "fault", `${diagnostic.query}: ${seen}`);
          asked++;
        }
      }
    }
    assert.ok(asked > 30, `${asked} questions were asked`);
    await looks.close();
  });
});
