import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../../release/journal/folder-store";
import { LeaseLost } from "../../../release/journal/journal";
import { parseLease } from "../../../release/targets/lease";
import { intent, keyPair, signedBy, started, TestClock, testMachine } from "../support/journals";
import { conformsAsStore } from "../support/store-conformance";

describe("journals in a folder", () => {
  const keys = keyPair();
  let folder: string;
  let clock: TestClock;
  let machineTime: TestClock;

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "switchyard-journal-")), "releases");
    clock = new TestClock();
    machineTime = clock;
  });

  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  const store = (pid = 1, ended?: ReadonlySet<number>) =>
    new FolderStore(folder, { ...signedBy(keys), clock, machine: testMachine(machineTime, pid, ended) });

  describe("as every store", () => {
    conformsAsStore(async () => {
      machineTime = new TestClock();
      return {
        store: () => store(),
        // The holder does not notice: it is the store that must refuse it.
        expire: async () => {
          machineTime.jump(31);
          clock.set(31);
        },
      };
    });
  });

  it("keeps a lease that Track reads, and nothing for it to read when it is given back", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    const file = join(folder, "shop", "lease.json");
    assert.equal(parseLease(readFileSync(file, "utf8"), file).release, "r-1");
    await lease.giveBack();
    assert.throws(() => readFileSync(file), { code: "ENOENT" });
  });

  it("says of a broken lease how it is mended, and is free once that file is removed", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    const file = join(folder, "shop", "leases", "1", "lease.json");
    writeFileSync(file, "half a le");
    const broken = (error: Error & { mend?: string }) => {
      assert.ok(error.message.startsWith(`${file} holds no lease`), error.message);
      assert.match(error.mend ?? "", /restore it .*docs\/release\.md/);
      assert.doesNotMatch(error.mend ?? "", /release status/);
      return true;
    };
    await assert.rejects(store().lease("shop"), broken);
    await assert.rejects(store().acquire("shop", "r-2", "Omar"), broken);
    await lease.leave().catch(broken);
    rmSync(file);
    const next = await store().acquire("shop", "r-2", "Omar");
    assert.equal(next.epoch, 2);
    await next.giveBack();
  });

  it("is for its owner only", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    await store().open("shop", "r-1", lease).append(started("r-1"));
    for (const name of readdirSync(folder, { recursive: true })) {
      const { mode } = statSync(join(folder, String(name)));
      assert.equal(mode & 0o077, 0, String(name));
    }
    await lease.leave();
  });

  it("lets the heartbeat keep a lease far beyond its duration", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    for (let beat = 0; beat < 12; beat++) {
      await untilAsleep();
      clock.pass(10);
      await untilAsleep();
    }
    await lease.check();
    await assert.rejects(store().takeOver("shop", "Omar"), /not over/);
    await lease.leave();
  });

  it("ends a lease that its process slept through, also when nobody took it", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    const journal = store().open("shop", "r-1", lease);
    await journal.append(started("r-1"));
    clock.jump(31);
    await assert.rejects(lease.check(), LeaseLost);
    await assert.rejects(journal.append(intent("late")), LeaseLost);
    assert.equal((await store().open("shop", "r-1").read()).length, 1);
  });

  for (const [name, seconds] of [
    ["back by an hour", -3600],
    ["forward by an hour", 3600],
  ] as const) {
    it(`neither extends nor ends a lease when the wall clock is set ${name}`, async () => {
      const lease = await store().acquire("shop", "r-1", "Lena");
      clock.set(seconds);
      await lease.check();
      await assert.rejects(store().takeOver("shop", "Omar"), /not over/);
      clock.jump(31);
      await (await store().takeOver("shop", "Omar")).leave();
    });
  }

  it("is taken over at once from a process of this machine that has ended, not from one that only sleeps", async () => {
    const ended = new Set<number>();
    await store(7).acquire("shop", "r-1", "Lena");
    await assert.rejects(store(8, ended).takeOver("shop", "Omar"), /not over/);
    ended.add(7);
    const lease = await store(8, ended).takeOver("shop", "Omar");
    assert.equal(lease.epoch, 2);
    await lease.leave();
  });

  it("goes by the wall clock when the lease is another machine's", async () => {
    await new FolderStore(folder, {
      ...signedBy(keys),
      clock,
      machine: { ...testMachine(clock, 7), id: "elsewhere" },
    }).acquire("shop", "r-1", "Lena");
    await assert.rejects(store(8, new Set([7])).takeOver("shop", "Omar"), /not over/);
    clock.set(31);
    await (await store(8).takeOver("shop", "Omar")).leave();
  });

  it("sets lease.json right when one that was stopped while it claimed set it back", async () => {
    const lease = await store().acquire("shop", "r-1", "Lena");
    const file = join(folder, "shop", "lease.json");
    rmSync(file);
    await untilAsleep();
    clock.pass(10);
    await untilAsleep();
    assert.equal(readlinkSync(file), join("leases", "1", "lease.json"));
    await lease.leave();
  });

  it("passes over a command that cannot be read and says so: a rollback behind it is still found", async () => {
    const said: string[] = [];
    const lease = await store().acquire("shop", "r-1", "Lena");
    await store().open("shop", "r-1", lease).append(started("r-1"));
    const listening = new FolderStore(folder, { ...signedBy(keys), warn: (text) => said.push(text) });
    await store().send("shop", "r-1", {
      id: "x",
      command: "hold",
      by: "Lena",
      at: "2026-11-21T12:00:00.000Z",
    });
    const commands = join(folder, "shop", "r-1", "commands");
    const [name] = readdirSync(commands);
    writeFileSync(join(commands, name as string), "{ half");
    await store().send("shop", "r-1", {
      id: "y",
      command: "rollback",
      by: "Lena",
      at: "2026-11-21T12:00:01.000Z",
    });
    const found = await listening.commands("shop", "r-1", new Set());
    assert.deepEqual(
      found.map(({ id }) => id),
      ["y"],
    );
    assert.match(said.join(), /x\.json is no command .* no JSON/);
    await lease.leave();
  });

  /** The heartbeat's work is done when it sleeps again. */
  async function untilAsleep(): Promise<void> {
    const deadline = Date.now() + 5000;
    while (clock.sleeping === 0) {
      assert.ok(Date.now() < deadline, "the heartbeat does not sleep again");
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});
