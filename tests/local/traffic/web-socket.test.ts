import assert from "node:assert/strict";
import { type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { parseBackend } from "../../../local/cluster/kubelet/backend-annotation";
import { BackendServer } from "../../../local/cluster/kubelet/backend-server";
import { ClusterObjects } from "../../../local/traffic/cluster/cluster-objects";
import type { PodPorts } from "../../../local/traffic/cluster/pod-ports";
import { PodProxy } from "../../../local/traffic/cluster/pod-proxy";
import { createFront } from "../../../local/traffic/front/front";
import type { World } from "../../../local/traffic/front/world";

/** Faked are the tables of pods and counts; the front, the route and the emulated program are what dev runs. */
describe("a WebSocket through the front of dev", () => {
  const token = "token-of-this-test";
  const counted: unknown[] = [];
  let front: Server;
  let pods: PodProxy;
  const programs: BackendServer[] = [];

  async function begin(webSockets: boolean): Promise<void> {
    const parsed = parseBackend(JSON.stringify({ webSockets }));
    assert.ok("value" in parsed);
    const program = new BackendServer({
      ports: [8080],
      facts: { pod: "web-1", namespace: "shop", version: "1.2.3" },
      behaviour: () => ({ backend: parsed.value, notReady: false }),
      probePaths: new Set(),
      isReady: () => true,
    });
    await program.listen();
    programs.push(program);
    const objects = new ClusterObjects();
    const metadata = (name: string) => ({ name, namespace: "shop" });
    objects.put("services", { metadata: metadata("web"), spec: { ports: [{ port: 8080 }] } } as never);
    objects.put("slices", {
      metadata: { ...metadata("s"), labels: { "kubernetes.io/service-name": "web" } },
      endpoints: [{ addresses: ["10.244.0.5"] }],
      ports: [{ port: 8080 }],
    } as never);
    objects.put("namespaces", { metadata: { name: "shop" } } as never);
    objects.put("gateways", {
      metadata: metadata("entrance"),
      spec: { listeners: [{ name: "web", port: 443, protocol: "HTTPS" }] },
    } as never);
    objects.put("routes", {
      metadata: metadata("shop"),
      spec: {
        parentRefs: [{ name: "entrance" }],
        hostnames: ["shop.test"],
        rules: [{ backendRefs: [{ name: "web", port: 8080 }] }],
      },
    } as never);
    const ports = {
      find: async () => ({ port: program.ports[8080], pod: { name: "web-1" } }),
    } as unknown as PodPorts;
    pods = new PodProxy(objects, ports);
    const world = { objects, pods } as unknown as World;
    const telemetry = { forwarded: (one: unknown) => counted.push(one) };
    front = createFront({ world, token, telemetry, stateDir: "/none" } as never);
    await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  }
  afterEach(() => {
    counted.length = 0;
    pods.close();
    front.closeAllConnections();
    front.close();
    for (const program of programs.splice(0)) program.kill();
  });

  function handshake(host: string, given = token): Promise<{ answer: IncomingMessage; socket?: Duplex }> {
    return new Promise((resolve, reject) => {
      const sent = request({
        host: "127.0.0.1",
        port: (front.address() as AddressInfo).port,
        path: "/live",
        headers: {
          host,
          "x-switchyard-front": given,
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
      });
      sent.on("upgrade", (answer, socket) => resolve({ answer, socket }));
      sent.on("response", (answer) => {
        answer.resume();
        resolve({ answer });
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  it("is accepted by the pod's program, with the answer that its key demands, and counted", async () => {
    await begin(true);
    const { answer, socket } = await handshake("shop.test");
    assert.equal(answer.statusCode, 101);
    // The example of RFC 6455, 1.3.
    assert.equal(answer.headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert.equal(answer.headers["x-version"], "1.2.3");
    socket!.destroy();
    assert.deepEqual(counted, [
      { host: "shop.test", service: "web", status: 101, namespace: "shop", pod: "web-1" },
    ]);
  });

  it("is an ordinary request to a program that has none", async () => {
    await begin(false);
    const { answer } = await handshake("shop.test");
    assert.equal(answer.statusCode, 200);
  });

  it("is refused without the front's token and for a host that nobody has", async () => {
    await begin(true);
    assert.equal((await handshake("shop.test", "another")).answer.statusCode, 401);
    assert.equal((await handshake("elsewhere.test")).answer.statusCode, 404);
  });
});
