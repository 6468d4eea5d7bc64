import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { AheadProcess } from "../../../cli/engine/ahead/ahead-process";
import { programAhead } from "../../../cli/engine/ahead/program";
import type { Workspace } from "../../../cli/workspace";
import { isRunning } from "../../local/toolchain/support";
import { soon, until } from "../../support/until";

interface Told {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
  readonly pid: number;
  /** Whether the modules of the program were there when it was told to run. */
  readonly loaded: boolean;
}

/** The test is the engine; the SDK's starter is a stand-in that tells what it was given. */
describe("a program that is loaded before the engine asks for it", () => {
  let folder: string;
  let engine: Server;
  let engineAddress: string;
  let logged: string[];
  let ahead: AheadProcess;
  let client: LanguageRuntimeClient | undefined;

  const workspace = (): Workspace => ({
    root: folder,
    dist: join(__dirname, "..", "..", ".."),
    policyPack: folder,
    stateDir: folder,
  });
  const told = () => JSON.parse(readFileSync(join(folder, "told.json"), "utf8")) as Told;
  const packs = () => readFileSync(join(folder, "packs"), "utf8").trim().split("\n").map(Number);
  const begun = () => soon("the program runs", () => existsSync(join(folder, "told.json")) && told());

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-ahead-")));
    write("Pulumi.dev.yaml", "config:\n  switchyard:systems: [tesoro-xp]\n");
    write(
      "node_modules/@pulumi/pulumi/cmd/run/index.js",
      `const { argv, env, execArgv, pid } = process;
      console.log("out of the program");
      console.log("and more of it");
      console.error("err of the program");
      const loaded = Object.keys(require.cache).some((name) => name.endsWith("tesoro-xp.js"));
      const told = ${JSON.stringify(join(folder, "told"))};
      require("node:fs").writeFileSync(told, JSON.stringify({ argv: argv.slice(1), cwd: process.cwd(), env, execArgv, pid, loaded }));
      require("node:fs").renameSync(told, told + ".json");
      const asked = JSON.parse(env.PULUMI_CONFIG);
      if (asked.HANG) setInterval(() => {}, 1000);
      else process.exitCode = Number(asked.CODE ?? 0);`,
    );
    write(
      "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js",
      `require("node:fs").appendFileSync(${JSON.stringify(join(folder, "packs"))}, process.pid + "\\n");
      console.log(process.pid);
      process.on("SIGTERM", () => process.exit(7));
      setInterval(() => {}, 1000);`,
    );
    logged = [];
    engine = new Server();
    // Slower than the program ends: what it printed last is heard all the same, in its order.
    const log: IEngineServer["log"] = (call, done) => {
      setTimeout(
        () => {
          logged.push(call.request.getMessage());
          done(null, new Empty());
        },
        logged.length === 0 ? 300 : 50,
      );
    };
    engine.addService(EngineService, { log } as IEngineServer);
    const port = await new Promise<number>((done, fail) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? fail(error) : done(bound),
      ),
    );
    engineAddress = `127.0.0.1:${port}`;
    ahead = programAhead(workspace(), "dev", { PATH: process.env.PATH ?? "", EARLY: "1" });
  });
  afterEach(() => {
    client?.close();
    ahead.end();
    engine.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  async function connect(): Promise<LanguageRuntimeClient> {
    const variables = await ahead.variables({ PATH: process.env.PATH ?? "", LATE: "2" });
    const [, port] = /^nodejs:(\d+)$/.exec(variables.PULUMI_DEBUG_LANGUAGES ?? "") ?? [];
    const connected = new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
    client = connected;
    await new Promise<void>((done, fail) =>
      connected.handshake(new language.LanguageHandshakeRequest().setEngineAddress(engineAddress), (error) =>
        error ? fail(error) : done(),
      ),
    );
    // As the engine does when it closes a connection before the one that runs the program.
    await new Promise<void>((done, fail) =>
      connected.cancel(new Empty(), (error: ServiceError | null) => (error ? fail(error) : done())),
    );
    return connected;
  }

  function request(config: Record<string, string> = {}, options = {}): language.RunRequest {
    const info = new language.ProgramInfo()
      .setRootDirectory(folder)
      .setProgramDirectory(folder)
      .setEntryPoint("index.js")
      .setOptions(Struct.fromJavaScript({ typescript: false, ...options }));
    const asked = new language.RunRequest()
      .setProject("p")
      .setStack("dev")
      .setPwd(folder)
      .setMonitorAddress("127.0.0.1:2")
      .setParallel(4)
      .setInfo(info);
    for (const [key, value] of Object.entries(config)) asked.getConfigMap().set(key, value);
    return asked;
  }

  const run = (asked: language.RunRequest) =>
    new Promise<language.RunResponse>((done, fail) => {
      client!.run(asked, (error: ServiceError | null, response) => (error ? fail(error) : done(response)));
    });

  it("is the process that the engine would have started, with what it was given last", async () => {
    await connect();
    const response = await run(request({ "p:key": "a value" }));
    assert.deepEqual([response.getError(), response.getBail()], ["", false]);
    const { argv, cwd, env, loaded } = told();
    assert.equal(cwd, folder);
    assert.equal(loaded, true);
    assert.equal(argv[0], join(folder, "node_modules/@pulumi/pulumi/cmd/run/index.js"));
    assert.deepEqual(argv.slice(1), [
      "--monitor=127.0.0.1:2",
      `--engine=${engineAddress}`,
      "--project=p",
      "--stack=dev",
      `--pwd=${folder}`,
      "--parallel=4",
      `--root-directory=${folder}`,
      "index.js",
    ]);
    assert.deepEqual([env.LATE, env.EARLY, env.PULUMI_NODEJS_TYPESCRIPT], ["2", undefined, "false"]);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG!), { "p:key": "a value" });
    assert.deepEqual([...logged].sort(), ["and more of it", "err of the program", "out of the program"]);
    assert.ok(logged.indexOf("out of the program") < logged.indexOf("and more of it"), logged.join());
  });

  it("tells a failure that it explained from one that it did not", async () => {
    await connect();
    assert.equal((await run(request({ CODE: "32" }))).getBail(), true);
    // The second one is started as always: one process runs one program.
    const { pid } = told();
    const response = await run(request({ CODE: "3" }));
    assert.match(response.getError(), /exit code 3/);
    assert.notEqual(told().pid, pid);
    assert.equal(logged.length, 6, logged.join());
  });

  it("ends when the engine takes its call back", async () => {
    const call = (await connect()).run(request({ HANG: "1" }), () => {});
    const { pid } = await begun();
    call.cancel();
    await soon("the program is gone", () => !isRunning(pid));
  });

  it("ends with what it has started, and is found by one operation", async () => {
    await connect();
    assert.deepEqual(await ahead.variables({}), {});
    run(request({ HANG: "1" })).catch(() => {});
    const { pid } = await begun();
    ahead.end();
    await soon("the program is gone", () => !isRunning(pid));
  });

  it("is the engine's to stop once it is in use", async () => {
    await connect();
    const running = run(request({ HANG: "1" }));
    const { pid } = await begun();
    ahead.endUnused();
    await new Promise((done) => setTimeout(done, 200));
    assert.ok(isRunning(pid));
    client!.cancel(new Empty(), () => {});
    assert.match((await running).getError(), /ended by SIGTERM/);
  });

  it("is left alone when it did not come up: the engine starts a host of its own", async () => {
    ahead.end();
    assert.deepEqual(await ahead.variables({}), {});
  });

  it("is started as always when node is to be given flags", async () => {
    await connect();
    await run(request({}, { nodeargs: "--no-warnings" }));
    assert.deepEqual([told().loaded, told().execArgv], [false, ["--no-warnings"]]);
  });

  it("ends on Cancel", async () => {
    const connected = await connect();
    const running = run(request({ HANG: "1" }));
    const { pid } = await begun();
    connected.cancel(new Empty(), () => {});
    assert.match((await running).getError(), /ended by SIGTERM/);
    assert.ok(!isRunning(pid));
  });

  it("the policy pack is started with it, outlives the engine's first Cancel, and is what the engine asks for", async () => {
    await until("the pack runs", () => existsSync(join(folder, "packs")));
    const [pid] = packs();
    await connect();
    const call = client!.runPlugin(pack());
    assert.equal(await firstOutput(call), `${pid}\n`);
    assert.deepEqual(packs(), [pid]);
    call.cancel();
    await soon("the pack is gone", () => !isRunning(pid!));
  });

  it("a second policy pack is started as always, as is that of another folder", async () => {
    await connect();
    const calls = [client!.runPlugin(pack()), client!.runPlugin(pack())];
    const outputs = await Promise.all(calls.map(firstOutput));
    assert.equal(new Set(outputs).size, 2);
    const other = join(folder, "other");
    mkdirSync(other);
    const call = client!.runPlugin(pack(other));
    assert.equal(await firstOutput(call), `${packs()[2]}\n`);
    for (const each of [...calls, call]) each.cancel();
  });

  it("a policy pack that nobody asked for ends with its host", async () => {
    await until("the pack runs", () => existsSync(join(folder, "packs")));
    await connect();
    const [pid] = packs();
    ahead.end();
    await soon("the pack is gone", () => !isRunning(pid!));
  });

  function pack(programFolder = folder): language.RunPluginRequest {
    return new language.RunPluginRequest()
      .setKind("analyzer")
      .setPwd(programFolder)
      .setArgsList([engineAddress])
      .setInfo(new language.ProgramInfo().setRootDirectory(programFolder).setProgramDirectory(programFolder));
  }

  async function firstOutput(call: ReturnType<LanguageRuntimeClient["runPlugin"]>): Promise<string> {
    call.on("error", () => {});
    return new Promise((done) =>
      call.once("data", (message: language.RunPluginResponse) =>
        done(Buffer.from(message.getStdout_asU8()).toString("utf8")),
      ),
    );
  }
});
