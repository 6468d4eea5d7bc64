import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { discardCutOffUpdate } from "../../cli/engine/first-update";
import { lockFolder } from "../../cli/engine/recovery";
import { deadPid } from "../support/dead-pid";

describe("what a first update that was ended has left", () => {
  let stateDir: string;
  const workspace = () => ({ root: stateDir, dist: "", policyPack: "", stateDir });
  const isThere = (name: string) => existsSync(join(stateDir, name));

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-first-"));
    mkdirSync(join(stateDir, "cloud", "resources"), { recursive: true });
    writeFileSync(join(stateDir, "first-update"), "");
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  function lockedBy(pid: number): void {
    const folder = lockFolder(join(stateDir, "backend"), "dev");
    mkdirSync(folder, { recursive: true });
    const lock = { pid, username: "u", hostname: hostname(), timestamp: new Date().toISOString() };
    writeFileSync(join(folder, "one.json"), JSON.stringify(lock));
  }

  it("stays while an engine that outlived the CLI runs on it", async () => {
    lockedBy(process.pid);
    await assert.rejects(discardCutOffUpdate(workspace()), /is being updated: locked by process/);
    assert.ok(isThere("cloud/resources") && isThere("first-update"));
  });

  it("is taken away once the engine is gone too, with its lock", async () => {
    lockedBy(deadPid());
    const lines = await discardCutOffUpdate(workspace());
    assert.match(lines.join("\n"), /^Cleared the lock[^\n]*\nThe first update was ended before/);
    assert.ok(!isThere("cloud") && !isThere("first-update"));
  });

  it("is nothing without the mark: no lock is looked at", async () => {
    rmSync(join(stateDir, "first-update"));
    lockedBy(process.pid);
    assert.deepEqual(await discardCutOffUpdate(workspace()), []);
    assert.ok(isThere("cloud/resources"));
  });
});
