import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseExpired } from "../../../release/clients/accesses";
import { ArmReader } from "../../../release/clients/arm";
import { AzureLogin } from "../../../release/clients/azure-login";
import { KubernetesClient } from "../../../release/clients/kubernetes";
import { readLease } from "../../../release/clients/lease-store";
import { type Answer, HttpServer } from "../support/http-server";
import { slotsTarget } from "../support/targets";

const nobody = new AzureLogin({});
const statusOf = (status: number, reason: string, message: string, details = {}): Answer => ({
  status,
  body: { kind: "Status", status: "Failure", reason, message, details },
});

describe("an API server that says no", () => {
  let answer: Answer;
  let server: HttpServer;
  let client: KubernetesClient;
  const services = "/api/v1/namespaces/shop/services";

  before(async () => {
    server = await HttpServer.start(() => answer);
    client = new KubernetesClient({
      source: "context try of kubeconfig",
      server: server.url,
      token: "canary-token",
    });
  });
  after(() => server.stop());

  it("is told apart: an object that is not there is no failure", async () => {
    answer = statusOf(404, "NotFound", 'services "web" not found', { kind: "services" });
    assert.equal(await client.find(`${services}/web`), undefined);
    await client.delete(`${services}/web`);
  });

  it("for a kind that it does not have names the missing CRD", async () => {
    answer = { status: 404, text: "404 page not found" };
    const path = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/shop";
    await assert.rejects(client.find(path), {
      message: "the cluster has no gateway.networking.k8s.io/v1: a CRD is missing",
      mend: /CRDs of the Gateway API/,
    });
  });

  it("for a namespace that is missing says that it must be there first", async () => {
    answer = statusOf(404, "NotFound", 'namespaces "shop" not found', { kind: "namespaces" });
    await assert.rejects(client.create(services, {}, "m"), {
      message: /namespaces "shop" not found/,
      mend: /let the track depend on it/,
    });
  });

  it("for lack of rights says which right is missing", async () => {
    answer = statusOf(
      403,
      "Forbidden",
      'services "web" is forbidden: User "dev" cannot get resource "services"',
    );
    await assert.rejects(client.find(`${services}/web`), {
      message: /forbids GET \/api\/v1\/namespaces\/shop\/services\/web: .* cannot get resource "services"/,
      mend: /RoleBinding/,
    });
  });

  it("for credentials that it does not know says whose they are; the token is in no message", async () => {
    answer = statusOf(401, "Unauthorized", "Unauthorized");
    await assert.rejects(client.find(`${services}/web`), (error: Error) => {
      assert.match(
        error.message,
        /does not know who asks \(401\): the credentials in context try of kubeconfig/,
      );
      assert.doesNotMatch(JSON.stringify(error) + error.stack, /canary-token/);
      return true;
    });
    assert.equal(server.received.at(-1)!.headers.authorization, "Bearer canary-token");
  });

  it("because it is busy is asked again, a write is not", async () => {
    answer = { status: 503, body: {} };
    const count = async (work: Promise<unknown>) => {
      const before = server.received.length;
      await assert.rejects(work, /status 503/);
      return server.received.length - before;
    };
    assert.equal(await count(client.find(`${services}/web`)), 3);
    assert.equal(await count(client.patch(`${services}/web`, {}, "m")), 1);
  });
});

