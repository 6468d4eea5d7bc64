import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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
import { createInterface } from "node:readline";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { soon } from "../../support/until";
import { isRunning } from "./support";

const bundle = join(__dirname, "../../../local/toolchain/language-host.cjs");

/**
 * The host as one file far away from node_modules, driven by its protocol. The SDK's starters are stand-ins that tell
 * what they were given; that the engine and the SDK get on with it is shown by the engine tests.
 */
describe("language host", () => {
  let folder: string;
  let host: ChildProcess;
  let client: LanguageRuntimeClient;
  let output: string;
  const told = () => JSON.parse(readFileSync(join(folder, "told.json"), "utf8")) as Told;
  interface Told {
    readonly argv: string[];
    readonly cwd: string;
    readonly env: Record<string, string>;
    readonly execArgv: string[];
    readonly pid: number;
  }

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-host-")));
    for (const name of ["run", "run-plugin", "run-policy-pack"]) {
      write(
        `program/node_modules/@pulumi/pulumi/cmd/${name}/index.js`,
        `const { argv, execArgv, env, pid } = process;
        console.log("out of ${name}");
        console.error("err of ${name}");
        require("node:fs").writeFileSync(${JSON.stringify(join(folder, "told.next"))},
          JSON.stringify({ argv: argv.slice(1), cwd: process.cwd(), env, execArgv, pid }));
        require("node:fs").renameSync(${JSON.stringify(join(folder, "told.next"))}, ${JSON.stringify(join(folder, "told.json"))});
        const asked = { ...env, ...JSON.parse(env.PULUMI_CONFIG ?? "{}") };
        if (asked.HANG) setInterval(() => {}, 1000);
        else process.exitCode = Number(asked.CODE ?? 0);`,
      );
    }
    writeFileSync(join(folder, "host.cjs"), readFileSync(bundle));
    await start(process.execPath, hostArgv());
  });
  beforeEach(async () => {
    rmSync(join(folder, "told.json"), { force: true });
    if (host.exitCode !== null || host.signalCode !== null) await start(process.execPath, hostArgv());
  });
  after(() => {
    client.close();
    host.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function hostArgv(): string[] {
    return [join(folder, "host.cjs"), "--logtostderr", "127.0.0.1:1"];
  }

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  async function start(command: string, argv: string[]): Promise<void> {
    host = spawn(command, argv, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    output = "";
    host.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const lines = createInterface({ input: host.stdout as NodeJS.ReadableStream });
    const [port] = (await once(lines, "line")) as [string];
    lines.on("line", (line) => {
      output += `${line}\n`;
    });
    client = new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  function unary<O>(ask: (done: (error: ServiceError | null, response: O) => void) => unknown): Promise<O> {
    return new Promise((resolve, reject) => {
      ask((error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  function runProgram(request: language.RunRequest) {
    return unary<language.RunResponse>((done) => client.run(request, done));
  }

  function info(options: Record<string, unknown> = {}, program = "program"): language.ProgramInfo {
    return new language.ProgramInfo()
      .setRootDirectory(folder)
      .setProgramDirectory(join(folder, program))
      .setEntryPoint("index.js")
      .setOptions(Struct.fromJavaScript(options as never));
  }

  function run(
    options: Record<string, unknown> = { typescript: false },
    config: Record<string, string> = {},
  ): language.RunRequest {
    const request = new language.RunRequest()
      .setProject("p")
      .setStack("dev")
      .setOrganization("organization")
      .setPwd(join(folder, "program"))
      .setMonitorAddress("127.0.0.1:2")
      .setParallel(4)
      .setDryrun(true)
      .setConfigsecretkeysList(["p:key"])
      .setInfo(info(options));
    request.getConfigMap().set("p:key", "a value");
    for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
    return request;
  }

  function plugin(kind: string, ...env: string[]): language.RunPluginRequest {
    return new language.RunPluginRequest()
      .setKind(kind)
      .setPwd(folder)
      .setArgsList(["127.0.0.1:1"])
      .setEnvList(env)
      .setInfo(info());
  }

  async function stream(request: language.RunPluginRequest) {
    const said = { stdout: "", stderr: "", code: -1 };
    for await (const message of client.runPlugin(request) as AsyncIterable<language.RunPluginResponse>) {
      said.stdout += Buffer.from(message.getStdout_asU8()).toString();
      said.stderr += Buffer.from(message.getStderr_asU8()).toString();
      if (message.getOutputCase() === language.RunPluginResponse.OutputCase.EXITCODE)
        said.code = message.getExitcode();
    }
    return said;
  }

  it("answers what the engine asks first", async () => {
    assert.equal(
      (await unary<PluginInfo>((done) => client.getPluginInfo(new Empty(), done))).getVersion(),
      sdkVersion,
    );
    const required = await unary<language.GetRequiredPackagesResponse>((done) =>
      client.getRequiredPackages(new language.GetRequiredPackagesRequest(), done),
    );
    assert.deepEqual(required.getPackagesList(), []);
    const about = await unary<language.AboutResponse>((done) =>
      client.about(new language.AboutRequest(), done),
    );
    assert.deepEqual([about.getExecutable(), about.getVersion()], [process.execPath, process.versions.node]);
  });

  it("runs a program with its configuration, and its output goes to the engine", async () => {
    const response = await runProgram(run());
    assert.deepEqual([response.getError(), response.getBail()], ["", false]);
    const { argv, cwd, env } = told();
    assert.equal(cwd, join(folder, "program"));
    assert.deepEqual(argv.slice(1), [
      "--monitor=127.0.0.1:2",
      "--engine=127.0.0.1:1",
      "--project=p",
      "--stack=dev",
      `--pwd=${join(folder, "program")}`,
      "--parallel=4",
      "--organization=organization",
      `--root-directory=${folder}`,
      "--dry-run=true",
      "index.js",
    ]);
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG ?? ""), { "p:key": "a value" });
    assert.deepEqual(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS ?? ""), ["p:key"]);
    assert.equal(env.PULUMI_NODEJS_TYPESCRIPT, "false");
    await soon("the output arrives", () => /out of run/.test(output) && /err of run/.test(output));
  });

  it("gives node the flags of the project file", async () => {
    await runProgram(run({ nodeargs: '--no-warnings --title="two words"' }));
    assert.deepEqual(told().execArgv, ["--no-warnings", "--title=two words"]);
    assert.equal(told().env.PULUMI_NODEJS_TYPESCRIPT, "true");
  });

  it("tells a program that explained its failure from one that did not", async () => {
    assert.equal((await runProgram(run({}, { CODE: "32" }))).getBail(), true);
    const response = await runProgram(run({}, { CODE: "3" }));
    assert.equal(response.getBail(), false);
    assert.match(response.getError(), /exit code 3/);
  });

  it("says what is missing when the SDK is not installed", async () => {
    mkdirSync(join(folder, "bare"));
    const bare = info({}, "bare");
    const response = await runProgram(run().setInfo(bare));
    assert.match(
      response.getError(),
      /Cannot find @pulumi\/pulumi\/cmd\/run from .*bare: install the packages/,
    );
    await assert.rejects(
      stream(plugin("analyzer").setInfo(bare)),
      /Cannot find @pulumi\/pulumi\/cmd\/run-policy-pack/,
    );
  });

  it("runs a policy pack in its folder and passes output and exit code on", async () => {
    const said = await stream(plugin("analyzer", "CODE=5", "EXTRA=a=b"));
    assert.deepEqual(said, {
      stdout: "out of run-policy-pack\n",
      stderr: "err of run-policy-pack\n",
      code: 5,
    });
    const { argv, cwd, env } = told();
    assert.equal(cwd, join(folder, "program"));
    assert.deepEqual(argv.slice(1), ["127.0.0.1:1", join(folder, "program")]);
    assert.equal(env.EXTRA, "a=b");
  });

  it("runs other plugins with their folder first", async () => {
    const said = await stream(plugin("resource"));
    assert.deepEqual([said.stdout, said.code], ["out of run-plugin\n", 0]);
    assert.deepEqual(told().argv.slice(1), [join(folder, "program"), "127.0.0.1:1"]);
    assert.equal(told().cwd, folder);
  });

  it("ends a plugin when the engine takes the call back", async () => {
    const call = client.runPlugin(plugin("analyzer", "HANG=1"));
    call.on("error", () => {});
    call.resume();
    const pid = await soon("the plugin runs", () => existsSync(join(folder, "told.json")) && told().pid);
    assert.ok(isRunning(pid));
    call.cancel();
    await soon("the plugin is gone", () => !isRunning(pid));
  });

  it("ends the program on Cancel and answers its Run", async () => {
    const running = runProgram(run({}, { HANG: "1" }));
    const pid = await soon("the program runs", () => existsSync(join(folder, "told.json")) && told().pid);
    await unary<Empty>((done) => client.cancel(new Empty(), done));
    assert.match((await running).getError(), /ended by SIGTERM/);
    assert.ok(!isRunning(pid));
  });

  it("takes its program with it when it is told to end", async () => {
    runProgram(run({}, { HANG: "1" })).catch(() => {});
    const pid = await soon("the program runs", () => existsSync(join(folder, "told.json")) && told().pid);
    host.kill("SIGINT");
    await once(host, "exit");
    await soon("the program is gone", () => !isRunning(pid));
  });

  it("ends, with its program, when the engine was killed", async () => {
    host.kill("SIGKILL");
    client.close();
    await once(host, "exit");
    // The shell stands for the engine: its child lives on when it is killed.
    const argv = `"${process.execPath}" "${join(folder, "host.cjs")}" 127.0.0.1:1 & echo $! > pid; wait`;
    await start("/bin/sh", ["-c", argv]);
    const hostPid = Number(readFileSync(join(folder, "pid"), "utf8"));
    runProgram(run({}, { HANG: "1" })).catch(() => {});
    const pid = await soon("the program runs", () => existsSync(join(folder, "told.json")) && told().pid);
    host.kill("SIGKILL");
    await soon("both are gone", () => !isRunning(hostPid) && !isRunning(pid));
  });

  it("leaves code generation to the official host", async () => {
    const error = await unary((done) =>
      client.generateProject(new language.GenerateProjectRequest(), done),
    ).catch((reason: unknown) => reason);
    assert.equal((error as ServiceError).code, status.UNIMPLEMENTED);
    assert.match((error as ServiceError).details, /runs programs and policy packs/);
  });
});
