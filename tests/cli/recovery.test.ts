import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { clearDeadLocks } from "../../cli/engine/recovery";
import { deadPid } from "../support/dead-pid";

describe("locks of the file backend", () => {
  let folder: string;
  let file: string;

  const writeLock = (lock: object) =>
    writeFileSync(
      file,
      JSON.stringify({
        pid: process.pid,
        username: "someone",
        hostname: hostname(),
        timestamp: new Date().toISOString(),
        ...lock,
      }),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-locks-"));
    file = join(folder, "lock.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("clears the lock of a process that no longer runs, and says whose it was", async () => {
    const pid = deadPid();
    writeLock({ pid });
    const lines = await clearDeadLocks(folder, "dev");
    assert.equal(existsSync(file), false);
    assert.match(lines.join("\n"), new RegExp(`process ${pid} of someone`));
  });

  it("takes the backend's attribute file of a lock away with it", async () => {
    writeLock({ pid: deadPid() });
    writeFileSync(`${file}.attrs`, '{"md5":""}');
    assert.equal((await clearDeadLocks(folder, "dev")).length, 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("never clears the lock of a live process", async () => {
    writeLock({});
    await assert.rejects(clearDeadLocks(folder, "dev"), /is being updated: locked by process/);
    assert.equal(existsSync(file), true);
  });

  it("never clears a lock of another host", async () => {
    writeLock({ hostname: "another-host", pid: 999_999_999 });
    await assert.rejects(clearDeadLocks(folder, "dev"), /another-host/);
    assert.equal(existsSync(file), true);
  });

  it("clears a lock whose process number belongs to a process that began later", async function () {
    if (process.platform !== "linux") this.skip();
    writeLock({ timestamp: "2001-01-01T00:00:00Z" });
    assert.equal((await clearDeadLocks(folder, "dev")).length, 1);
    assert.equal(existsSync(file), false);
  });

  it("refuses a lock file that it cannot read", async () => {
    writeFileSync(file, "{");
    await assert.rejects(clearDeadLocks(folder, "dev"), /cannot be read/);
    assert.equal(existsSync(file), true);
  });

  it("does nothing where there are no locks", async () => {
    assert.deepEqual(await clearDeadLocks(join(folder, "absent"), "dev"), []);
  });
});
