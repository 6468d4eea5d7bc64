import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CloudEndpoint,
  clearFaults,
  cloudStatus,
  listFaults,
  readEndpoint,
  resetCloud,
  setCloudSettings,
  setFault,
  startCloud,
  stopCloud,
} from "../../../local/cloud/daemon";
import { callCloud, endpointFile } from "../../../local/cloud/endpoint";
import { isAlive, processStart } from "../../../local/daemon/process-identity";
import { soon } from "../../support/until";
import { COSMOS, cosmosAccount, GROUP } from "./support";

const VERSION = "?api-version=2024-01-01";

/** What these tests do not show: behaviour on macOS and Windows. */
describe("local cloud as a process", function () {
  this.timeout(20_000);
  const folders: string[] = [];

  const newState = () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-daemon-")));
    folders.push(folder);
    return folder;
  };

  after(async () => {
    for (const stateDir of folders) {
      await stopCloud({ stateDir });
      rmSync(stateDir, { recursive: true, force: true });
    }
  });

  const put = (endpoint: CloudEndpoint, id: string, body: unknown) =>
    callCloud(endpoint, "PUT", `${id}${VERSION}`, body);
  const get = (endpoint: CloudEndpoint, id: string) =>
    callCloud(endpoint, "GET", `${id}${VERSION}`) as Promise<{ properties: Record<string, unknown> }>;
  const quiet = { onNotice: () => {} };

  describe("one that runs", () => {
    let stateDir: string;
    let endpoint: CloudEndpoint;
    before(async () => {
      stateDir = newState();
      endpoint = await startCloud({ stateDir });
    });

    it("is the same for every start that follows, and for two at once", async () => {
      const [one, two] = await Promise.all([startCloud({ stateDir }), startCloud({ stateDir })]);
      assert.deepEqual([one.pid, two.pid], [endpoint.pid, endpoint.pid]);
    });

    it("listens on the loopback address only, with a token that only the owner can read", () => {
      assert.match(endpoint.url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.ok(endpoint.token.length >= 43);
      assert.equal(statSync(endpointFile(stateDir)).mode & 0o777, 0o600);
      assert.equal(statSync(join(stateDir, "cloud")).mode & 0o777, 0o700);
      assert.ok(!readFileSync(join(stateDir, "logs", "cloud.log"), "utf8").includes(endpoint.token));
      if (process.platform === "linux") {
        assert.ok(!readFileSync(`/proc/${endpoint.pid}/cmdline`, "utf8").includes(endpoint.token));
      }
    });

    it("refuses a wrong token over HTTP", async () => {
      await assert.rejects(
        callCloud({ ...endpoint, token: "wrong" }, "GET", "/_switchyard/health"),
        /access token is missing or is not that/,
      );
    });

    it("says what it holds and stays below 150 MB", async () => {
      await put(endpoint, GROUP, { location: "westeurope" });
      const status = await cloudStatus({ stateDir });
      assert.deepEqual(status.resources, { "azure-native:resources:ResourceGroup": 1 });
      assert.ok(status.residentBytes! < 150e6, `${status.residentBytes} bytes`);
      assert.ok(!JSON.stringify(status).includes(endpoint.token));
    });

    it("takes faults and settings from a client, and says what is wrong with them", async () => {
      await setFault(endpoint, { kind: "error", match: { idPattern: "resourceGroups/group$" } });
      assert.equal((await listFaults(endpoint)).length, 1);
      await assert.rejects(get(endpoint, GROUP), /internal error/);
      await setFault(endpoint, { kind: "throttle", match: {} });
      assert.equal(await clearFaults(endpoint), 1);
      assert.equal((await setCloudSettings(endpoint, { operationMillis: 5 })).operationMillis, 5);
      await assert.rejects(
        setCloudSettings(endpoint, { operationMillis: -1 }),
        /operationMillis -1 is not allowed/,
      );
    });

    it("is not started anew on another port", async () => {
      const port = Number(new URL(endpoint.url).port);
      await assert.rejects(startCloud({ stateDir, port: port === 65535 ? 1025 : port + 1 }), /runs already/);
    });
  });

  it("two starts at once from nothing give one server", async () => {
    const stateDir = newState();
    const [one, two] = await Promise.all([startCloud({ stateDir }), startCloud({ stateDir })]);
    assert.equal(one.pid, two.pid);
    assert.equal(one.token, two.token);
  });

  it("a start that is given up half way leaves no server behind", async function () {
    if (process.platform !== "linux") this.skip();
    const stateDir = newState();
    const stop = new AbortController();
    const start = startCloud({ stateDir, signal: stop.signal });
    const givenUp = assert.rejects(start, /stopped by request/);
    // The server's log is opened in the moment in which it is spawned.
    await soon("the server is starting", () => existsSync(join(stateDir, "logs", "cloud.log")));
    stop.abort(new Error("stopped by request"));
    await givenUp;
    assert.equal(existsSync(endpointFile(stateDir)), false);
    const running = readdirSync("/proc").filter(
      (pid) => /^\d+$/.test(pid) && commandLine(pid).includes(stateDir),
    );
    assert.deepEqual(running, []);
    assert.equal((await startCloud({ stateDir })).stateDir, stateDir);
  });

  it("kill -9 in the middle of an operation: the next start completes it", async () => {
    const stateDir = newState();
    const first = await startCloud({ stateDir, operationMillis: 3_600_000 });
    await put(first, GROUP, { location: "westeurope" });
    await put(first, COSMOS, cosmosAccount());
    assert.equal((await get(first, COSMOS)).properties.provisioningState, "Creating");
    process.kill(first.pid, "SIGKILL");
    await soon("the server is dead", () => !isAlive(first.pid, first.processStart));
    const second = await startCloud({ stateDir });
    assert.notEqual(second.pid, first.pid);
    assert.notEqual(second.token, first.token);
    assert.equal((await get(second, COSMOS)).properties.provisioningState, "Succeeded");
    assert.deepEqual((await cloudStatus({ stateDir })).operationsInProgress, []);
  });

  it("a stale endpoint whose pid now belongs to another process: that one is left alone", async () => {
    const stateDir = newState();
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    try {
      mkdirSync(join(stateDir, "cloud"));
      const stale = {
        url: "http://127.0.0.1:9",
        token: "t",
        pid: bystander.pid!,
        processStart: "1",
        startedAt: "",
        version: "",
        stateDir,
      };
      writeFileSync(endpointFile(stateDir), JSON.stringify(stale));
      const endpoint = await startCloud({ stateDir, ...quiet });
      assert.notEqual(endpoint.pid, bystander.pid);
      await stopCloud({ stateDir });
      assert.ok(isAlive(bystander.pid!, processStart(bystander.pid!)!));
      assert.equal(bystander.exitCode, null);
    } finally {
      bystander.kill("SIGKILL");
    }
  });

  it("one of another build is replaced, its state kept", async () => {
    const stateDir = newState();
    const first = await startCloud({ stateDir });
    await put(first, GROUP, { location: "westeurope" });
    writeFileSync(endpointFile(stateDir), JSON.stringify({ ...first, version: "older" }));
    const notices: string[] = [];
    const second = await startCloud({ stateDir, onNotice: (text) => notices.push(text) });
    assert.ok(!isAlive(first.pid, first.processStart));
    assert.match(notices.join(), /another build/);
    await get(second, GROUP);
  });

  it("a port in use is said so, with the way out", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as { port: number };
    try {
      await assert.rejects(
        startCloud({ stateDir: newState(), port }),
        (error: { message: string; mend: string }) => {
          assert.match(error.message, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`));
          assert.match(error.mend, /another --port/);
          return true;
        },
      );
    } finally {
      blocker.close();
    }
  });

  it("a state folder that cannot be made is said so", async () => {
    const file = join(newState(), "a-file");
    writeFileSync(file, "");
    await assert.rejects(startCloud({ stateDir: join(file, "state") }), /cannot be written/);
  });

  it("a damaged state file is named at the start, with what to do", async () => {
    const stateDir = newState();
    const first = await startCloud({ stateDir });
    await put(first, GROUP, { location: "westeurope" });
    await stopCloud({ stateDir });
    const folder = join(stateDir, "cloud", "resources", "resourcegroups");
    const file = join(folder, readdirSync(folder)[0]!);
    writeFileSync(file, "{");
    const notices: string[] = [];
    await startCloud({ stateDir, onNotice: (text) => notices.push(text) });
    assert.equal(notices.length, 1);
    assert.ok(notices[0]!.includes(file));
    assert.match(notices[0]!, /switchyard cloud reset/);
  });

  it("ends by itself when its state folder is removed", async () => {
    const stateDir = newState();
    const endpoint = await startCloud({ stateDir });
    rmSync(join(stateDir, "cloud"), { recursive: true });
    await soon("the server has ended", () => !isAlive(endpoint.pid, endpoint.processStart));
    assert.equal(existsSync(join(stateDir, "cloud")), false);
  });

  it("stop and reset: state stays after the one and is gone after the other, what is not the cloud's stays", async () => {
    const stateDir = newState();
    const first = await startCloud({ stateDir });
    await put(first, GROUP, { location: "westeurope" });
    assert.equal(await stopCloud({ stateDir }), true);
    assert.equal(await stopCloud({ stateDir }), false);
    assert.equal(readEndpoint(stateDir), undefined);
    assert.deepEqual(await cloudStatus({ stateDir }), { running: false, stateDir });
    await get(await startCloud({ stateDir }), GROUP);
    const stacks = join(stateDir, "backend", ".pulumi", "stacks", "switchyard");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(
      join(stacks, "dev.json"),
      JSON.stringify({ resources: [{ type: "azure-native:web:WebApp" }] }, null, 4),
    );
    await assert.rejects(resetCloud({ stateDir }), /still names 1 resources/);
    await resetCloud({ stateDir, force: true });
    assert.equal(existsSync(join(stateDir, "cloud")), false);
    assert.ok(existsSync(join(stacks, "dev.json")));
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}
