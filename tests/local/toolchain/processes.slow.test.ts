import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain } from "../../../local/toolchain/ensure";
import { toolchainStatus } from "../../../local/toolchain/status";
import { soon } from "../../support/until";
import { isRunning, Sandbox } from "./support";

/** Runs ensureToolchain in a process of its own: step titles, then the source, one line each on stdout. */
const program = `
const { ensureToolchain } = require(${JSON.stringify(join(__dirname, "../../../local/toolchain/ensure.js"))});
const progress = { step: (title, work) => (console.log(title), work(() => {})) };
ensureToolchain({ progress }).then(({ source }) => console.log("source:" + source));
`;

describe("toolchain set-up by several processes", () => {
  let sandbox: Sandbox;
  let started: ChildProcess[] = [];
  beforeEach(() => {
    sandbox = new Sandbox();
    started = [];
  });
  afterEach(() => {
    for (const pid of [...started.map((child) => child.pid), ...sandbox.builds]) {
      if (pid !== undefined && isRunning(pid)) process.kill(pid, "SIGKILL");
    }
    sandbox.remove();
  });

  function start() {
    const child = spawn(process.execPath, ["-e", program], {
      env: sandbox.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    const said = { text: "" };
    child.stdout?.on("data", (chunk: Buffer) => {
      said.text += chunk.toString();
    });
    return { child, said, ended: once(child, "close") };
  }

  it("two at once: one builds, the other waits, says so, and uses the result", async () => {
    sandbox.go({ gated: true });
    const first = start();
    await soon("the first one builds", () => sandbox.builds.length === 1);
    const second = start();
    await soon("the second one says that it waits", () => /waiting for process \d+/.test(second.said.text));
    sandbox.openGate();
    await Promise.all([first.ended, second.ended]);
    assert.match(first.said.text, /source:build/);
    assert.match(second.said.text, new RegExp(`waiting for process ${first.child.pid}[\\s\\S]*source:cache`));
    assert.equal(sandbox.builds.length, 1);
  });

  it("killed half way, build and all: the next one sweeps what is left and builds", async () => {
    sandbox.go({ gated: true });
    const first = start();
    const build = await soon("the build runs", () => sandbox.builds[0]);
    process.kill(build, "SIGKILL");
    first.child.kill("SIGKILL");
    await first.ended;
    assert.equal(readdirSync(join(sandbox.cache, "tmp")).length, 1, "the killed one left its folder");
    assert.equal((await toolchainStatus(sandbox.env)).pulumi, null, "what is half-done is not used");
    sandbox.go();
    assert.equal((await ensureToolchain({ env: sandbox.env })).source, "build");
    assert.deepEqual(readdirSync(join(sandbox.cache, "tmp")), []);
    assert.deepEqual(readdirSync(join(sandbox.cache, "locks")), []);
  });

  it("killed while its build lives on: the next one waits for the end of that build", async () => {
    sandbox.go({ gated: true });
    const first = start();
    const build = await soon("the build runs", () => sandbox.builds[0]);
    const lock = join(sandbox.cache, "locks", readdirSync(join(sandbox.cache, "locks"))[0] ?? "");
    await soon("the lock covers the build", () => readFileSync(lock, "utf8").includes(`"pid":${build}`));
    first.child.kill("SIGKILL");
    await first.ended;
    const second = start();
    await soon("the second one waits", () => /waiting for process/.test(second.said.text));
    assert.equal(sandbox.builds.length, 1);
    sandbox.openGate();
    await second.ended;
    assert.match(second.said.text, /source:build/);
    assert.equal(sandbox.builds.length, 2);
  });

  it("aborted: the build's processes are gone, and nothing half-done is left", async () => {
    sandbox.go({ gated: true });
    const abort = new AbortController();
    const work = ensureToolchain({ env: sandbox.env, signal: abort.signal });
    const build = await soon("the build runs", () => sandbox.builds[0]);
    const reason = new Error("stopped by the user");
    abort.abort(reason);
    await assert.rejects(work, reason);
    await soon("the build is gone", () => !isRunning(build));
    assert.deepEqual(readdirSync(join(sandbox.cache, "tmp")), []);
    assert.deepEqual(readdirSync(join(sandbox.cache, "tools")), []);
  });

  it("ended by a signal: the build does not go on alone", async () => {
    sandbox.go({ gated: true });
    const withHandler = `process.on("SIGTERM", () => process.exit(143));${program}`;
    const child = spawn(process.execPath, ["-e", withHandler], { env: sandbox.env, stdio: "ignore" });
    started.push(child);
    const ended = once(child, "close");
    const build = await soon("the build runs", () => sandbox.builds[0]);
    child.kill("SIGTERM");
    await ended;
    await soon("the build is gone", () => !isRunning(build));
    assert.ok(!existsSync(join(sandbox.cache, "locks", "the-Pulumi-CLI.lock")));
  });
});
