import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import {
  type PodBackend,
  type PodBackendInput,
  parseBackend,
} from "../../../../local/cluster/kubelet/backend-annotation";
import { BackendServer } from "../../../../local/cluster/kubelet/backend-server";

describe("emulated program", () => {
  const servers: BackendServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.kill();
  });

  /** @returns the server, how it behaves, and a way to ask it */
  async function start(input: PodBackendInput = {}) {
    const parsed = parseBackend(JSON.stringify(input));
    assert.ok("value" in parsed, JSON.stringify(parsed));
    const now: { backend: PodBackend; notReady: boolean } = { backend: parsed.value, notReady: false };
    const server = new BackendServer({
      ports: [8080],
      facts: { pod: "p", namespace: "n", version: "1.2.3" },
      behaviour: () => now,
      probePaths: new Set(["/ready"]),
      readinessPath: "/ready",
      isReady: () => true,
    });
    await server.listen();
    servers.push(server);
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`http://127.0.0.1:${server.ports[8080]}${path}`, init);
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    return { server, now, ask };
  }

  it("answers its paths, its version, and everything else", async () => {
    const { ask } = await start({
      versionPath: "/version",
      paths: { "/health": { body: { status: "ok" } }, "/text": { status: 418, body: "tea" } },
    });
    assert.deepEqual(JSON.parse((await ask("/health?x=1")).text), { status: "ok" });
    const tea = await ask("/text");
    assert.deepEqual([tea.status, tea.text], [418, "tea"]);
    assert.deepEqual(JSON.parse((await ask("/version")).text), { version: "1.2.3" });
    const other = await ask("/any");
    assert.deepEqual([other.status, other.headers.get("x-served-by")], [200, "p"]);
  });

  it("counts what it served, by the labels of each request, and nothing else", async () => {
    const labels = { status: "$status", method: "$method", pod: "$pod", team: "a" };
    const { ask } = await start({
      paths: { "/missing": { status: 404 }, "/ready": {} },
      metrics: [
        { name: "requests_total", type: "counter", counts: "requests", labels, help: "served" },
        { name: "errors_total", type: "counter", counts: "errors" },
        { name: "seconds", type: "histogram", buckets: [0.5, 60] },
        { name: "replicas", type: "gauge", value: 3 },
      ],
    });
    for (const path of ["/a", "/a", "/missing", "/ready", "/metrics"]) await ask(path);
    await ask("/a", { method: "POST" });
    const { text, headers } = await ask("/metrics");
    assert.match(headers.get("content-type") ?? "", /version=0\.0\.4/);
    const lines = text.trim().split("\n");
    for (const line of [
      "# HELP requests_total served",
      "# TYPE requests_total counter",
      'requests_total{status="200",method="GET",pod="p",team="a"} 2',
      'requests_total{status="404",method="GET",pod="p",team="a"} 1',
      'requests_total{status="200",method="POST",pod="p",team="a"} 1',
      'seconds_bucket{le="60"} 4',
      'seconds_bucket{le="+Inf"} 4',
      "seconds_count 4",
      "replicas 3",
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${text}`);
    }
    assert.ok(!text.includes("errors_total{") && !text.includes("errors_total 1"));
  });

  it("fails and slows requests on demand, and never those of probes", async () => {
    const { ask, now } = await start({
      paths: { "/ready": {} },
      metrics: [{ name: "errors_total", type: "counter", counts: "errors" }],
    });
    now.backend = { ...now.backend, errorRate: 1, errorStatus: 503, latencyMilliseconds: 60 };
    const began = Date.now();
    assert.equal((await ask("/a")).status, 503);
    assert.ok(Date.now() - began >= 55);
    assert.equal((await ask("/ready")).status, 200);
    assert.match((await ask("/metrics")).text, /^errors_total 1$/m);
  });

  it("made not ready answers 503 to its readiness probe alone", async () => {
    const { ask, now } = await start();
    now.notReady = true;
    assert.deepEqual([(await ask("/ready")).status, (await ask("/a")).status], [503, 200]);
  });

  it("ends what is under way before it closes", async () => {
    const metrics = [{ name: "in_flight", type: "gauge", measures: "inFlight" }] as const;
    const { ask, server, now } = await start({ metrics: [...metrics] });
    now.backend = { ...now.backend, latencyMilliseconds: 400 };
    const slow = ask("/slow", { headers: { connection: "close" } });
    while (!(await ask("/metrics")).text.includes("in_flight 1"));
    await server.close();
    assert.equal((await slow).status, 200);
    await assert.rejects(ask("/late"));
  });

  it("waits no longer than a few seconds for connections that bring no request, and longer for a request", async () => {
    const metrics = [{ name: "in_flight", type: "gauge", measures: "inFlight" }] as const;
    const { ask, server, now } = await start({ webSockets: true, metrics: [...metrics] });
    now.backend = { ...now.backend, latencyMilliseconds: 7000 };
    const opened = connect(server.ports[8080]!, "127.0.0.1");
    const socket = connect(server.ports[8080]!, "127.0.0.1");
    const ends = [once(opened, "close"), once(socket, "close")];
    await Promise.all([once(opened, "connect"), once(socket, "connect")]);
    socket.write(
      "GET / HTTP/1.1\r\nHost: p\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: aaaa\r\n\r\n",
    );
    await once(socket, "data");
    const slow = ask("/slow", { headers: { connection: "close" } });
    while (!(await ask("/metrics")).text.includes("in_flight 1"));
    const began = Date.now();
    await server.close();
    const seconds = (Date.now() - began) / 1000;
    assert.equal((await slow).status, 200);
    assert.ok(seconds > 4 && seconds < 15, `${seconds} s`);
    await Promise.all(ends);
  });
});
