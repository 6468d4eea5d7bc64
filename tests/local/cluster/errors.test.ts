import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError } from "../../../local/cluster/api-client";
import { clusterFiles } from "../../../local/cluster/paths";
import { databaseFull, requireDatabaseRoom, startFailure } from "../../../local/cluster/start-failure";
import { clusterStatus } from "../../../local/cluster/status";
import { untilItWorks } from "../../../local/cluster/supervisor";
import { clusterError, requireUserCluster } from "../../../local/cluster/user-cluster";
import { processStart } from "../../../local/daemon/process-identity";

describe("why a part of the local cluster does not stay up", () => {
  const logs: [string, string, string][] = [
    ["a full disk", "DISK_FULL", "panic: write /s/member/wal/0.tmp: no space left on device"],
    ["a taken port", "EADDRINUSE", "listen tcp 127.0.0.1:2379: bind: address already in use"],
    ["etcd's quota", "DATABASE_FULL", "etcdserver: mvcc: database space exceeded"],
    ["damaged data", "DAMAGED", '{"level":"fatal","msg":"failed to open WAL","error":"walpb: crc mismatch"}'],
    ["a file that may not be read", "EACCES", "open /s/etcd/member: permission denied"],
  ];
  for (const [what, code, log] of logs) {
    it(`is read from its log: ${what}`, () =>
      assert.equal(startFailure("etcd", `I0101 started\n${log}\n`)?.code, code));
  }

  it("names the port", () => {
    assert.match(startFailure("etcd", logs[1]![2])?.message ?? "", /etcd cannot listen: port 2379/);
  });

  it("is not made up where the log does not say", () => {
    assert.equal(startFailure("kube-apiserver", "E0101 something else happened"), undefined);
  });
});

describe("etcd at its quota", () => {
  const refused = new ApiError(500, "InternalError", "etcdserver: mvcc: database space exceeded");

  it("ends a start at the first write that is refused: etcd itself goes on", async () => {
    const failed = untilItWorks(
      "rights are granted",
      () => Promise.reject(refused),
      () => {},
    );
    await assert.rejects(failed, { name: "StartFailed", reason: databaseFull(refused.message) });
  });

  it("is why an update failed, and what helps is said", () => {
    const texts = ["update failed", `creating Service: ${refused.message}`];
    assert.throws(() => requireDatabaseRoom(texts), { mend: /cloud reset --force/ });
    requireDatabaseRoom(["update failed"]);
  });
});

describe("the status of a cluster that runs", () => {
  it("is given when its kubeconfig is gone", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "switchyard-status-"));
    try {
      const files = clusterFiles(stateDir);
      mkdirSync(files.folder, { recursive: true });
      const kubeconfig = join(files.folder, "gone");
      const endpoint = {
        pid: process.pid,
        processStart: processStart(process.pid),
        server: "https://x",
        kubeconfig,
      };
      writeFileSync(files.endpoint, JSON.stringify(endpoint));
      const status = await clusterStatus({ stateDir });
      assert.deepEqual([status?.running, status?.answers], [true, false]);
    } finally {
      rmSync(stateDir, { recursive: true });
    }
  });
});

describe("a cluster of the user's own that cannot be used", () => {
  const answers: [string, RegExp, RegExp][] = [
    [
      "The connection to the server 127.0.0.1:1 was refused",
      /no cluster can be reached/,
      /start that cluster/,
    ],
    [
      "Unable to connect: tls: failed: x509: certificate has expired or is not yet valid",
      /has expired/,
      /new kubeconfig/,
    ],
    [
      'Error from server (Forbidden): forbidden: User "u" cannot get path "/readyz"',
      /is forbidden/,
      /more rights/,
    ],
    [
      "error: You must be logged in to the server (Unauthorized)",
      /does not accept the login/,
      /log in again/,
    ],
    ["x509: certificate signed by unknown authority", /does not trust/, /new kubeconfig/],
    ['error: context "x" does not exist', /no kubeconfig with a usable current context/, /config view/],
    [
      "Error in configuration: context was not found for specified context: gone",
      /no kubeconfig with a usable current context/,
      /config view/,
    ],
  ];
  for (const [stderr, message, mend] of answers) {
    it(`is explained: ${stderr.slice(0, 60)}`, () => {
      const error = clusterError("/k", stderr);
      assert.match(error.message, message);
      assert.match(error.mend ?? "", mend);
    });
  }

  it("is explained when it does not answer in time", () => {
    assert.match(clusterError("/k", "", true).message, /no answer within 15 s/);
  });

  it("is refused at once when the file is not there", async () => {
    const options = { kubeconfig: "/nowhere/none", kubectl: "/none", env: {} };
    await assert.rejects(requireUserCluster(options), /kubeconfig \/nowhere\/none cannot be read/);
  });
});
