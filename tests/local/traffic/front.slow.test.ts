import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudEndpoint, startCloud, stopCloud } from "../../../local/cloud/daemon";
import {
  clearHostFaults,
  setHostFault,
  startTraffic,
  stopTraffic,
  trafficStatus,
} from "../../../local/traffic/daemon";
import { frontHeader, type TrafficEndpoint, trafficEndpointFile } from "../../../local/traffic/endpoint";
import { soon, until } from "../../support/until";
import { GROUP, PLAN, plan, SITE, SLOT, site, VAULT, vault } from "../cloud/support";

interface Seen {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into, member by member, by assertions
  json: any;
}

const workspace = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;
const component = `${GROUP}/providers/Microsoft.Insights/components/insights`;

/** The front as a process, before the local cloud as a process. Not shown: hosts on a cluster (cluster-host.slow.test). */
describe("front of dev", function () {
  this.timeout(60_000);
  let stateDir: string;
  let cloud: CloudEndpoint;
  let front: TrafficEndpoint;

  before(async () => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-front-"));
    cloud = await startCloud({ stateDir });
    front = await startTraffic({ stateDir });
    await put(GROUP, { location: "westeurope" });
    await put(PLAN, plan("P1v3"));
    await put(workspace, { location: "westeurope", properties: { sku: { name: "PerGB2018" } } });
    await put(component, {
      location: "westeurope",
      kind: "web",
      properties: { Application_Type: "web", WorkspaceResourceId: workspace },
    });
    await put(SITE, site({}));
    await put(SLOT, site({}));
    await until(
      "the slot is known",
      async () => (await ask("kirana-staging.azurewebsites.net", "/")).status === 200,
    );
  });

  after(async () => {
    await stopTraffic({ stateDir });
    await stopCloud({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
  });

  async function arm(method: string, path: string, body?: unknown): Promise<Seen> {
    const response = await fetch(
      `${cloud.url}${path}${path.includes("?") ? "&" : "?"}api-version=2024-01-01`,
      {
        method,
        headers: { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      json: text && JSON.parse(text),
    };
  }

  async function put(id: string, body: unknown): Promise<void> {
    const answer = await arm("PUT", id, body);
    assert.ok(answer.status < 300, JSON.stringify(answer.json));
    await soon(`${id} is made`, async () => {
      const state = (await arm("GET", id)).json.properties?.provisioningState;
      return state === undefined || state === "Succeeded";
    });
  }

  function ask(
    host: string,
    path: string,
    {
      method = "GET",
      body = "",
      headers = {},
    }: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${front.url}${path}`,
        { method, headers: { [frontHeader]: front.token, ...headers, host } },
        async (answer) => {
          let text = "";
          for await (const chunk of answer) text += String(chunk);
          const isJson = String(answer.headers["content-type"]).includes("json");
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            json: isJson ? JSON.parse(text) : text,
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  const bearer = () => ({ authorization: `Bearer ${cloud.token}` });
  const production = "kirana.azurewebsites.net";
  const staging = "kirana-staging.azurewebsites.net";

  async function publish(slot: string, version: string, more: object = {}): Promise<Seen> {
    const host = `kirana${slot}.scm.azurewebsites.net`;
    const app = { version, paths: { "/api/health": { body: { status: "healthy", version } } }, ...more };
    return ask(host, "/api/publish?type=zip", {
      method: "POST",
      body: JSON.stringify(app),
      headers: bearer(),
    });
  }

  const versionOf = async (host: string, headers = {}) =>
    (await ask(host, "/api/health", { headers })).headers["x-version"];

  it("asks for its token, keeps its endpoint to its user, and for a bearer at services of Azure", async () => {
    assert.equal(statSync(trafficEndpointFile(stateDir)).mode & 0o777, 0o600);
    const closed = await ask(production, "/", { headers: { [frontHeader]: "wrong" } });
    assert.equal(closed.status, 401);
    assert.equal((await ask("kirana.scm.azurewebsites.net", "/api/deployments/latest")).status, 401);
  });

  it("shows Azure's page without a version before anything was deployed", async () => {
    const seen = await ask(production, "/api/health");
    assert.deepEqual([seen.status, seen.headers["x-version"]], [200, undefined]);
  });

  it("serves what OneDeploy took, ramps, swaps, and keeps clients with a cookie where they were", async () => {
    assert.equal((await publish("", "1.0.0")).status, 200);
    assert.equal((await publish("-staging", "1.1.0")).status, 200);
    const latest = await ask("kirana-staging.scm.azurewebsites.net", "/api/deployments/latest", {
      headers: bearer(),
    });
    assert.equal(latest.json.status, 4);
    assert.deepEqual([await versionOf(production), await versionOf(staging)], ["1.0.0", "1.1.0"]);

    const rule = { name: "staging", actionHostName: staging, reroutePercentage: 100 };
    await arm("PATCH", `${SITE}/config/web`, { properties: { experiments: { rampUpRules: [rule] } } });
    await until("the rule holds", async () => (await versionOf(production)) === "1.1.0", 1000);
    const drawn = await ask(production, "/api/health");
    const cookie = String(drawn.headers["set-cookie"]).split(";")[0]!;
    assert.equal(cookie, "x-ms-routing-name=staging");
    await arm("PATCH", `${SITE}/config/web`, { properties: { experiments: { rampUpRules: [] } } });
    await until("the rule is gone", async () => (await versionOf(production)) === "1.0.0", 1000);
    assert.equal(await versionOf(production, { cookie }), "1.1.0");

    assert.equal(
      (await arm("POST", `${SITE}/slotsswap`, { targetSlot: "staging", preserveVnet: true })).status,
      202,
    );
    await until("the swap is seen", async () => (await versionOf(production)) === "1.1.0", 2000);
    await until("the other side is seen", async () => (await versionOf(staging)) === "1.0.0", 1000);
  });

  it("refuses a package that says nothing, and names the fault", async () => {
    const seen = await publish("-staging", "1.2.0", { latencyMilliseconds: -1 });
    assert.equal(seen.status, 400);
    assert.match(seen.json.Message, /latencyMilliseconds/);
  });

  it("counts what it served for Log Analytics and Azure Monitor, and a fault shows in both", async () => {
    await setHostFault(stateDir, { host: production, errorRate: 1, status: 500 });
    for (let n = 0; n < 10; n++) assert.equal((await ask(production, "/api/orders")).status, 500);
    await clearHostFaults(stateDir);
    const { customerId } = (await arm("GET", workspace)).json.properties;
    const query =
      'AppRequests | where Name == "GET /api/orders" | summarize total = sum(ItemCount), failed = sumif(ItemCount, Success == false) | project total, percent = 100.0 * failed / total';
    const log = () =>
      ask("api.loganalytics.io", `/v1/workspaces/${customerId}/query`, {
        method: "POST",
        body: JSON.stringify({ query, timespan: "PT5M" }),
        headers: bearer(),
      });
    await soon("the requests are seen", async () => (await log()).json.tables[0].rows[0][0] === 10);
    assert.deepEqual((await log()).json.tables[0].rows, [[10, 100]]);
    const metrics = await arm(
      "GET",
      `${SITE}/providers/microsoft.insights/metrics?metricnames=Http5xx&aggregation=Total&interval=PT1M&timespan=PT10M`,
    );
    const points = metrics.json.value[0].timeseries[0].data as { total?: number }[];
    assert.equal(
      points.reduce((sum, { total = 0 }) => sum + total, 0),
      10,
    );
    assert.ok(
      points.some(({ total }) => total === undefined),
      "no point where nothing was",
    );
    const wrong = await ask("api.loganalytics.io", `/v1/workspaces/${customerId}/query`, {
      method: "POST",
      body: JSON.stringify({ query: "AppRequests | wher x" }),
      headers: bearer(),
    });
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.error.innererror.message, /position 14/);
  });

  it("an answer 500 that a function gives without throwing is a success there, as in Application Insights", async () => {
    assert.equal((await publish("", "1.1.0", { paths: { "/api/broken": { status: 500 } } })).status, 200);
    await soon("it is served", async () => (await ask(production, "/api/broken")).status === 500);
    const { customerId } = (await arm("GET", workspace)).json.properties;
    const query = 'AppRequests | where Name == "GET /api/broken" | distinct Success, ResultCode';
    const seen = async () =>
      (
        await ask("api.loganalytics.io", `/v1/workspaces/${customerId}/query`, {
          method: "POST",
          body: JSON.stringify({ query, timespan: "PT5M" }),
          headers: bearer(),
        })
      ).json.tables[0].rows as unknown[][];
    await soon("the requests are seen", async () => (await seen()).some(([, code]) => code === "500"));
    assert.deepEqual(
      (await seen()).filter(([, code]) => code === "500"),
      [[true, "500"]],
    );
  });

  it("answers for the vault: a secret's value, its list without values, a new version", async () => {
    await put(VAULT, vault());
    await put(`${VAULT}/secrets/db`, { properties: { value: "first" } });
    const host = "vault-one.vault.azure.net";
    const first = await ask(host, "/secrets/db?api-version=7.4", { headers: bearer() });
    assert.equal(first.json.value, "first");
    const written = await ask(host, "/secrets/db?api-version=7.4", {
      method: "PUT",
      body: JSON.stringify({ value: "second" }),
      headers: bearer(),
    });
    assert.notEqual(written.json.id, first.json.id);
    const list = await ask(host, "/secrets?api-version=7.4", { headers: bearer() });
    assert.equal(list.json.value.length, 1);
    assert.doesNotMatch(JSON.stringify(list.json), /second/);
    assert.equal((await ask(host, "/secrets/none", { headers: bearer() })).status, 404);
    assert.equal((await ask(host, "/secrets/db")).status, 401);
  });

  it("answers 403 for a stopped site, 404 for a host that nothing has", async () => {
    await arm("POST", `${SITE}/stop`);
    await until("the stop is seen", async () => (await ask(production, "/")).status === 403, 1000);
    await arm("POST", `${SITE}/start`);
    await until("the start is seen", async () => (await ask(production, "/")).status === 200, 1000);
    assert.equal((await ask("nobody.example", "/")).status, 404);
  });

  it("serves on while the cloud is away, and follows the next one", async () => {
    await stopCloud({ stateDir });
    assert.equal(await versionOf(production), "1.1.0");
    cloud = await startCloud({ stateDir });
    assert.equal((await publish("", "2.0.0")).status, 200);
    assert.equal(await versionOf(production), "2.0.0");
  });

  it("starts again with what was deployed, and is small", async () => {
    const before = Date.now();
    await stopTraffic({ stateDir });
    front = await startTraffic({ stateDir });
    await soon("the content is known", async () => (await versionOf(production)) === "2.0.0");
    const { residentBytes = 0 } = await trafficStatus({ stateDir });
    assert.ok(residentBytes < 110 * 2 ** 20, `${residentBytes} bytes`);
    assert.ok(Date.now() - before < 10_000);
  });
});