describe("a cluster that cannot be reached", () => {
  it("is named with its address, the kubeconfig and the reason", async () => {
    const server = await HttpServer.start(() => ({ status: 200 }));
    await server.stop();
    const client = new KubernetesClient({ source: "context try of kubeconfig", server: server.url });
    await assert.rejects(client.find("/api"), {
      name: "UserError",
      message: `the cluster at ${server.url} (context try of kubeconfig) cannot be reached: nothing listens there (ECONNREFUSED)`,
      mend: /switchyard cloud start/,
    });
  });

  it("over TLS with a certificate of nobody says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-tls-"));
    try {
      const [key, cert] = [join(folder, "k"), join(folder, "c")];
      execFileSync(
        "openssl",
        [
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-subj",
          "/CN=x",
          "-days",
          "1",
          "-keyout",
          key,
          "-out",
          cert,
        ],
        { stdio: "ignore" },
      );
      const { createServer } = await import("node:https");
      const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      const client = new KubernetesClient({ source: "it", server: `https://127.0.0.1:${port}` });
      await assert.rejects(client.find("/api"), /certificate is signed by nobody that is trusted here/);
      server.close();
      const text = readFileSync(cert, "utf8");
      refuseExpired(text, "it", new Date());
      assert.throws(
        () => refuseExpired(text, "context try of kubeconfig", new Date(Date.now() + 2 * 86_400_000)),
        {
          message: /client certificate in context try of kubeconfig has expired \(20/,
          mend: /switchyard cloud stop/,
        },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the local cloud, asked for a site", () => {
  let stateDir: string;
  let server: HttpServer;
  let answer: Answer = { status: 200, body: {} };
  let answers = () => answer;
  const arm = () => new ArmReader(nobody, stateDir);
  const endpoint = (value: object) =>
    writeFileSync(join(stateDir, "cloud", "endpoint.json"), JSON.stringify(value));

  before(async () => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-state-"));
    mkdirSync(join(stateDir, "cloud"));
    server = await HttpServer.start(() => answers());
  });
  after(async () => {
    await server.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("is not running when there is no endpoint file", async () => {
    await assert.rejects(arm().get(slotsTarget.siteId, "v"), {
      message: /local cloud is not running/,
      mend: /switchyard cloud start/,
    });
  });

  it("is asked with the token of its file; nothing there is no failure", async () => {
    endpoint({ url: server.url, token: "canary" });
    answer = { status: 200, body: { name: "x" } };
    assert.deepEqual(await arm().get(slotsTarget.siteId, "v"), { name: "x" });
    assert.equal(server.received.at(-1)!.headers.authorization, "Bearer canary");
    answer = { status: 404, body: { error: { code: "ResourceNotFound", message: "gone" } } };
    assert.equal(await arm().get(slotsTarget.siteId, "v"), undefined);
  });

  it("of a list gives all of it or fails: a part would be taken for the whole", async () => {
    endpoint({ url: server.url, token: "canary" });
    const list = () => arm().collection(slotsTarget.siteId, "v");
    const pages: Answer[] = [
      { status: 200, body: { value: [{ name: "one" }], nextLink: `${server.url}/next` } },
      { status: 200, body: { value: [{ name: "two" }] } },
    ];
    const whole = pages.slice();
    answers = () => whole.shift()!;
    assert.deepEqual(await list(), [{ name: "one" }, { name: "two" }]);
    for (const page of [
      { status: 404, body: { error: { code: "NotFound" } } },
      { status: 200, body: { message: "try again" } },
    ]) {
      const part = [pages[0]!, page];
      answers = () => part.shift()!;
      await assert.rejects(list(), { message: /without the list that was asked for/, retriable: true });
      answers = () => page;
      if (page.status === 200) await assert.rejects(list(), /without the list that was asked for/);
    }
    answers = () => answer;
  });

  it("whose token is refused was restarted, or is somebody else", async () => {
    endpoint({ url: server.url, token: "canary" });
    answer = { status: 401, body: {} };
    await assert.rejects(arm().get(slotsTarget.siteId, "v"), (error: Error) => {
      assert.match(error.message, /does not accept the token of its endpoint file \(401\)/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });

  it("that has died leaves a stale endpoint file", async () => {
    const dead = await HttpServer.start(() => ({ status: 200 }));
    await dead.stop();
    endpoint({ url: dead.url, token: "t" });
    await assert.rejects(arm().get(slotsTarget.siteId, "v"), /ECONNREFUSED\); its endpoint file is stale/);
  });

  it("is never looked for on another machine", async () => {
    endpoint({ url: "http://192.0.2.1:80", token: "t" });
    await assert.rejects(arm().get(slotsTarget.siteId, "v"), /refused: .* is not this machine/);
  });

  it("whose file is broken is refused", async () => {
    writeFileSync(join(stateDir, "cloud", "endpoint.json"), "{");
    await assert.rejects(arm().get(slotsTarget.siteId, "v"), /names no endpoint/);
  });
});

describe("the lease of a system", () => {
  const lease = { release: "shop-8", holder: "ana", expiresAt: "2026-11-21T13:00:00Z" };

  it("stands in the local state, where there is none unless a release wrote it", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "switchyard-lease-"));
    try {
      assert.equal(await readLease("shop", { stack: "dev", stateDir }, nobody), undefined);
      mkdirSync(join(stateDir, "releases", "shop"), { recursive: true });
      writeFileSync(join(stateDir, "releases", "shop", "lease.json"), JSON.stringify(lease));
      assert.deepEqual(await readLease("shop", { stack: "dev", stateDir }, nobody), lease);
      assert.equal(await readLease("bank", { stack: "dev", stateDir }, nobody), undefined);
    } finally {
      rmSync(stateDir, { recursive: true, force: true });
    }
  });

  it("is nowhere outside dev without a container of the journals, which is not taken for none", async () => {
    for (const stack of ["staging", "production", "production-blue", ""])
      await assert.rejects(async () => readLease("shop", { stack, stateDir: tmpdir() }, nobody), {
        message:
          /whether a release of shop is running cannot be told: .* does not say where its journals are/,
        mend: /switchyard:journal/,
      });
  });

  it("stands in the container of the journals where there is one; that it cannot be read is not taken for none", async () => {
    let answer: Answer = { status: 404, text: "<Error/>" };
    const server = await HttpServer.start(() => answer);
    const login = { token: async () => "canary" } as unknown as AzureLogin;
    const read = () => readLease("shop", { stack: "production", journal: `${server.url}/releases` }, login);
    try {
      assert.equal(await read(), undefined);
      assert.equal(server.received.at(-1)!.url, "/releases/shop/lease.json");
      answer = { status: 200, body: lease };
      assert.deepEqual(await read(), lease);
      answer = { status: 404, text: "<Error><Code>BlobNotFound</Code></Error>" };
      assert.equal(await read(), undefined);
      answer = { status: 404, text: "<Error><Code>ContainerNotFound</Code></Error>" };
      await assert.rejects(
        async () => read(),
        /whether a release of shop is running cannot be told: .*ContainerNotFound/,
      );
      answer = { status: 403, text: "<Error/>" };
      await assert.rejects(async () => read(), {
        message: /whether a release of shop is running cannot be told: .*: status 403/,
        mend: /Storage Blob Data Reader/,
      });
    } finally {
      await server.stop();
    }
    await assert.rejects(async () => read(), /cannot be told: .* nothing listens there/);
  });
});
