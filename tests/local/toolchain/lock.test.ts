import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { identify, isOwnerAlive, type ProcessIdentity } from "../../../local/daemon/process-identity";
import { withLock } from "../../../local/toolchain/process-lock";
import { deadPid } from "../../support/dead-pid";

describe("lock file", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-lock-"));
    file = join(folder, "locks", "one.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Leaves a lock as a process would that ended without release; the age is in seconds. */
  function left(content: string, age = 0): void {
    file = join(folder, "one.lock");
    writeFileSync(file, content);
    const then = new Date(Date.now() - age * 1000);
    utimesSync(file, then, then);
  }

  function held(...owners: ProcessIdentity[]): string {
    return JSON.stringify({ token: "somebody", owners });
  }

  /** Whether the lock could be had at once; otherwise the attempt is given up as soon as it waits. */
  async function free(): Promise<boolean> {
    const giveUp = new AbortController();
    const reason = new Error("waits");
    try {
      await withLock(file, async () => {}, { signal: giveUp.signal, onWait: () => giveUp.abort(reason) });
      return true;
    } catch (error) {
      assert.equal(error, reason);
      return false;
    }
  }

  it("is held by one at a time, and gone at the end", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await new Promise<void>((done) => setImmediate(done));
      inside--;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(file, work, {})));
    assert.equal(most, 1);
    assert.equal(existsSync(file), false);
  });

  it("is released when the work fails", async () => {
    await assert.rejects(
      withLock(file, () => Promise.reject(new Error("broken")), {}),
      /broken/,
    );
    assert.equal(await free(), true);
  });

  it("is taken over from a dead process, but not from a live one", async () => {
    left(held({ pid: deadPid(), host: hostname() }));
    assert.equal(await free(), true);
    left(held(identify()));
    assert.equal(await free(), false);
  });

  it("is taken over when the number now belongs to a later process", async function () {
    if (process.platform !== "linux") this.skip();
    left(held({ ...identify(), started: "1" }));
    assert.equal(await free(), true);
  });

  it("of a dead process stays held while a process that it had started lives", async () => {
    left(held({ pid: deadPid(), host: hostname() }, identify()));
    assert.equal(await free(), false);
  });

  it("names the processes that it covers", async () => {
    await withLock(
      file,
      async (lock) => {
        lock.covers(1);
        const { owners } = JSON.parse(readFileSync(file, "utf8")) as { owners: ProcessIdentity[] };
        assert.deepEqual(
          owners.map(({ pid }) => pid),
          [process.pid, 1],
        );
      },
      {},
    );
    assert.equal(existsSync(file), false);
  });

  it("without an owner is a wreck only once it is older than a process needs to write it", async () => {
    left("");
    assert.equal(await free(), false);
    left("", 6);
    assert.equal(await free(), true);
  });

  it("of another host counts as held until it has shown no life for a minute", async () => {
    const elsewhere = held({ pid: 1, host: "elsewhere" });
    left(elsewhere, 50);
    assert.equal(await free(), false);
    left(elsewhere, 61);
    assert.equal(await free(), true);
    assert.equal(isOwnerAlive({ pid: 1, host: "elsewhere" }), undefined);
  });

  it("that was taken over meanwhile is not released by its first holder", async () => {
    await withLock(file, async () => writeFileSync(file, held(identify())), {});
    assert.equal(existsSync(file), true);
  });
});
