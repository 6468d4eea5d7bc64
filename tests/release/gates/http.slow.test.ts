import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { exchange } from "../../../release/clients/http";
import { http2Exchange } from "../../../release/clients/protocols";
import { type Surroundings, surroundingsOf } from "../../../release/clients/surroundings";
import { vaultSecret } from "../../../release/clients/vault-secret";
import type { Asking } from "../../../release/gates/asking";
import type { GateContext, Sample } from "../../../release/gates/gate-provider";
import { httpProvider } from "../../../release/gates/http";
import type { HttpGate } from "../../../release/gates/http-request";
import { UserError } from "../../../release/user-error";
import { canary, checkGate, contextAt, surroundingsWith } from "../support/gates";
import { type Answer, HttpServer } from "../support/http-server";

/** What is faked: the host, by a server on loopback, and the vault. What is not: requests, TLS faults, protocols. */

type Check = HttpGate["check"];
const plain: Check = { provider: "http", host: "api", method: "GET", path: "/health", status: [200] };

let server: HttpServer;
let answer: Answer = { status: 200 };
const surroundings = surroundingsOf("staging", {});

function asking(of: Surroundings = surroundings, secret: Asking["secret"] = async () => canary) {
  return { surroundings: of, secret };
}

async function look(
  check: Partial<Check>,
  changes: Partial<GateContext> = {},
  of = asking(),
): Promise<Sample> {
  const gate = checkGate({ ...plain, ...check });
  const sample = await httpProvider(of).look(gate, contextAt(server.url, changes));
  assert.doesNotMatch(JSON.stringify(sample), new RegExp(canary));
  return sample;
}

function said(sample: Sample): string {
  if (sample.kind === "answer") return `${sample.holds}: ${sample.seen}`;
  assert.ok(sample.kind === "nothing");
  return `nothing: ${sample.why}`;
}

describe("what an answer of a host must be", () => {
  before(async () => {
    server = await HttpServer.start(() => answer);
  });
  after(() => server.stop());
  beforeEach(() => {
    server.received.length = 0;
    answer = { status: 200 };
  });

  const json = { status: "healthy", version: "1.5.0", checks: [{ name: "db" }] };
  const cases: readonly (readonly [string, Partial<Check>, Answer, string])[] = [
    ["status", {}, { status: 200 }, "true: status 200"],
    ["another status", {}, { status: 503 }, "false: status 503, not 200"],
    ["any of several", { status: [403, 404] }, { status: 404 }, "true: status 404"],
    [
      "JSON",
      { json: [{ path: "status", operator: "equals", value: "healthy" }] },
      { status: 200, body: json },
      'true: status 200; status is "healthy"',
    ],
    [
      "other JSON",
      { json: [{ path: "checks.0.name", operator: "equals", value: "cache" }] },
      { status: 200, body: json },
      'false: checks.0.name is "db", not "cache"',
    ],
    [
      "a page for JSON",
      { json: [{ path: "$", operator: "exists" }] },
      { status: 200, text: "<html>" },
      "false: the answer is no JSON",
    ],
    [
      "a header in any spelling",
      { responseHeaders: [{ path: "Content-Type", operator: "contains", value: "json" }] },
      { status: 200 },
      'true: status 200; content-type is "application/json"',
    ],
    [
      "a header that is missing",
      { responseHeaders: [{ path: "Strict-Transport-Security", operator: "exists" }] },
      { status: 200 },
      "false: strict-transport-security is not there",
    ],
    [
      "a text",
      { bodyContains: "healthy" },
      { status: 200, body: json },
      'true: status 200; the answer contains "healthy"',
    ],
    [
      "the candidate's version",
      { version: { of: "candidate", path: "version" } },
      { status: 200, body: json },
      "true: status 200; version 1.5.0",
    ],
    [
      "200 with the old version",
      { version: { of: "candidate", path: "version" } },
      { status: 200, body: { version: "1.4.2" } },
      "false: version 1.4.2, not 1.5.0",
    ],
    [
      "the version before",
      { version: { of: "live", path: "version" } },
      { status: 200, body: { version: "1.4.2" } },
      "true: status 200; version 1.4.2",
    ],
    [
      "no version",
      { version: { of: "candidate", path: "version" } },
      { status: 200, text: "ok" },
      "false: the answer names no version at version",
    ],
  ];
  for (const [name, check, given, expected] of cases) {
    it(`${name}: ${expected.slice(0, 5)}`, async () => {
      answer = given;
      assert.equal(said(await look(check)), expected);
    });
  }

  it("nobody knows which version was live: nothing is concluded", async () => {
    answer = { status: 200, body: json };
    const context = contextAt(server.url);
    const { liveVersion: _, ...unknown } = context;
    const sample = await httpProvider(asking()).look(
      checkGate({ ...plain, version: { of: "live", path: "version" } }),
      unknown,
    );
    assert.match(said(sample), /^nothing: nobody recorded which version was live/);
  });

  it("a host with colours is asked on the candidate's", async () => {
    assert.equal(said(await look({ host: "preview" })), "true: status 200");
    assert.equal(server.received[0]?.url, "/health");
    const blue = await look({ host: "preview" }, { candidate: { shop: "blue" }, live: { shop: "green" } });
    assert.equal(said(blue), "true: status 200");
  });

  it("a host that the stack does not name is nothing", async () => {
    assert.match(
      said(await look({ host: "slot" })),
      /^nothing: the stack's output release names no host slot/,
    );
  });

  it("sends method, headers and body as the contract has them", async () => {
    answer = { status: 201 };
    await look({ method: "POST", status: [201], headers: { "Content-Type": "text/plain" }, body: "ä" });
    const [request] = server.received;
    assert.deepEqual(
      [request?.method, request?.body, request?.headers["content-type"]],
      ["POST", "ä", "text/plain"],
    );
  });
});

