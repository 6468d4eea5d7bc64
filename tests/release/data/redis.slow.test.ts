/** The question to a cache as infra declares it, against a real Redis, in clear and over TLS. */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { redisQuestion } from "../../../infra/kubernetes/scripts/redis";
import { freePort } from "../../../local/daemon/free-port";
import { compareAll } from "../../../release/gates/comparison";
import { programAt, stopServer, TaskFolder, untilWorks } from "./support/task-folder";

const run = promisify(execFile);
/** A key as Azure makes them, with all that an address must write otherwise. */
const key = "a+b/c+d/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee=";

describe("release/data: the question to a cache, on a real Redis", function () {
  this.timeout(60_000);
  let folder: TaskFolder;
  /** Its name holds what JSON writes otherwise. */
  let settingsFile: string;
  let server: ChildProcess | undefined;
  let port: number;
  let tlsPort: number;

  before(async function () {
    const missing = ["redis-server", "redis-cli"].filter((name) => programAt(name) === undefined);
    if (missing.length > 0) {
      console.log(`      skipped: no ${missing.join(", ")} on this machine (apt-get install redis-server)`);
      this.skip();
    }
    folder = new TaskFolder("redis");
    port = await freePort();
    tlsPort = await freePort([port]);
    await writeCertificate(folder.path);
    // The key stands in a file of the folder: a command line can be read by everybody.
    const settings = [
      `port ${port}`,
      `tls-port ${tlsPort}`,
      "bind 127.0.0.1",
      `requirepass "${key}"`,
      'save ""',
      `dir ${folder.path}`,
      `tls-cert-file ${join(folder.path, "server.pem")}`,
      `tls-key-file ${join(folder.path, "server.key")}`,
      "tls-auth-clients no",
    ];
    settingsFile = join(folder.path, 'redis "1" \\ .conf');
    writeFileSync(settingsFile, `${settings.join("\n")}\n`, { mode: 0o600 });
    server = spawn(programAt("redis-server")!, [settingsFile], { stdio: "ignore" });
    await untilWorks(async () => assert.equal(await ask("PING"), "PONG"));
  });

  after(async () => {
    await stopServer(server, "SIGTERM");
    folder?.remove();
  });

  const address = (password: string, scheme = "redis", at = port) =>
    `${scheme}://:${encodeURIComponent(password)}@127.0.0.1:${at}`;

  async function ask(question: string, url = address(key), more: Record<string, string> = {}) {
    const environment = { PATH: process.env.PATH ?? "", REDIS_URL: url, QUESTION: question, ...more };
    return JSON.parse(await folder.run(redisQuestion, "ask-1", environment)) as unknown;
  }

  async function command(...argv: string[]): Promise<void> {
    await run(programAt("redis-cli")!, ["-p", String(port), ...argv], {
      env: { PATH: process.env.PATH, REDISCLI_AUTH: key },
    });
  }

  it("says how many entries there are, so that a gate can ask for one", async () => {
    const atLeastOne = [{ path: "$", operator: "atLeast", value: 1 }] as const;
    assert.equal(compareAll(atLeastOne, await ask("DBSIZE")).holds, false);
    await command("SET", "a", "1");
    assert.equal(compareAll(atLeastOne, await ask("DBSIZE")).holds, true);
  });

  it("answers INFO as JSON, in which numbers are numbers and texts are whole", async () => {
    const memory = (await ask("INFO memory")) as Record<string, unknown>;
    assert.equal(typeof memory.used_memory, "number");
    assert.equal(memory.maxmemory_policy, "noeviction");
    const server = (await ask("INFO server")) as Record<string, unknown>;
    assert.match(String(server.redis_version), /^\d+\.\d+/);
    assert.equal(server.config_file, settingsFile);
  });

  it("answers with the latencies that the playbook asks for", async () => {
    const latencies = (await ask("INFO latencystats")) as Record<string, unknown>;
    assert.match(String(latencies.latency_percentiles_usec_ping), /^p50=/);
  });

  it("refuses an answer that a report cannot hold, rather than cutting it off", async () => {
    await assert.rejects(ask("INFO everything"), /answered with \d+ characters, and a report holds 4096/);
    assert.ok(!existsSync(folder.report));
  });

  it("fails with the server's words when the key is wrong, and when nobody answers", async () => {
    await assert.rejects(ask("PING", address("wrong")), /NOAUTH|WRONGPASS/);
    await assert.rejects(ask("PING", address(key, "redis", 1)), /Connection refused/);
    assert.ok(!existsSync(folder.report));
  });

  it("speaks TLS with rediss://, and only to a server whose certificate it trusts", async () => {
    const url = address(key, "rediss", tlsPort);
    const trusted = { SSL_CERT_FILE: join(folder.path, "server.pem") };
    assert.equal(await ask("PING", url, trusted), "PONG");
    await assert.rejects(ask("PING", url), /certificate verify failed/);
  });

  it("asks nothing that writes", async () => {
    await assert.rejects(ask("FLUSHALL"), /not a question that is asked here/);
    assert.ok(Number(await ask("DBSIZE")) >= 1);
  });
});

async function writeCertificate(folder: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const imported = (usage: "sign" | "verify") => {
    const [format, data] =
      usage === "sign"
        ? (["pkcs8", privateKey.export({ type: "pkcs8", format: "der" })] as const)
        : (["spki", publicKey.export({ type: "spki", format: "der" })] as const);
    return webcrypto.subtle.importKey(format, data, algorithm, true, [usage]);
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=127.0.0.1",
      notAfter: new Date(Date.now() + 3_600_000),
      signingAlgorithm: algorithm,
      keys: { privateKey: await imported("sign"), publicKey: await imported("verify") },
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])],
    },
    webcrypto as never,
  );
  writeFileSync(join(folder, "server.pem"), certificate.toString("pem"));
  writeFileSync(join(folder, "server.key"), privateKey.export({ type: "pkcs8", format: "pem" }), {
    mode: 0o600,
  });
}
