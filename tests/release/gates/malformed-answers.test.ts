import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connectionFailure } from "../../../release/clients/connection-failure";
import { type Surroundings, surroundingsOf } from "../../../release/clients/surroundings";
import { httpProvider } from "../../../release/gates/http";
import { Prober } from "../../../release/gates/prober";
import { isFailed } from "../../../release/gates/probes";
import { checkGate, contextAt } from "../support/gates";

/** What is faked: a host that answers what is no HTTP, as a candidate does that fails in the middle of an answer. */

const answers: Readonly<Record<string, string>> = {
  HPE_INVALID_CONSTANT: "core dumped\r\n\r\n",
  HPE_INVALID_CHUNK_SIZE: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfatal\r\n",
  HPE_HEADER_OVERFLOW: `HTTP/1.1 200 OK\r\nSet-Cookie: ${"a".repeat(40_000)}\r\n\r\n`,
  HPE_UNEXPECTED_CONTENT_LENGTH: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n..",
};

describe("a host whose answers are no HTTP", () => {
  let server: Server;
  let answer = "";
  let url = "";
  const surroundings: Surroundings = surroundingsOf("staging", {});

  before(async () => {
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  for (const [code, text] of Object.entries(answers)) {
    it(`has failed whoever asks, and does not end the release (${code})`, async () => {
      answer = text;
      const gate = checkGate({ provider: "http", host: "api", method: "GET", path: "/", status: [200] });
      const sample = await httpProvider({ surroundings, secret: async () => "" }).look(gate, contextAt(url));
      assert.ok(sample.kind === "answer", JSON.stringify(sample));
      assert.equal(sample.holds, false);
      assert.match(sample.seen, new RegExp(`what it answers is no HTTP \\(${code}\\)`));
    });
  }

  it("is a failed request of the release's own", async () => {
    answer = answers.HPE_INVALID_CONSTANT!;
    const prober = new Prober(surroundings);
    const context = contextAt(url);
    const seen = () => prober.seen(new URL(url), 50, 60_000, context);
    try {
      while (seen().length === 0) await sleep(20);
      assert.deepEqual(new Set(seen().map(isFailed)), new Set([true]));
    } finally {
      await prober.close();
    }
  });

  it("what a handshake is found at fault for has many names, a bug has none", () => {
    const of = (code: string) => connectionFailure(Object.assign(new Error(code), { code }));
    assert.match(of("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR")!, /no TLS connection comes about/);
    assert.match(of("UNABLE_TO_GET_ISSUER_CERT")!, /certificate is not to be trusted/);
    assert.match(of("CERT_HAS_EXPIRED")!, /has expired/);
    for (const code of ["EADDRNOTAVAIL", "ENETDOWN", "EMFILE"])
      assert.match(of(code)!, /^this (machine|process)/);
    for (const code of ["ERR_INVALID_ARG_TYPE", "ENOENT", "HPE"]) assert.equal(of(code), undefined);
  });
});
