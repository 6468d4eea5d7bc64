import assert from "node:assert/strict";
import { AnonymousCredential, ContainerClient } from "@azure/storage-blob";
import { patience } from "../../../release/journal/blob-calls";
import { BlobStore } from "../../../release/journal/blob-store";
import { LeaseLost } from "../../../release/journal/journal";
import { JournalFault, StoreAway } from "../../../release/journal/store-fault";
import { Azurite } from "../support/azurite";
import { intent, keyPair, signedBy, started, TestClock } from "../support/journals";
import { conformsAsStore } from "../support/store-conformance";

/** Against Azurite: what Azure itself answers to a broken or expired lease is by its documentation the same. */
describe("journals in a container of Blob Storage", () => {
  const keys = keyPair();
  let azurite: Azurite;

  before(async function () {
    this.timeout(60_000);
    azurite = await Azurite.start();
  });

  after(() => azurite?.stop());

  describe("as every store", () => {
    conformsAsStore(async () => {
      const { containerName } = await azurite.container();
      const clock = new TestClock();
      return {
        store: () => new BlobStore(azurite.client(containerName), { ...signedBy(keys), clock }),
        // As when its time is over: the service refuses the id from then on.
        expire: async () => {
          const blob = azurite.client(containerName).getBlobClient("shop/lease.json");
          await blob.getBlobLeaseClient().breakLease(0);
          clock.set(31);
        },
      };
    });
  });

  const options = { ...signedBy(keys), leaseSeconds: 15 };

  it("loses a lease that ran out: the time of the service counts, and nobody's clock", async function () {
    this.timeout(60_000);
    const { containerName } = await azurite.container();
    // Its heartbeat never wakes.
    const stopped = new BlobStore(azurite.client(containerName), { ...options, clock: new TestClock() });
    const old = await stopped.acquire("shop", "r-1", "Lena");
    const journal = stopped.open("shop", "r-1", old);
    await journal.append(started("r-1"));
    const store = new BlobStore(azurite.client(containerName), options);
    const asked = Date.now();
    const lease = await untilTaken(() => store.takeOver("shop", "Omar"));
    assert.ok(Date.now() - asked > 10_000, "it was alive and was taken over");
    await assert.rejects(old.check(), LeaseLost);
    await store.open("shop", "r-1", lease).append(intent("a"));
    await assert.rejects(journal.append(intent("late")), LeaseLost);
    assert.equal((await store.open("shop", "r-1").read()).length, 2);
    await lease.leave();
  });

  it("refuses, itself, what a holder writes after another took over", async () => {
    const { containerName } = await azurite.container();
    const client = azurite.client(containerName);
    const clock = new TestClock();
    const store = new BlobStore(client, { ...signedBy(keys), clock });
    const old = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", old);
    await journal.append(started("r-1"));
    await client.getBlobClient("shop/lease.json").getBlobLeaseClient().breakLease(0);
    const lease = await store.takeOver("shop", "Omar");
    await store.open("shop", "r-1", lease).append(intent("a"));
    const blob = client.getAppendBlobClient("shop/r-1/journal-1.jsonl");
    const before = (await blob.getProperties()).contentLength;
    await assert.rejects(journal.append(intent("late")), /the store refused a write \(Lease/);
    assert.equal((await blob.getProperties()).contentLength, before);
    await lease.leave();
  });

  it("recognises an append whose answer was lost: once in the journal, whoever asks again", async () => {
    const { containerName } = await azurite.container();
    const client = azurite.client(containerName);
    const store = new BlobStore(client, signedBy(keys));
    const lease = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", lease);
    await journal.append(started("r-1"));
    const { BlobMedium } = await import("../../../release/journal/blob-medium.js");
    const medium = new BlobMedium(client, "shop", "r-1", lease as never);
    const position = (await medium.readJournal("journal-1.jsonl"))?.length ?? 0;
    const line = Buffer.from("a line\n");
    await medium.append("journal-1.jsonl", position, line);
    await medium.append("journal-1.jsonl", position, line);
    assert.equal((await medium.readJournal("journal-1.jsonl"))?.length, position + line.length);
    // Nobody acknowledged it: the holder goes on in another blob.
    await journal.append(intent("a"));
    assert.equal((await journal.read()).length, 2);
    await lease.giveBack();
  });

  it("says that the store is away, stops forward steps, and goes on with the same lease when it is back", async function () {
    this.timeout(60_000);
    const { containerName } = await azurite.container();
    const store = new BlobStore(azurite.client(containerName), options);
    const lease = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", lease);
    await journal.append(started("r-1"));
    azurite.pause();
    try {
      await assert.rejects(lease.check(), StoreAway);
      await assert.rejects(journal.append(intent("a")), StoreAway);
    } finally {
      azurite.resume();
    }
    await lease.check();
    // What was on the way may have arrived: it was reported as failed and does not count.
    await journal.append(intent("b"));
    const steps = (await journal.read()).map(({ entry }) =>
      entry.kind === "intent" ? entry.step : entry.kind,
    );
    assert.deepEqual(steps, ["started", "b"]);
    await lease.giveBack();
  });

  it("says in words that nobody answers, and that it may pass", async () => {
    const away = new BlobStore(
      new ContainerClient("http://127.0.0.1:9/account/journals", new AnonymousCredential(), patience),
      options,
    );
    await assert.rejects(away.lease("shop"), (error) => {
      assert.ok(error instanceof StoreAway);
      assert.equal(error.retriable, true);
      assert.match(error.message, /journals\/shop\/lease\.json cannot be used: nothing listens there/);
      return true;
    });
  });

  it("lists a release whose journal was taken away from beside its head, and says that it is gone", async () => {
    const { containerName } = await azurite.container();
    const client = azurite.client(containerName);
    const store = new BlobStore(client, signedBy(keys));
    for (const release of ["r-1", "r-2"]) {
      const lease = await store.acquire("shop", release, "Lena");
      await store.open("shop", release, lease).append(started(release));
      await lease.giveBack();
    }
    await client.getAppendBlobClient("shop/r-1/journal-1.jsonl").delete();
    assert.deepEqual(await store.releases("shop"), ["r-1", "r-2"]);
    assert.match((await store.inspect("shop", "r-1")).fault?.message ?? "", /the journal is gone/);
  });

  it("tells a journal that was rewritten in its container", async () => {
    const { containerName } = await azurite.container();
    const client = azurite.client(containerName);
    const store = new BlobStore(client, signedBy(keys));
    const lease = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", lease);
    for (const entry of [started("r-1"), intent("a")]) await journal.append(entry);
    await lease.giveBack();
    const blob = client.getAppendBlobClient("shop/r-1/journal-1.jsonl");
    const text = (await blob.downloadToBuffer()).toString("utf8").replace('"a"', '"b"');
    await blob.delete();
    await blob.create();
    await blob.appendBlock(text, text.length);
    const { fault } = await store.inspect("shop", "r-1");
    assert.ok(fault instanceof JournalFault);
    assert.equal(fault.kind, "edited");
    assert.equal(fault.sequence, 1);
  });
});

async function untilTaken<T>(take: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 30_000; ; ) {
    try {
      return await take();
    } catch (error) {
      if (!/not over/.test((error as Error).message) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
