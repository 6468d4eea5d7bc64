import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { makeRunFolder } from "../../cli/engine/run-folder";
import { deadPid } from "../support/dead-pid";

describe("folders of operations of the engine", () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "switchyard-run-folder-"));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  it("of killed processes are removed with their event logs, and those of live ones stay", async () => {
    const own = await makeRunFolder(state);
    assert.equal(statSync(own).mode & 0o777, 0o700);
    const killed = basename(own).replace(`-${process.pid}-`, `-${deadPid()}-`);
    // The number was given to another process since.
    const reused = basename(own).replace(/-\w+-(\w+)$/, "-1-$1");
    const left = "run-AbCd12";
    const old = join(state, "run-Zz9Yy8");
    for (const name of [killed, reused, left, "running-updates"]) mkdirSync(join(state, name));
    mkdirSync(old);
    utimesSync(old, new Date(0), new Date(0));
    const next = await makeRunFolder(state);
    const kept = [basename(own), basename(next), left, "running-updates"].sort();
    assert.deepEqual(readdirSync(state).sort(), kept);
  });

  it("of a process that was killed while it worked goes with the next one's beginning", async () => {
    const module = require.resolve("../../cli/engine/run-folder");
    const script = `require(${JSON.stringify(module)}).makeRunFolder(${JSON.stringify(state)}).then((made) => {
      process.stdout.write(made, () => process.kill(process.pid, "SIGKILL"));
    })`;
    const made = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout;
    assert.ok(existsSync(made));
    const next = await makeRunFolder(state);
    assert.deepEqual(readdirSync(state), [basename(next)]);
  });
});