describe("secrets of a request", () => {
  before(async () => {
    server = await HttpServer.start(({ headers, body }) => ({
      status: 200,
      // A host that says back what it was told.
      body: { status: `${headers.authorization} ${headers["x-key"]} ${body}`, token: canary },
    }));
  });
  after(() => server.stop());

  it("reach the host, and no sample, even when the host says them back", async () => {
    server.received.length = 0;
    const sample = await look({
      method: "POST",
      tokenSecret: "test-token",
      secretHeaders: { "X-Key": "diagnostics-key" },
      secretFields: { password: "test-account-password" },
      json: [{ path: "status", operator: "equals", value: "fine" }],
    });
    const [request] = server.received;
    assert.equal(request?.headers.authorization, `Bearer ${canary}`);
    assert.equal(request?.headers["x-key"], canary);
    assert.deepEqual(JSON.parse(request?.body ?? ""), { password: canary });
    assert.match(said(sample), /^false: status is "Bearer \*\*\* \*\*\*/);
  });

  it("a service of Azure is asked with a token of Entra, of whoever runs the release", async () => {
    const asked: string[] = [];
    const of = surroundingsWith({
      fetchHttp: exchange,
      outside: {
        login: {
          token: async (scope: string) => {
            asked.push(scope);
            return canary;
          },
        },
      } as unknown as Surroundings["outside"],
    });
    server.received.length = 0;
    assert.match(said(await look({ signedInTo: "grafana" }, {}, asking(of))), /^true/);
    assert.deepEqual(asked, ["grafana"]);
    assert.equal(server.received[0]?.headers.authorization, `Bearer ${canary}`);
  });

  it("a token of another gate's answer is used; before that answer nothing is concluded", async () => {
    const remembered = new Map<string, unknown>();
    const check = { tokenFrom: { gate: "login-works", path: "token" } };
    assert.match(
      said(await look(check, { remembered })),
      /^nothing: the token comes from the answer to login-works/,
    );
    await httpProvider(asking()).look(
      checkGate(plain, { name: "login-works" }),
      contextAt(server.url, { remembered }),
    );
    server.received.length = 0;
    assert.match(said(await look(check, { remembered })), /^true/);
    assert.equal(server.received[0]?.headers.authorization, `Bearer ${canary}`);
  });

  it("a secret that cannot be read is nothing, with what to do", async () => {
    const of = asking(surroundings, async (name) => {
      throw new UserError(`the secret ${name} cannot be read`, { mend: "put it into the vault" });
    });
    assert.equal(
      said(await look({ tokenSecret: "test-token" }, {}, of)),
      "nothing: the secret test-token cannot be read; put it into the vault",
    );
  });

  it("are read from the vault by name, refusals without their text", async () => {
    const vault = { uri: "https://kv.vault.azure.net/" };
    const from = (status: number, body: object) =>
      surroundingsWith({
        fetchHttp: async ({ url, headers }) => {
          assert.equal(url.href, "https://kv.vault.azure.net/secrets/test-token?api-version=7.4");
          assert.equal(headers?.authorization, `Bearer ${canary}`);
          return { status, headers: {}, text: JSON.stringify(body) };
        },
      });
    assert.equal(await vaultSecret(from(200, { value: "v" }), vault, "test-token"), "v");
    const refusals: readonly (readonly [number, object, RegExp])[] = [
      [200, { value: "" }, /it is empty/],
      [404, { error: { code: "SecretNotFound" } }, /SecretNotFound \(404\)/],
      [403, { error: { code: "Forbidden", message: canary } }, /Forbidden \(403\)/],
      [503, {}, /status \(503\)/],
    ];
    for (const [status, body, expected] of refusals) {
      await assert.rejects(vaultSecret(from(status, body), vault, "test-token"), (error: UserError) => {
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message + error.mend, new RegExp(canary));
        return error.retriable === (status === 503);
      });
    }
  });
});

