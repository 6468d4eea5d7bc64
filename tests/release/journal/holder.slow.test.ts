import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../../release/journal/folder-store";
import { StoreAway } from "../../../release/journal/store-fault";
import { until } from "../../support/until";
import { intent, keyPair, signedBy } from "../support/journals";

const program = join(__dirname, "holder-process.js");

describe("a holder that is stopped, killed, or has no space", function () {
  this.timeout(60_000);
  const keys = keyPair();
  let folder: string;
  let store: FolderStore;
  let child: ChildProcess | undefined;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
    writeFileSync(join(folder, "key.pem"), keys.pem, { mode: 0o600 });
    store = new FolderStore(join(folder, "releases"), { ...signedBy(keys), leaseSeconds: 2 });
    output = "";
  });

  afterEach(async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    child = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const said = () =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const acknowledged = () => Math.max(-1, ...said().map(({ sequence }) => Number(sequence ?? -1))) + 1;

  async function startBusy(records: number): Promise<ChildProcess> {
    const started = spawn(
      process.execPath,
      [program, join(folder, "releases"), join(folder, "key.pem"), "busy"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    child = started;
    started.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    await until(`${records} records`, () => acknowledged() >= records);
    return started;
  }

  for (const records of [1, 7, 20]) {
    it(`writes nothing after SIGSTOP past its lease's end and SIGCONT (stopped after ${records} or more records)`, async () => {
      const holder = await startBusy(records);
      holder.kill("SIGSTOP");
      const lease = await until("the lease is taken over", () =>
        store.takeOver("shop", "Omar").catch(notOver),
      );
      const journal = store.open("shop", "r-1", lease);
      const before = acknowledged();
      await journal.append(intent("of the new holder"));
      const digest = digestOf(folder);
      const ended = once(holder, "exit");
      holder.kill("SIGCONT");
      await ended;
      assert.equal(said().find(({ lost }) => lost !== undefined)?.lost, true);
      assert.deepEqual(said().at(-1), { afterwards: [true, true] });
      const { records: kept, fault } = await store.inspect("shop", "r-1");
      assert.equal(fault, undefined);
      assert.ok(kept.length >= before + 1, "an acknowledged record is missing");
      assert.deepEqual(kept.at(-1)?.entry, intent("of the new holder"));
      assert.deepEqual(digestOf(folder), digest, "something that is read was changed");
      await lease.check();
      await lease.leave();
    });
  }

  for (let run = 1; run <= 6; run++) {
    it(`loses nothing that was acknowledged to it when it is killed, and is taken over at once (${run})`, async () => {
      const holder = await startBusy(run * 3);
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
      const asked = performance.now();
      const lease = await store.takeOver("shop", "Omar");
      await store.open("shop", "r-1", lease).append(intent("of the new holder"));
      assert.ok(performance.now() - asked < 1500, "a process that has ended was waited for");
      const { records, fault, unacknowledgedBytes } = await store.inspect("shop", "r-1");
      assert.equal(fault, undefined);
      assert.equal(unacknowledgedBytes, 0);
      assert.ok(records.length >= acknowledged() + 1, `${records.length} of ${acknowledged()} and one`);
      await lease.leave();
    });
  }

  it("says that the disk is full, keeps what was acknowledged, and goes on when there is space", function () {
    const place = join(folder, "small");
    mkdirSync(place);
    const script = 'mount -t tmpfs -o size=192k tmpfs "$1" && exec "$2" "$3" "$1/releases" "$4" full';
    const argv = ["-rm", "sh", "-c", script, "sh", place, process.execPath, program, join(folder, "key.pem")];
    const { stdout, error } = spawnSync("unshare", argv, { encoding: "utf8" });
    if (error !== undefined || stdout === "") {
      // A small file system of one's own is not permitted everywhere.
      console.log("      skipped: unshare(1) may not mount a tmpfs here");
      return this.skip();
    }
    const report = JSON.parse(stdout.trim().split("\n").at(-1) as string) as Record<
      string,
      number | string | boolean
    >;
    assert.equal(report.error, undefined);
    assert.match(String(report.message), /the store of the journals .* cannot be used: ENOSPC/);
    assert.equal(report.away, true);
    assert.equal(report.readWhileFull, report.acknowledged);
    assert.equal(report.records, Number(report.acknowledged) + 1);
    assert.equal(report.fault, undefined);
  });

  it("says that the folder is read-only, and by which path", async () => {
    if (process.seteuid === undefined || process.geteuid?.() !== 0) {
      const closed = join(folder, "closed");
      mkdirSync(closed, { mode: 0o500 });
      return refused(closed);
    }
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(folder, 0o755);
    chmodSync(closed, 0o555);
    process.seteuid(65534);
    try {
      await refused(closed);
    } finally {
      process.seteuid(0);
    }
  });

  async function refused(place: string): Promise<void> {
    const closed = new FolderStore(join(place, "releases"), signedBy(keys));
    assert.equal(await closed.lease("shop"), undefined);
    await assert.rejects(closed.acquire("shop", "r-1", "Lena"), (error) => {
      assert.ok(error instanceof StoreAway);
      assert.match(error.message, /cannot be used: EACCES: permission denied.*closed/);
      assert.match(error.mend ?? "", /permission/);
      return true;
    });
  }
});

function notOver(error: Error): undefined {
  if (!/not over/.test(error.message)) throw error;
  return undefined;
}

/** Of all that is read: a stopped holder may still finish a write to its own file, which nobody reads any more. */
function digestOf(folder: string): Readonly<Record<string, string>> {
  const system = join(folder, "releases", "shop");
  const names = [
    ...readdirSync(join(system, "r-1"))
      .filter((name) => !name.startsWith("journal-1"))
      .map((name) => join("r-1", name)),
    ...readdirSync(join(system, "heads", "r-1"))
      .filter((name) => name !== "1")
      .map((name) => join("heads", "r-1", name)),
  ];
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(system, name)))
        .digest("hex"),
    ]),
  );
}
