import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { exchange, type HttpRequest } from "../../../release/clients/http";
import { looking } from "../../../release/gates/asking";
import type { Sample } from "../../../release/gates/gate-provider";
import { httpProvider } from "../../../release/gates/http";
import { whileCollecting } from "../support/collect-garbage";
import { checkGate, contextAt, surroundingsWith } from "../support/gates";

const limitMilliseconds = 300;

function said(sample: Sample): string {
  if (sample.kind === "answer") return sample.seen;
  return sample.kind === "nothing" ? sample.why : sample.kind;
}

/** The server takes every connection, says what the test wants, and never more. Garbage is collected while it is waited for. */
describe("a limit of a wait, whatever garbage is collected meanwhile", () => {
  let server: Server;
  let url: URL;
  let begins: string;
  const open = new Set<Socket>();

  before(async () => {
    server = createServer((socket) => {
      open.add(socket);
      socket.on("error", () => {});
      if (begins !== "") socket.write(begins);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  beforeEach(() => {
    begins = "";
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const asked = (more: Partial<HttpRequest> = {}) =>
    whileCollecting(exchange({ method: "GET", url, timeoutMilliseconds: limitMilliseconds, ...more }));

  it("ends an exchange without any answer", () => assert.rejects(asked(), { name: "TimeoutError" }));

  it("ends an exchange whose answer never ends, and is no cut connection", async () => {
    begins = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    await assert.rejects(asked(), { name: "TimeoutError" });
  });

  it("ends an exchange that could be stopped from outside as well, and leaves nothing at that signal", async () => {
    const outer = new AbortController();
    await assert.rejects(asked({ signal: outer.signal }), { name: "TimeoutError" });
    assert.deepEqual(getEventListeners(outer.signal, "abort"), []);
  });

  it("of many at once is no leak of listeners", async () => {
    const outer = new AbortController();
    const warned: Error[] = [];
    const take = (warning: Error) => warned.push(warning);
    process.on("warning", take);
    const many = Array.from({ length: 20 }, () =>
      asked({ signal: outer.signal, timeoutMilliseconds: 60_000 }),
    );
    setImmediate(() => outer.abort());
    await Promise.allSettled(many);
    await new Promise(setImmediate);
    process.off("warning", take);
    assert.deepEqual(warned, []);
  });

  it("does not hide why it was stopped from outside", async () => {
    const outer = new AbortController();
    const stopped = new Error("the release ended");
    const answer = asked({ signal: outer.signal, timeoutMilliseconds: 60_000 });
    setImmediate(() => outer.abort(stopped));
    await assert.rejects(answer, (error) => error === stopped);
  });

  for (const protocol of ["websocket", "h2"] as const) {
    it(`ends a gate that asks by ${protocol}`, async () => {
      const gate = checkGate(
        { provider: "http", host: "api", method: "GET", path: "/", status: [200], protocol } as const,
        { timeoutSeconds: limitMilliseconds / 1000 },
      );
      const surroundings = surroundingsWith({});
      const provider = httpProvider({ surroundings, secret: async () => "" });
      const look = provider.look(gate, contextAt(url.href));
      assert.match(said(await whileCollecting(look)), /it does not answer in time$/);
    });
  }

  it("ends a look whose question heeds its signal", async () => {
    const never = looking(
      "how many?",
      { timeoutSeconds: limitMilliseconds / 1000 },
      contextAt(url.href),
      (look) =>
        exchange({ method: "GET", url, timeoutMilliseconds: 60_000, signal: look.signal }).then(() =>
          assert.fail("it answered"),
        ),
    );
    assert.equal(said(await whileCollecting(never)), "no answer within 0.3 s");
  });
});
