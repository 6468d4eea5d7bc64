import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { surroundingsOf } from "../../../release/clients/surroundings";
import { httpProvider } from "../../../release/gates/http";
import { Prober } from "../../../release/gates/prober";
import { isFailed } from "../../../release/gates/probes";
import { checkGate, contextAt } from "../support/gates";

/** What is faked: a host that closes kept connections just when they are used again, as every host does now and then. */
describe("requests by which the release counts what is lost", () => {
  let server: Server;
  let connections = 0;

  before(async () => {
    server = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.once("data", () => socket.destroy());
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => server.close());

  it("open a connection each: none is lost to one that was closed while nobody used it", async () => {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const prober = new Prober(surroundingsOf("staging", {}));
    const context = contextAt(url.href);
    const seen = () => prober.seen(url, 50, 60_000, context);
    try {
      while (seen().length < 4) await sleep(20);
      assert.deepEqual(seen().filter(isFailed), []);
      assert.ok(connections >= seen().length, `${connections} connections`);
    } finally {
      await prober.close();
    }
  });

  it("so does a check, which would be answered by one and the same backend for as long as its connection is kept", async () => {
    const surroundings = surroundingsOf("staging", {});
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const gate = checkGate({ provider: "http", host: "api", method: "GET", path: "/", status: [200] });
    const provider = httpProvider({ surroundings, secret: async () => "" });
    for (let look = 0; look < 3; look++) {
      const sample = await provider.look(gate, contextAt(url));
      assert.ok(sample.kind === "answer" && sample.holds, JSON.stringify(sample));
    }
  });
});
