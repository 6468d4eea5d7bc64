import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import { FolderStore } from "../../../release/journal/folder-store";
import { type HeldLease, LeaseLost } from "../../../release/journal/journal";
import { LocalJournal, leaseForRollback, pendingFile } from "../../../release/journal/local-journal";
import { StoreAway } from "../../../release/journal/store-fault";
import type { DatedJournal } from "../../../release/journal/stored-journal";
import { intent, keyPair, signedBy, started, TestClock, testMachine } from "../support/journals";

describe("a rollback without the store of its journal", () => {
  const keys = keyPair();
  let folder: string;
  let clock: TestClock;
  let store: FolderStore;
  let lease: HeldLease;
  let switchable: Switchable;
  let rollingBack: boolean;
  let said: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
    clock = new TestClock();
    store = new FolderStore(join(folder, "releases"), {
      ...signedBy(keys),
      clock,
      machine: testMachine(clock),
    });
    lease = await store.acquire("shop", "r-1", "Lena");
    switchable = new Switchable(store.open("shop", "r-1", lease));
    rollingBack = false;
    said = [];
    await switchable.append(started("r-1"));
  });

  afterEach(async () => {
    await lease.leave();
    rmSync(folder, { recursive: true, force: true });
  });

  const local = (place = join(folder, "local")) =>
    new LocalJournal(switchable, {
      system: "shop",
      release: "r-1",
      folder: place,
      rollingBack: () => rollingBack,
      clock,
      say: (text) => said.push(text),
    });

  const stepsIn = (records: readonly JournalRecord[]) =>
    records.map(({ entry }) => (entry.kind === "intent" ? entry.step : entry.kind));
  const stored = async () => stepsIn(await store.open("shop", "r-1").read());

  it("stops a forward step instead, and keeps nothing of it", async () => {
    switchable.away = true;
    await assert.rejects(local().append(intent("a")), StoreAway);
    assert.deepEqual(readdirSync(folder), ["releases"]);
  });

  it("goes on, asks the store once, and writes all of it when the store is back, with the times it had", async () => {
    const journal = local();
    await journal.append(intent("a"));
    rollingBack = true;
    switchable.away = true;
    const calls = switchable.calls;
    const times: string[] = [];
    for (const step of ["b", "c", "d"]) {
      clock.pass(1);
      times.push((await journal.append(intent(step))).at);
    }
    assert.equal(switchable.calls, calls + 1);
    assert.equal(journal.isBehind, true);
    await assert.rejects(journal.reconcile(), StoreAway);
    assert.deepEqual(await stored(), ["started", "a"]);
    switchable.away = false;
    clock.pass(5);
    await journal.reconcile();
    assert.deepEqual(await stored(), ["started", "a", "b", "c", "d"]);
    const records = await store.open("shop", "r-1").read();
    assert.deepEqual(
      records.slice(2).map(({ at }) => at),
      times,
    );
    assert.equal(journal.isBehind, false);
    await journal.append(intent("e"));
    assert.deepEqual(await stored(), ["started", "a", "b", "c", "d", "e"]);
    assert.equal(said.length, 2);
  });

  it("shows what waits behind what the store has", async () => {
    const journal = local();
    rollingBack = true;
    switchable.away = true;
    await journal.append(intent("b"));
    switchable.away = false;
    assert.deepEqual(stepsIn(await journal.read()), ["started", "b"]);
  });

  it("recognises what the store took although its answer was lost", async () => {
    const journal = local();
    rollingBack = true;
    switchable.losesAnswer = true;
    await journal.append(intent("b"));
    await journal.append(intent("c"));
    switchable.losesAnswer = false;
    await journal.reconcile();
    assert.deepEqual(await stored(), ["started", "b", "c"]);
  });

  it("keeps two equal entries apart", async () => {
    const journal = local();
    rollingBack = true;
    switchable.away = true;
    await journal.append(intent("b"));
    await journal.append(intent("b"));
    switchable.away = false;
    await journal.reconcile();
    assert.deepEqual(await stored(), ["started", "b", "b"]);
  });

  for (const written of [0, 1, 2]) {
    it(`is reconciled by the next process, when this one ended with ${written} of 3 written`, async () => {
      const journal = local();
      rollingBack = true;
      switchable.away = true;
      for (const step of ["b", "c", "d"]) await journal.append(intent(step));
      switchable.away = false;
      switchable.takes = written;
      await assert.rejects(journal.reconcile(), StoreAway);
      switchable.takes = Number.POSITIVE_INFINITY;
      const next = local();
      await next.append(intent("e"));
      assert.deepEqual(await stored(), ["started", "b", "c", "d", "e"]);
      assert.deepEqual(readdirSync(join(folder, "local")), []);
    });
  }

  it("goes on in memory when its own folder cannot be written either, and says so", async () => {
    writeFileSync(join(folder, "file"), "");
    const journal = local(join(folder, "file", "local"));
    rollingBack = true;
    switchable.away = true;
    await journal.append(intent("b"));
    assert.match(said.join("\n"), /cannot be written either .* keeps it in memory/);
    switchable.away = false;
    await journal.reconcile();
    assert.deepEqual(await stored(), ["started", "b"]);
  });

  for (const left of ["", "b"]) {
    it(`goes on behind a line that was cut off${left && ", and what stood before it"}: the next process reads all of it`, async () => {
      rollingBack = true;
      switchable.away = true;
      const killed = local();
      await killed.append(intent("x"));
      const file = join(folder, "local", pendingFile("shop", "r-1"));
      const whole = readFileSync(file, "utf8");
      writeFileSync(file, `${left && whole}${whole.slice(0, 20)}`);
      const next = local();
      for (const step of ["c", "d"]) await next.append(intent(step));
      switchable.away = false;
      await local().reconcile();
      assert.deepEqual(await stored(), ["started", ...(left && ["x"]), "c", "d"]);
    });
  }

  it("keeps in its file also what it could not write there at first", async () => {
    const place = join(folder, "local");
    writeFileSync(place, "");
    const journal = local(place);
    rollingBack = true;
    switchable.away = true;
    await journal.append(intent("b"));
    rmSync(place);
    await journal.append(intent("c"));
    switchable.away = false;
    await local(place).reconcile();
    assert.deepEqual(await stored(), ["started", "b", "c"]);
  });

  it("lets the guard of a rollback pass while the store is away, and never when the lease is lost", async () => {
    let answer: Error | undefined = new StoreAway("x", "y");
    const guard = leaseForRollback(
      { ...lease, check: async () => Promise.reject(answer) } as HeldLease,
      () => rollingBack,
    );
    await assert.rejects(guard.check(), StoreAway);
    rollingBack = true;
    await guard.check();
    answer = new LeaseLost("taken");
    await assert.rejects(guard.check(), LeaseLost);
  });
});

/** A journal whose store can be taken away. */
class Switchable implements DatedJournal {
  away = false;
  losesAnswer = false;
  takes = Number.POSITIVE_INFINITY;
  calls = 0;

  constructor(private readonly journal: DatedJournal) {}

  async read(): Promise<readonly JournalRecord[]> {
    if (this.away) throw new StoreAway("the test", "it is away");
    return this.journal.read();
  }

  async append(entry: JournalEntry, at?: Date): Promise<JournalRecord> {
    this.calls++;
    if (this.away || this.takes-- <= 0) throw new StoreAway("the test", "it is away");
    const record = await this.journal.append(entry, at);
    if (this.losesAnswer) throw new StoreAway("the test", "the answer was lost");
    return record;
  }
}
