import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runExecCredential } from "../../../release/clients/exec-credential";
import { accessByKubeconfig, accessByText } from "../../../release/clients/kubeconfig";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function config(changes: { cluster?: object; user?: object; context?: string } = {}): string {
  const name = changes.context ?? "switchyard-dev";
  return stringify({
    "current-context": name,
    clusters: [{ name, cluster: { server: "https://127.0.0.1:6443", ...changes.cluster } }],
    users: [{ name, user: changes.user ?? { token: "t" } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}

describe("a kubeconfig", () => {
  let folder: string;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-kubeconfig-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("gives address, authority and client certificate, from data in it or from files beside it", () => {
    file("ca.crt", "CA");
    file("tls.crt", "CERT");
    const text = config({
      cluster: { "certificate-authority": "ca.crt", "tls-server-name": "api" },
      user: { "client-certificate": "tls.crt", "client-key-data": base64("KEY") },
    });
    const path = file("with-files", text);
    assert.deepEqual(accessByKubeconfig(path), {
      source: `context switchyard-dev of ${path}`,
      server: "https://127.0.0.1:6443",
      ca: "CA",
      servername: "api",
      clientCertificate: "CERT",
      clientKey: "KEY",
    });
  });

  it("may be several files; what the first one says wins, and a context may be chosen", () => {
    const first = file("first", config({ user: { token: "first" } }));
    const second = file("second", config({ user: { token: "second" } }));
    const other = file("other", config({ context: "other", user: { token: "other" } }));
    const all = [first, second, other].join(":");
    assert.equal(accessByKubeconfig(all).token, "first");
    assert.equal(accessByKubeconfig(all, "other").token, "other");
  });

  it("that is missing, not set, no YAML or without the context is refused with what to do", () => {
    assert.throws(() => accessByKubeconfig(undefined), {
      message: /KUBECONFIG is not set/,
      mend: /switchyard cloud start/,
    });
    assert.throws(() => accessByKubeconfig(join(folder, "none")), /none cannot be read \(ENOENT\)/);
    assert.throws(() => accessByKubeconfig(file("broken", "a: [")), /is not YAML/);
    assert.throws(() => accessByKubeconfig(file("text", "hello")), /is not a kubeconfig/);
    assert.throws(
      () => accessByKubeconfig(file("one", config()), "production"),
      /has no context "production"; it has: switchyard-dev/,
    );
  });

  it("that does not verify the server, or logs in by password, is refused: nothing of it is left out silently", () => {
    const refused = (changes: Parameters<typeof config>[0]) => () => accessByText(config(changes), "it");
    assert.throws(refused({ cluster: { "insecure-skip-tls-verify": true } }), /could be anybody/);
    assert.throws(refused({ cluster: { "proxy-url": "http://p" } }), /proxy-url, which is not supported/);
    assert.throws(refused({ user: { username: "u", password: "p" } }), /username, password, which/);
    assert.throws(refused({ user: { "auth-provider": {} } }), /auth-provider/);
    assert.throws(refused({ cluster: { server: "nowhere" } }), /has no address/);
    assert.throws(refused({ cluster: { server: "http://10.0.0.4:8080" } }), /would go there in clear/);
    assert.throws(
      refused({ cluster: { server: "http://127.0.0.1.example.org" } }),
      /would go there in clear/,
    );
    for (const server of ["http://127.0.0.1:8001", "http://localhost:8001", "http://[::1]:8001"])
      assert.equal(accessByText(config({ cluster: { server } }), "it").server, server);
  });

  describe("with a command that logs in", () => {
    const script = (name: string, text: string) => {
      const path = file(name, `process.stdout.write(${text})`);
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: process.execPath,
        args: [path],
        env: [{ name: "TRY", value: "t-1" }],
      };
      return accessByText(config({ user: { exec } }), "it").exec!;
    };

    it("takes the token that it prints, and gives it its environment", async () => {
      const exec = script(
        "good.cjs",
        "JSON.stringify({status:{token: process.env.TRY + JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind}})",
      );
      assert.equal((await runExecCredential(exec)).token, "t-1ExecCredential");
    });

    it("says so when it prints something else, fails, or is not there; what it printed is not repeated", async () => {
      await assert.rejects(runExecCredential(script("bad.cjs", '"secret-text"')), (error: Error) => {
        assert.match(error.message, /printed no ExecCredential/);
        assert.doesNotMatch(error.message, /secret-text/);
        return true;
      });
      const failing = {
        ...script("fail.cjs", '""'),
        arguments: ["-e", "console.error('AADSTS70043');process.exit(1)"],
      };
      await assert.rejects(runExecCredential(failing), { message: /failed: AADSTS70043/, mend: /az login/ });
      const missing = { ...failing, command: "kubelogin-that-is-not-there", installHint: "see its page" };
      await assert.rejects(runExecCredential(missing), { message: /is not on PATH/, mend: "see its page" });
    });
  });
});
