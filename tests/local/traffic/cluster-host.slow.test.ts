import assert from "node:assert/strict";
import { request } from "node:http";
import type { ApiClient } from "../../../local/cluster/api-client";
import { backendAnnotation } from "../../../local/cluster/kubelet/backend-annotation";
import type { HttpRoute } from "../../../local/traffic/cluster/objects";
import { startTraffic, stopTraffic } from "../../../local/traffic/daemon";
import { frontHeader, type TrafficEndpoint } from "../../../local/traffic/endpoint";
import { sendLoad } from "../../../local/traffic/load/open-loop";
import { until } from "../../support/until";
import { deployment, paths, podTemplate, rollOut, TestCluster } from "../cluster/support";

const gatewayApi = "/apis/gateway.networking.k8s.io/v1/namespaces/default";
const host = "shop.example.test";

/** Routes, Services and pods of a real API server, served by the front as a process. */
describe("hosts on the cluster", function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let api: ApiClient;
  let front: TrafficEndpoint;

  before(async () => {
    await cluster.start();
    api = cluster.api();
    for (const colour of ["blue", "green"]) {
      const name = `web-${colour}`;
      const annotations = { [backendAnnotation]: JSON.stringify({ version: colour }) };
      await rollOut(api, deployment(name, 2, podTemplate(name, { annotations })));
      await api.apply(`${paths.services}/${name}`, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name },
        spec: { selector: { app: name }, ports: [{ port: 80, targetPort: "http" }] },
      });
    }
    await api.apply(`${gatewayApi}/gateways/edge`, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: "edge" },
      spec: { gatewayClassName: "any", listeners: [{ name: "web", port: 80, protocol: "HTTP" }] },
    });
    await weigh(100);
    front = await startTraffic({ stateDir: cluster.stateDir });
  });
  after(async () => {
    await stopTraffic(cluster);
    await cluster.remove();
  });

  async function weigh(blue: number, parent: object = { name: "edge" }): Promise<void> {
    await api.apply(`${gatewayApi}/httproutes/shop`, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "shop" },
      spec: {
        parentRefs: [parent],
        hostnames: [host],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            backendRefs: [
              { name: "web-blue", port: 80, weight: blue },
              { name: "web-green", port: 80, weight: 100 - blue },
            ],
          },
        ],
      },
    });
  }

  function ask(path = "/", asked = host): Promise<{ status: number; version: unknown }> {
    return new Promise((resolve, reject) => {
      const headers = { [frontHeader]: front.token, host: asked };
      const sent = request(`${front.url}${path}`, { headers }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve({ status: answer.statusCode!, version: answer.headers["x-version"] }));
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  const route = () => api.call<HttpRoute>("GET", `${gatewayApi}/httproutes/shop`);

  it("sends a host's requests to ready pods, and says in the route's status that it does", async () => {
    await until("the route serves", async () => (await ask()).version === "blue");
    const conditions = await until("the status is written", async () => {
      return (await route()).status?.parents?.[0]?.conditions;
    });
    assert.deepEqual(
      conditions.map(({ type, status }) => `${type}=${status}`),
      ["Accepted=True", "ResolvedRefs=True"],
    );
    assert.equal((await ask("/", "other.example.test")).status, 404);
  });

  it("follows the weights within a second, loses nothing at 200 requests a second, drains and moves all", async () => {
    const stop = new AbortController();
    const seen: { at: number; version: string | undefined }[] = [];
    const load = sendLoad({
      url: front.url,
      path: "/",
      headers: { [frontHeader]: front.token, host },
      requestsPerSecond: 200,
      signal: stop.signal,
      onAnswer: ({ at, version }) => seen.push({ at, version }),
    });
    await until("the load runs", () => seen.length > 200);
    await weigh(50);
    const halfAt = Date.now();
    await until("both serve", () => seen.filter(({ at }) => at > halfAt + 1000).length > 200);
    const half = seen.filter(({ at }) => at > halfAt + 500);
    const green = half.filter(({ version }) => version === "green").length / half.length;
    assert.ok(green > 0.3 && green < 0.7, `${green} of the requests went to green`);
    await weigh(0);
    const wholeAt = Date.now();
    await until("one serves", () => seen.some(({ at }) => at > wholeAt + 1500));
    stop.abort();
    const report = await load;
    assert.equal(report.lost, 0, JSON.stringify(report));
    assert.deepEqual(
      [...new Set(seen.filter(({ at }) => at > wholeAt + 1000).map(({ version }) => version))],
      ["green"],
    );
    console.log(`      ${report.sent} requests, p95 ${report.p95Milliseconds.toFixed(1)} ms`);
  });

  it("answers 503 when no pod of the chosen side is ready, and says when a backend is missing", async () => {
    await api.mergePatch("/apis/apps/v1/namespaces/default/deployments/web-green", { spec: { replicas: 0 } });
    await until("nothing is ready", async () => (await ask()).status === 503);
    await api.call("DELETE", `${paths.services}/web-green`);
    await until("the status says so", async () => {
      const conditions = (await route()).status?.parents?.[0]?.conditions;
      return conditions?.some(({ type, reason }) => type === "ResolvedRefs" && reason === "BackendNotFound");
    });
    assert.equal((await ask()).status, 500);
  });

  it("does not serve a route that its gateway does not take", async () => {
    await weigh(100, { name: "edge", sectionName: "none" });
    await until("the route is refused", async () => (await ask()).status === 404);
    const conditions = await until("the status says so", async () => {
      const found = (await route()).status?.parents?.[0]?.conditions;
      return found?.[0]?.status === "False" && found;
    });
    assert.equal(conditions[0]!.reason, "NoMatchingParent");
  });
});
