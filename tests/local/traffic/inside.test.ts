import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ClusterObjects } from "../../../local/traffic/cluster/cluster-objects";
import type { PodPorts } from "../../../local/traffic/cluster/pod-ports";
import { PodProxy } from "../../../local/traffic/cluster/pod-proxy";
import { createFront } from "../../../local/traffic/front/front";
import type { World } from "../../../local/traffic/front/world";

/** What is faked: the table of pods and its one pod. What is not: the front, the objects, the way of a request. */

describe("the front, asked as if from inside the cluster", () => {
  const objects = new ClusterObjects();
  const token = "token-of-this-test";
  let pod: Server;
  let front: Server;
  let pods: PodProxy;
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const started = (server: Server) =>
    new Promise<Server>((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));

  before(async () => {
    pod = await started(createServer((incoming, outgoing) => outgoing.end(`pod, asked for ${incoming.url}`)));
    const ports = {
      find: async () => ({ port: portOf(pod), pod: { name: "web-1" } }),
    } as unknown as PodPorts;
    pods = new PodProxy(objects, ports);
    const world = { objects, pods } as unknown as World;
    front = await started(createFront({ world, token, stateDir: "/none" } as never));
    objects.put("services", {
      metadata: { name: "web-green", namespace: "shop" },
      spec: { ports: [{ port: 8080 }] },
    } as never);
    objects.put("slices", {
      metadata: { name: "s", namespace: "shop", labels: { "kubernetes.io/service-name": "web-green" } },
      endpoints: [{ addresses: ["10.244.0.5"] }],
      ports: [{ port: 8080 }],
    } as never);
  });
  after(() => {
    pods.close();
    pod.close();
    front.close();
  });

  async function ask(
    host: string,
    given = token,
  ): Promise<{ status?: number; cause?: unknown; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { host, "x-switchyard-front": given };
      request({ host: "127.0.0.1", port: portOf(front), path: "/health/db", headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode,
            cause: incoming.headers["x-switchyard-cause"],
            text: Buffer.concat(chunks).toString(),
          }),
        );
      })
        .on("error", reject)
        .end();
    });
  }

  it("sends a request to a pod of the Service, by its name and port", async () => {
    const { status, cause, text } = await ask("web-green.shop.svc.cluster.local:8080");
    assert.deepEqual([status, cause, text], [200, undefined, "pod, asked for /health/db"]);
  });

  it("says that nobody answers for a Service or a port that is not there", async () => {
    for (const host of ["web-blue.shop.svc.cluster.local:8080", "web-green.shop.svc.cluster.local"]) {
      const { status, cause } = await ask(host);
      assert.deepEqual([status, cause], [500, "no-endpoint"], host);
    }
  });

  it("answers nobody without the token", async () => {
    assert.equal((await ask("web-green.shop.svc.cluster.local:8080", "other")).status, 401);
  });
});