describe("what a smoke test wrote is removed", () => {
  const check: Partial<Check> = {
    method: "POST",
    path: "/api/items",
    status: [201],
    tokenSecret: "test-token",
    headers: { "Content-Type": "application/json" },
    cleanUp: { method: "DELETE", path: "/api/items/{id}", idPath: "id" },
  };
  let removal = 204;
  let id: unknown = "a/b";
  before(async () => {
    server = await HttpServer.start(({ method }) =>
      method === "DELETE" ? { status: removal } : { status: 201, body: { id } },
    );
  });
  after(() => server.stop());

  it("with the same login, by the id of the answer", async () => {
    server.received.length = 0;
    assert.equal(said(await look(check)), "true: status 201");
    const [, removed] = server.received;
    assert.deepEqual(
      [removed?.method, removed?.url, removed?.headers.authorization, removed?.headers["content-type"]],
      ["DELETE", "/api/items/a%2Fb", `Bearer ${canary}`, undefined],
    );
  });

  it("a failure to remove it is told with what is left", async () => {
    removal = 500;
    assert.match(
      said(await look(check)),
      /^true: status 201; a\/b was written and could not be removed \(DELETE .* 500\): remove it by hand/,
    );
    id = undefined;
    assert.match(said(await look(check)), /cannot be removed: the answer has no id/);
  });
});

