import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer as createPlainServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import type { Asking } from "../../../release/gates/asking";
import { certificateProvider } from "../../../release/gates/certificate";
import { checkGate, contextAt, surroundingsWith } from "../support/gates";

/** What is real: servers with TLS and their certificates. What is faked: Azure on dev. */

describe("certificates of hosts", () => {
  let folder = "";
  let material: { key: string; cert: string };
  const servers: Server[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-certificate-"));
    const [key, cert] = [join(folder, "key"), join(folder, "cert")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "30"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    material = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    return (server.address() as AddressInfo).port;
  }
  const tls = (options: TlsOptions = {}) =>
    listening(createServer({ ...material, ...options }, (socket) => socket.end()));

  async function outcome(
    port: number,
    { host = "localhost", trusted = true, minimumDays = 14, minimumTls = "1.2" as "1.2" | "1.3" } = {},
  ): Promise<string> {
    const asking = { surroundings: surroundingsWith({}) } as unknown as Asking;
    const provider = certificateProvider(asking, trusted ? { ca: material.cert } : {});
    const check = { provider: "certificate" as const, hosts: ["api"], minimumDays, minimumTls };
    const gate = checkGate(check, { timeoutSeconds: 1 });
    const sample = await provider.look(gate, contextAt(`https://${host}:${port}`));
    if (sample.kind === "nothing") return `nothing: ${sample.why}`;
    assert.ok(sample.kind === "answer");
    return `${sample.holds}: ${sample.seen}`;
  }

  it("that last long enough, and nothing below TLS 1.2, hold", async () => {
    assert.match(
      await outcome(await tls()),
      /^true: localhost until \d{4}-\d\d-\d\d, (29|30) days, TLSv1.3 and nothing below 1.2/,
    );
  });

  it("that end too early do not", async () => {
    assert.match(await outcome(await tls(), { minimumDays: 60 }), /^false: .* days, and 60 are wanted/);
  });

  it("that nobody here trusts, or of another host, do not", async () => {
    assert.match(
      await outcome(await tls(), { trusted: false }),
      /^false: localhost: its certificate is not to be trusted/,
    );
    assert.match(
      await outcome(await tls(), { host: "127.0.0.1" }),
      /^false: .*not to be trusted \(ERR_TLS_CERT_ALTNAME/,
    );
  });

  it("of a host that accepts an older version do not", async () => {
    const old = await tls({ minVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" });
    assert.match(await outcome(old), /^false: localhost accepts TLSv1.1/);
    assert.match(await outcome(await tls(), { minimumTls: "1.3" }), /^false: localhost accepts TLSv1.2/);
    assert.match(await outcome(await tls({ minVersion: "TLSv1.3" }), { minimumTls: "1.3" }), /^true/);
  });

  it("of a host that speaks no TLS, or that is away, do not: its users meet the same", async () => {
    const plain = await listening(
      createPlainServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    assert.match(await outcome(plain), /^(false: localhost: |nothing: no handshake)/);
    const port = await tls();
    await new Promise((resolve) => servers.at(-1)!.close(resolve));
    assert.match(await outcome(port), /^false: localhost: nothing listens there/);
  });

  it("of a host that answers nothing are nothing when the time is over", async () => {
    const port = await listening(createPlainServer(() => {}));
    assert.match(await outcome(port), /^nothing: no answer within 1 s/);
  });

  it("of a name that is not known here are nothing", async () => {
    assert.match(
      await outcome(443, { host: "switchyard-none.invalid" }),
      /^nothing: no handshake with .* from here/,
    );
  });

  describe("on dev", () => {
    const look = async (collection: () => Promise<unknown>) => {
      const surroundings = surroundingsWith({ environment: "dev", arm: () => ({ collection }) as never });
      const provider = certificateProvider({ surroundings } as unknown as Asking);
      const gate = checkGate({ provider: "certificate", hosts: ["api"], minimumDays: 14 });
      const sample = await provider.look(gate, contextAt("https://api.example"));
      if (sample.kind === "nothing") return `nothing: ${sample.why}`;
      assert.ok(sample.kind === "answer");
      return `${sample.holds}: ${sample.seen}`;
    };
    const certificate = (days: number) => ({
      properties: {
        canonicalName: "api.example",
        expirationDate: new Date(Date.now() + days * 86_400_000).toISOString(),
      },
    });

    it("are those that the stack declares, and what is seen says so", async () => {
      assert.match(
        await look(async () => [certificate(100)]),
        /^true: .*as declared: on dev no TLS is served/,
      );
      assert.match(await look(async () => [certificate(3)]), /^false: .*14 are wanted/);
    });

    it("are nothing where none is declared, or its end is not known", async () => {
      assert.match(await look(async () => []), /^nothing: on dev api.example is served without TLS/);
      assert.match(await look(async () => [{ properties: { canonicalName: "api.example" } }]), /^nothing: /);
    });
  });
});
