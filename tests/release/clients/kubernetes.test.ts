import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClusterAccess } from "../../../release/clients/kubeconfig";
import { KubernetesClient } from "../../../release/clients/kubernetes";

/** The server is a stand-in that counts what it is asked. */
describe("lists of a cluster", () => {
  const path = "/api/v1/namespaces/shop/pods";
  let server: Server;
  let access: ClusterAccess;
  let asked: number;

  before(async () => {
    server = createServer((_request, response) => {
      asked++;
      const items = [{ metadata: { name: `answer-${asked}` } }];
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ items }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    access = { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, source: "a test" };
  });
  beforeEach(() => {
    asked = 0;
  });
  after(() => server.close());

  const list = async (signal?: AbortSignal) => {
    const [item] = await new KubernetesClient(access, signal).list(path);
    return (item!.metadata as { name: string }).name;
  };

  it("are asked for once when several look in the same turn", async () => {
    assert.deepEqual(await Promise.all([list(), list(), list()]), ["answer-1", "answer-1", "answer-1"]);
  });

  it("are asked for again by whoever comes after the request was sent, though it has no answer yet", async () => {
    const first = list();
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await Promise.all([first, list()]), ["answer-1", "answer-2"]);
  });

  it("of a call that can be stopped are its own", async () => {
    const stop = new AbortController();
    const mine = list(stop.signal);
    const other = list();
    stop.abort();
    await assert.rejects(mine);
    assert.match(await other, /^answer-/);
  });

  it("of different clusters are different", async () => {
    const elsewhere = { ...access };
    const both = await Promise.all([list(), new KubernetesClient(elsewhere).list(path)]);
    assert.equal(both.length, 2);
    assert.equal(asked, 2);
  });
});