describe("hosts that do not answer", () => {
  let open: Server;
  let sockets: Socket[] = [];
  let url = "";
  let behaviour: "hang" | "cut" = "hang";

  before(async () => {
    open = createServer();
    open.on("connection", (socket) => {
      sockets.push(socket);
      if (behaviour === "cut") socket.destroy();
    });
    await new Promise<void>((resolve) => open.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(open.address() as AddressInfo).port}`;
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await new Promise((resolve) => open.close(resolve));
  });

  const ask = (address: string, check: Partial<Check> = {}, seconds = 0.2, of = asking()) =>
    httpProvider(of).look(checkGate({ ...plain, ...check }, { timeoutSeconds: seconds }), contextAt(address));

  it("nothing listens: its users meet the same, so it has failed", async () => {
    assert.match(said(await ask("http://127.0.0.1:1")), /^false: 127\.0\.0\.1:1: nothing listens there/);
  });
  it("too slow: it has failed", async () => {
    behaviour = "hang";
    assert.match(said(await ask(url)), /^false: .* it does not answer in time/);
    assert.match(
      said(await ask(url, { protocol: "websocket", status: [101] })),
      /^false: .* it does not answer in time/,
    );
  });
  it("cut off: it has failed", async () => {
    behaviour = "cut";
    assert.match(said(await ask(url)), /^false: .* the connection was cut off/);
  });
  it("no TLS where it must be: it has failed", async () => {
    behaviour = "cut";
    assert.match(said(await ask(url.replace("http:", "https:"))), /^false: /);
  });
  it("a name that nobody can look up, no way there: that says nothing of the host", async () => {
    for (const code of ["ENOTFOUND", "EAI_AGAIN", "ENETUNREACH"]) {
      const of = surroundingsWith({
        fetchHttp: async () => {
          throw new UserError("away", { cause: Object.assign(new Error(code), { code }), retriable: true });
        },
      });
      assert.equal(said(await ask(url, {}, 0.2, asking(of))), "nothing: away");
    }
  });
  it("the front of dev that is not running says nothing of the hosts behind it", async () => {
    const of = surroundingsWith({
      environment: "dev",
      fetchHttp: async (request) => {
        try {
          return await exchange({ ...request, url: new URL("http://127.0.0.1:1/") });
        } catch (error) {
          throw new UserError("nothing listens there", { cause: error, retriable: true });
        }
      },
    });
    assert.match(said(await ask(url, {}, 0.2, asking(of))), /^nothing: nothing listens there/);
  });
  it("too slow an answer by the gate's own limit has failed, though its status is right", async () => {
    const slow = await HttpServer.start(() => ({ status: 200 }));
    const sample = await ask(slow.url, { atMostMilliseconds: 1e-6 }, 2);
    assert.match(said(sample), /^false: \d+ ms, and at most 0\.000001 are allowed/);
    await slow.stop();
  });
});

describe("protocols", () => {
  it("a WebSocket that opens is status 101; a host that does not upgrade is what it says", async () => {
    const upgrading = createServer();
    upgrading.on("upgrade", (request, socket) => {
      const ok = request.url === "/health";
      socket.end(
        ok
          ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
          : "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
      );
    });
    await new Promise<void>((resolve) => upgrading.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(upgrading.address() as AddressInfo).port}`;
    const ask = (path: string) =>
      httpProvider(asking()).look(
        checkGate({ ...plain, path, status: [101], protocol: "websocket" }),
        contextAt(url),
      );
    assert.equal(said(await ask("/health")), "true: status 101");
    assert.equal(said(await ask("/other")), "false: status 403, not 101");
    await new Promise((resolve) => upgrading.close(resolve));
  });

  it("a WebSocket that must stay open is held, its pings are answered, and one that is ended sooner has failed", async () => {
    const server = createServer();
    const heard: number[] = [];
    const sockets: Duplex[] = [];
    server.on("upgrade", (request, socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      socket.on("data", (data: Buffer) => heard.push(data[0]! & 0x0f));
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      // A message cut in two, then a ping with a payload.
      socket.write(Buffer.from([0x81, 0x02, 0x68]));
      setTimeout(() => socket.write(Buffer.from([0x69, 0x89, 0x01, 0x21])), 20);
      if (request.url === "/closed") setTimeout(() => socket.write(Buffer.from([0x88, 0x00])), 60);
      if (request.url === "/cut") setTimeout(() => socket.destroy(), 60);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask = (path: string) =>
      httpProvider(asking()).look(
        checkGate({ ...plain, path, status: [101], protocol: "websocket", staysOpenSeconds: 0.3 }),
        contextAt(url),
      );
    const began = performance.now();
    assert.equal(said(await ask("/open")), "true: status 101; it stayed open");
    assert.ok(performance.now() - began >= 290);
    const pong = 0xa;
    assert.ok(heard.includes(pong), heard.join());
    for (const path of ["/closed", "/cut"])
      assert.match(said(await ask(path)), /^false: it was ended after 0\.[01] s$/);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it("HTTP/2 is spoken where the contract wants it, and its absence is a failure", async () => {
    const h2 = createHttp2((request, response) => {
      response.statusCode = request.httpVersion === "2.0" ? 200 : 505;
      response.end();
    });
    await new Promise<void>((resolve) => h2.listen(0, "127.0.0.1", resolve));
    const url = new URL(`http://127.0.0.1:${(h2.address() as AddressInfo).port}/health`);
    assert.equal((await http2Exchange(surroundings, { method: "HEAD", url })).status, 200);
    await new Promise((resolve) => h2.close(resolve));

    const old = await HttpServer.start(() => ({ status: 200 }));
    const sample = await httpProvider(asking()).look(
      checkGate({ ...plain, protocol: "h2" }),
      contextAt(old.url),
    );
    assert.match(said(sample), /^false: .*does not speak HTTP\/2/);
    await old.stop();
  });
});
