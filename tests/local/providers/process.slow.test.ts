import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { installStandIns } from "../../../local/providers/install";
import { STAND_IN_VERSIONS } from "../../../local/providers/versions";
import { EngineLog } from "../../../plugin-server/engine-log";
import { Driver, ENTRY_DIR } from "./support/driver";
import { temporaryFolder } from "./support/local-cloud";

describe("a stand-in's process", () => {
  it("ends when the process that started it is killed", async () => {
    const main = join(ENTRY_DIR, "local", "providers", "random", "main.js");
    // The parent prints the child's id and stays; killed, it leaves the child alone.
    const script = `const c = require("node:child_process").spawn(process.execPath, [${JSON.stringify(main)}],
      { stdio: ["ignore", "pipe", "ignore"] }); c.stdout.once("data", () => console.log(c.pid)); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = Number(await new Promise((resolve) => createInterface(parent.stdout).once("line", resolve)));
    assert.ok(isAlive(pid));
    parent.kill("SIGKILL");
    const deadline = Date.now() + 5000;
    while (isAlive(pid) && Date.now() < deadline) await wait(20);
    assert.ok(!isAlive(pid), "the orphan still runs after 5 s");
  });

  it("tells the engine what it waits for, as a line of the resource", async () => {
    const engine = await RecordingEngine.start();
    const log = new EngineLog(engine.address);
    log.log("info", "trying again in 3 s", "urn:pulumi:dev::switchyard::t::n", true);
    const line = await engine.first;
    assert.deepEqual(
      [line.getMessage(), line.getUrn(), line.getEphemeral(), line.getSeverity()],
      ["trying again in 3 s", "urn:pulumi:dev::switchyard::t::n", true, 1],
    );
    log.close();
    engine.stop();
  });
});

describe("installing the stand-ins", () => {
  let home: string;
  beforeEach(() => {
    home = temporaryFolder();
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const options = () => ({ pulumiHome: home, stateDir: join(home, "it's a state"), entryDir: ENTRY_DIR });
  const launcher = () =>
    join(home, "plugins", `resource-random-v${STAND_IN_VERSIONS.random}`, "pulumi-resource-random");

  it("puts each where the engine looks for the version that its package asks for", async () => {
    const resolve = createRequire(__filename).resolve;
    for (const [name, version] of Object.entries(STAND_IN_VERSIONS)) {
      const installed = JSON.parse(readFileSync(resolve(`@pulumi/${name}/package.json`), "utf8")) as {
        version: string;
      };
      assert.equal(version, installed.version);
    }
    await installStandIns(options());
    assert.deepEqual(readdirSync(join(home, "plugins")).sort(), [
      "resource-azure-native-v3.28.0",
      "resource-random-v4.21.2",
    ]);
  });

  it("makes an executable that serves", async () => {
    await installStandIns(options());
    const provider = await Driver.spawn("random", { command: [launcher()] });
    assert.equal(await provider.pluginVersion(), STAND_IN_VERSIONS.random);
    await provider.stop();
  });

  it("hands the state folder to the stand-in, unless the environment names another", async () => {
    await installStandIns(options());
    const show = join(home, "show.js");
    writeFileSync(show, "console.log(process.env.SWITCHYARD_STATE_DIR)");
    const text = readFileSync(launcher(), "utf8").replace(/'[^']*main\.js'/, `'${show}'`);
    writeFileSync(launcher(), text);
    assert.equal(await firstLine(launcher(), {}), join(home, "it's a state"));
    assert.equal(await firstLine(launcher(), { SWITCHYARD_STATE_DIR: "/other" }), "/other");
  });

  it("changes nothing the second time, and mends what was damaged", async () => {
    await Promise.all([installStandIns(options()), installStandIns(options())]);
    const before = statSync(launcher()).mtimeMs;
    await installStandIns(options());
    assert.equal(statSync(launcher()).mtimeMs, before);
    chmodSync(launcher(), 0o600);
    await installStandIns(options());
    assert.equal(statSync(launcher()).mode & 0o777, 0o755);
    mkdirSync(join(home, "elsewhere"));
    await installStandIns({ ...options(), stateDir: join(home, "elsewhere") });
    assert.match(readFileSync(launcher(), "utf8"), /elsewhere/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

async function firstLine(command: string, env: Record<string, string>): Promise<string> {
  const child = spawn(command, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
}

class RecordingEngine {
  private constructor(
    private readonly server: Server,
    readonly address: string,
    readonly first: Promise<LogRequest>,
  ) {}

  static async start(): Promise<RecordingEngine> {
    const server = new Server();
    let heard: (line: LogRequest) => void = () => {};
    const first = new Promise<LogRequest>((resolve) => {
      heard = resolve;
    });
    const unused = () => assert.fail("only lines are expected");
    server.addService(EngineService, {
      log: (call: { request: LogRequest }, callback: (error: null, response: Empty) => void) => {
        heard(call.request);
        callback(null, new Empty());
      },
      getRootResource: unused,
      setRootResource: unused,
      startDebugging: unused,
      requirePulumiVersion: unused,
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return new RecordingEngine(server, `127.0.0.1:${port}`, first);
  }

  stop(): void {
    this.server.forceShutdown();
  }
}
