import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get as httpsGet } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { ApiError } from "../../../local/cluster/api-client";
import {
  type ClusterEndpoint,
  clusterStatus,
  resetCluster,
  stopCluster,
} from "../../../local/cluster/daemon";
import { readAccess } from "../../../local/cluster/kubeconfig";
import { clusterFiles } from "../../../local/cluster/paths";
import { lives } from "../../../local/daemon/end-process";
import type { UserError } from "../../../local/user-error";
import { until } from "../../support/until";
import { deployment, gone, paths, rollOut, TestCluster } from "./support";

/** What these tests do not show: behaviour on macOS, and a disk that is full (it needs a file system of its own). */
describe("local cluster as processes", function () {
  this.timeout(180_000);
  const cluster = new TestCluster();
  let endpoint: ClusterEndpoint;
  before(async () => {
    endpoint = await cluster.start();
    console.log(`      ready after ${endpoint.readyMilliseconds} ms`);
  });
  after(() => cluster.remove());

  it("is the same for every start that follows, and for two at once", async () => {
    const [one, two] = await Promise.all([cluster.start(), cluster.start()]);
    assert.deepEqual([one.pid, two.pid], [endpoint.pid, endpoint.pid]);
  });

  it("runs five processes and says how much memory each takes", async () => {
    const status = await clusterStatus(cluster);
    assert.ok(status?.running && status.answers);
    assert.deepEqual(
      status.parts.map(({ name, running }) => [name, running]),
      ["supervisor", "etcd", "kube-apiserver", "kube-controller-manager", "kubelet"].map((name) => [
        name,
        true,
      ]),
    );
    for (const { name, residentBytes } of status.parts) {
      console.log(`      ${name}: ${Math.round((residentBytes ?? 0) / 2 ** 20)} MB`);
    }
    assert.ok(status.residentBytes > 100e6 && status.residentBytes < 1.1e9, `${status.residentBytes} bytes`);
  });

  it("keeps everything from other users, and no secret on a command line", () => {
    const files = clusterFiles(cluster.stateDir);
    assert.equal(statSync(files.folder).mode & 0o777, 0o700);
    for (const file of [files.kubeconfig, files.endpoint, files.kubelet, files.parts]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
    const { token } = JSON.parse(readFileSync(files.kubelet, "utf8")) as { token: string };
    const argv = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    assert.ok(!argv.includes(token) && !argv.includes("PRIVATE KEY"));
  });

  it("answers nobody without a certificate, and no user of the API may reach etcd", async () => {
    const { ca, certificate, key, server } = readAccess(endpoint.kubeconfig);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpsGet(`${server}/livez`, { ca }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once("error", reject);
    });
    assert.equal(status, 401);
    const { etcd } = JSON.parse(readFileSync(clusterFiles(cluster.stateDir).ports, "utf8")) as {
      etcd: number;
    };
    const refusal = await new Promise<string>((resolve) => {
      const options = { host: "127.0.0.1", port: etcd, cert: certificate, key, rejectUnauthorized: false };
      const socket = tlsConnect(options, () => socket.write("GET / HTTP/1.1\r\n\r\n"));
      socket.on("data", (data) => resolve(`answered ${data.toString()}`));
      socket.on("error", (error) => resolve(error.message));
      socket.on("close", () => resolve("closed"));
    });
    assert.match(refusal, /alert|closed|certificate|unknown ca/i);
    assert.doesNotMatch(refusal, /^answered/);
  });

  it("holds users to their roles", async () => {
    const api = cluster.api();
    const attributes = { verb: "get", resource: "secrets", namespace: "kube-system" };
    const review = async (user: string) => {
      const body = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: { user, resourceAttributes: attributes },
      };
      const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
      return (await api.call<{ status: { allowed: boolean } }>("POST", path, { body })).status.allowed;
    };
    assert.equal(await review("system:node:switchyard-local"), false, "the kubelet needs no secret");
    assert.equal(await review("somebody"), false);
  });

  it("knows the definitions that the program uses", async () => {
    const api = cluster.api();
    for (const path of [
      "/apis/gateway.networking.k8s.io/v1/httproutes",
      "/apis/cert-manager.io/v1/certificates",
      "/apis/secrets-store.csi.x-k8s.io/v1/secretproviderclasses",
      "/apis/azmonitoring.coreos.com/v1/podmonitors",
    ]) {
      assert.deepEqual((await api.call<{ items: unknown[] }>("GET", path)).items, [], path);
    }
    const wrong = {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "r" },
      spec: { hostnames: ["_"] },
    };
    await assert.rejects(
      api.apply("/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/r", wrong),
      (error: unknown) => error instanceof ApiError && error.reason === "Invalid",
    );
  });

  for (const name of ["kube-controller-manager", "kubelet", "etcd", "kube-apiserver"] as const) {
    it(`kill -9 of ${name}: it is started again and the cluster goes on where it was`, async () => {
      const api = cluster.api();
      await rollOut(api, deployment(`before-${name}`, 1));
      const before = cluster.part(name)!;
      process.kill(before.pid, "SIGKILL");
      const again = await until(`${name} runs again`, () => {
        const record = cluster.part(name);
        return record !== undefined && record.pid !== before.pid && lives(record) && record;
      });
      assert.equal(again.restarts, before.restarts + 1);
      await until("pods are made as before", async () => {
        await rollOut(cluster.api(), deployment(`after-${name}`, 1));
        return true;
      });
      assert.ok(lives(endpoint), "the supervisor is the same");
    });
  }

  it("kill -9 of the supervisor: the next start replaces what it left, and data and address stay", async () => {
    const api = cluster.api();
    await api.apply("/api/v1/namespaces/kept", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "kept" },
    });
    const left = ["etcd", "kube-apiserver", "kube-controller-manager", "kubelet"] as const;
    const records = left.map((name) => cluster.part(name)!);
    process.kill(endpoint.pid, "SIGKILL");
    await until("the supervisor is dead", () => !lives(endpoint));
    const before = endpoint;
    endpoint = await cluster.start();
    console.log(`      ready again after ${endpoint.readyMilliseconds} ms`);
    assert.match(cluster.notices.join(), /supervisor of the local cluster was killed and left etcd/);
    assert.notEqual(endpoint.pid, before.pid);
    assert.equal(endpoint.server, before.server);
    for (const record of records) assert.ok(!lives(record), record.name);
    await cluster.api().call("GET", "/api/v1/namespaces/kept");
  });

  it("one whose certificates end soon is started anew with new ones", async () => {
    const { endpoint: file } = clusterFiles(cluster.stateDir);
    const soon = new Date(Date.now() + 3600 * 1000).toISOString();
    writeFileSync(file, JSON.stringify({ ...endpoint, certificatesExpireAt: soon }));
    const before = endpoint;
    endpoint = await cluster.start();
    assert.notEqual(endpoint.pid, before.pid);
    assert.ok(Date.parse(endpoint.certificatesExpireAt) > Date.now() + 300 * 24 * 3600 * 1000);
    await cluster.api().call("GET", "/readyz");
  });

  it("stop: nothing of it runs any more, and the next start has the same data and port", async () => {
    await cluster
      .api()
      .apply("/api/v1/namespaces/kept", { apiVersion: "v1", kind: "Namespace", metadata: { name: "kept" } });
    const records = (["etcd", "kube-apiserver", "kube-controller-manager", "kubelet"] as const).map(
      (name) => cluster.part(name)!,
    );
    assert.equal(await stopCluster(cluster), true);
    for (const record of [endpoint, ...records]) assert.ok(!lives(record));
    assert.equal(await stopCluster(cluster), false);
    assert.equal((await clusterStatus(cluster))?.running, false);
    const before = endpoint;
    endpoint = await cluster.start();
    assert.equal(endpoint.server, before.server);
    await cluster.api().call("GET", "/api/v1/namespaces/kept");
  });

  it("a port that the user asks for and that is taken is said so, with the way out", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as AddressInfo;
    await stopCluster(cluster);
    try {
      await assert.rejects(cluster.start({ apiPort: port }), (error: UserError) => {
        assert.match(error.message, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`));
        assert.match(error.mend ?? "", /--cluster-port/);
        return true;
      });
    } finally {
      blocker.close();
    }
  });

  it("a binary that is missing is named, and nothing is left running", async () => {
    await assert.rejects(
      cluster.start({
        binaries: { etcd: "/none/etcd", kubeApiserver: "/none/a", kubeControllerManager: "/none/c" },
      }),
      (error: UserError) => /cannot be started|ENOENT|does not stay up/.test(error.message),
    );
    assert.equal((await clusterStatus(cluster))?.residentBytes, 0);
  });

  it("reset: everything is gone, and a start gives an empty one", async () => {
    await resetCluster(cluster);
    assert.equal(existsSync(clusterFiles(cluster.stateDir).folder), false);
    endpoint = await cluster.start();
    assert.ok(await gone(cluster.api(), "/api/v1/namespaces/kept"));
    assert.equal((await cluster.api().call<{ items: unknown[] }>("GET", paths.pods)).items.length, 0);
  });

  it("ends by itself when its state folder is removed", async () => {
    const records = [
      endpoint,
      cluster.part("etcd")!,
      cluster.part("kube-apiserver")!,
      cluster.part("kubelet")!,
    ];
    rmSync(clusterFiles(cluster.stateDir).folder, { recursive: true });
    await until("all its processes are gone", () => !records.some(lives));
  });
});
