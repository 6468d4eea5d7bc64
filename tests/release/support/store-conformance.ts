import assert from "node:assert/strict";
import type { JournalEntry } from "../../../release/journal/entry";
import { type HeldLease, LeaseLost } from "../../../release/journal/journal";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import { command, intent, started } from "./journals";

export interface StoreUnderTest {
  /** Another process's view of the same store. */
  store(): VerifiableStore;
  /** The holder's lease runs out, as when its process was stopped: no heartbeat of it gets through. */
  expire(lease: HeldLease): Promise<void>;
}

/** What every store of journals must do. `make` is asked before each test. */
export function conformsAsStore(make: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: VerifiableStore;
  const held: HeldLease[] = [];

  beforeEach(async () => {
    under = await make();
    store = under.store();
  });

  afterEach(async () => {
    for (const lease of held.splice(0))
      await lease.leave().catch((error) => assert.ok(error instanceof LeaseLost));
  });

  async function acquire(release = "r-1", holder = "Lena"): Promise<HeldLease> {
    const lease = await store.acquire("shop", release, holder);
    held.push(lease);
    return lease;
  }

  async function takeOver(holder = "Omar", by = under.store()): Promise<HeldLease> {
    const lease = await by.takeOver("shop", holder);
    held.push(lease);
    return lease;
  }

  async function write(lease: HeldLease, ...entries: JournalEntry[]): Promise<void> {
    const journal = store.open("shop", lease.release, lease);
    for (const entry of entries) await journal.append(entry);
  }

  const stepsOf = async (release = "r-1") =>
    (await under.store().open("shop", release).read()).map(({ entry }) =>
      entry.kind === "intent" ? entry.step : entry.kind,
    );

  it("gives back what was appended, in order, to whoever reads", async () => {
    await write(await acquire(), started("r-1"), intent("a"), intent("b"));
    assert.deepEqual(await stepsOf(), ["started", "a", "b"]);
    const records = await under.store().open("shop", "r-1").read();
    assert.deepEqual(
      records.map(({ sequence }) => sequence),
      [0, 1, 2],
    );
    assert.equal(records[0]?.previous, "r-1");
  });

  it("keeps the order of appends that nobody waited for", async () => {
    const journal = store.open("shop", "r-1", await acquire());
    await Promise.all(
      [started("r-1"), intent("a"), intent("b"), intent("c")].map((entry) => journal.append(entry)),
    );
    assert.deepEqual(await stepsOf(), ["started", "a", "b", "c"]);
  });

  it("has no records of a release that never began", async () => {
    assert.deepEqual(await store.open("shop", "r-1").read(), []);
    assert.deepEqual(await store.releases("shop"), []);
    assert.equal(await store.lease("shop"), undefined);
  });

  it("refuses a second release of a system and names who holds it; another system is free", async () => {
    await acquire();
    await assert.rejects(
      under.store().acquire("shop", "r-2", "Omar"),
      /shop is being released: release r-1, held by Lena, lease until 20/,
    );
    held.push(await store.acquire("desk", "r-2", "Omar"));
    assert.equal((await store.lease("desk"))?.release, "r-2");
  });

  it("lets one of many win who acquire at once", async () => {
    const all = await Promise.allSettled(
      ["a", "b", "c", "d", "e", "f"].map((holder) => under.store().acquire("shop", `r-${holder}`, holder)),
    );
    const won = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    held.push(...won);
    assert.equal(won.length, 1);
    assert.equal((await store.lease("shop"))?.holder, won[0]?.holder);
  });

  it("takes no lease over that is alive, and none that nobody holds", async () => {
    await assert.rejects(store.takeOver("shop", "Omar"), /no release of shop/);
    await acquire();
    await assert.rejects(under.store().takeOver("shop", "Omar"), /held by Lena, .*not over/);
  });

  it("refuses a new release while one is unfinished whose lease has expired", async () => {
    await under.expire(await acquire());
    await assert.rejects(
      under.store().acquire("shop", "r-2", "Omar"),
      /release r-1, held by Lena, its lease expired/,
    );
  });

  it("gives an expired lease to one of many, for the same release and with the next epoch", async () => {
    const old = await acquire();
    await under.expire(old);
    const all = await Promise.allSettled(
      ["b", "c", "d"].map((holder) => under.store().takeOver("shop", holder)),
    );
    const won = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    held.push(...won);
    assert.equal(won.length, 1);
    assert.equal(won[0]?.release, "r-1");
    assert.equal(won[0]?.epoch, old.epoch + 1);
  });

  it("says to a holder whose lease was taken over that it is lost, and takes nothing of it", async () => {
    const old = await acquire();
    const journal = store.open("shop", "r-1", old);
    await journal.append(started("r-1"));
    await journal.append(intent("a"));
    await under.expire(old);
    await write(await takeOver(), intent("b"));
    await assert.rejects(journal.append(intent("late")), LeaseLost);
    await assert.rejects(old.check(), LeaseLost);
    await assert.rejects(old.giveBack(), LeaseLost);
    assert.deepEqual(await stepsOf(), ["started", "a", "b"]);
    assert.equal((await store.lease("shop"))?.holder, "Omar");
  });

  it("goes on with a chain that its earlier holder began, over several holders", async () => {
    const first = await acquire();
    await write(first, started("r-1"), intent("a"));
    await first.leave();
    const second = await takeOver();
    await write(second, intent("b"));
    await second.leave();
    await write(await takeOver("Ana"), intent("c"), intent("d"));
    assert.deepEqual(await stepsOf(), ["started", "a", "b", "c", "d"]);
    assert.equal((await store.inspect("shop", "r-1")).fault, undefined);
  });

  it("is taken over at once when its holder left, and stays unfinished until then", async () => {
    await (await acquire()).leave();
    await assert.rejects(under.store().acquire("shop", "r-2", "Omar"), /release r-1/);
    const lease = await takeOver();
    assert.equal(lease.holder, "Omar");
    await lease.check();
  });

  it("is free when the lease was given back, and never gives an epoch twice", async () => {
    const first = await acquire();
    await write(first, started("r-1"));
    await first.giveBack();
    assert.equal(await store.lease("shop"), undefined);
    const second = await acquire("r-2", "Omar");
    assert.ok(second.epoch > first.epoch);
    await write(second, started("r-2"));
    assert.deepEqual(await store.releases("shop"), ["r-1", "r-2"]);
  });

  it("keeps commands for the holder, in the order of their times, each once", async () => {
    await write(await acquire(), started("r-1"));
    const later = command("b-2", "2026-11-21T12:00:01.000Z");
    const sender = under.store();
    await sender.send("shop", "r-1", later);
    await sender.send("shop", "r-1", { ...command("a-1"), answer: { rows: 3 } });
    await sender.send("shop", "r-1", later);
    const found = await store.commands("shop", "r-1", new Set());
    assert.deepEqual(
      found.map(({ id }) => id),
      ["a-1", "b-2"],
    );
    assert.deepEqual(found[0]?.answer, { rows: 3 });
    assert.deepEqual(await store.commands("shop", "r-1", new Set(["a-1"])), [later]);
  });

  it("refuses a command to a release that there is not, and names those that there are", async () => {
    await write(await acquire(), started("r-1"));
    await assert.rejects(store.send("shop", "r-7", command("a")), (error: Error & { mend?: string }) => {
      assert.match(error.message, /shop has no release r-7/);
      assert.match(error.mend ?? "", /r-1/);
      return true;
    });
  });

  it("refuses ids that would lead out of their place", async () => {
    for (const id of ["../other", "a/b", "", ".hidden", "heads", "leases", "a\0b", "x".repeat(101)]) {
      await assert.rejects(store.acquire("shop", id, "Lena"), /cannot be the id of a release/);
      await assert.rejects(async () => store.open(id, "r-1").read(), /cannot be the id of a system/);
    }
  });

  it("says that a release has ended, and how", async () => {
    const lease = await acquire();
    await write(lease, started("r-1"));
    assert.equal((await store.inspect("shop", "r-1")).outcome, undefined);
    await write(lease, { kind: "ended", outcome: "rolledBack", why: "errors" });
    const inspection = await store.inspect("shop", "r-1");
    assert.equal(inspection.outcome, "rolledBack");
    assert.equal(inspection.records.length, 2);
    assert.equal(inspection.signedBy.length, 1);
  });
}
