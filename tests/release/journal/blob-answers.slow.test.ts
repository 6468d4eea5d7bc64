import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import type { ContainerClient } from "@azure/storage-blob";
import { readBlob } from "../../../release/journal/blob-calls";
import { BlobStore } from "../../../release/journal/blob-store";
import { LeaseLost } from "../../../release/journal/journal";
import { Azurite } from "../support/azurite";
import { intent, keyPair, signedBy, started, TestClock } from "../support/journals";
import { LossyProxy } from "../support/lossy-proxy";

/** What is carried out and told nobody, and what happens between two requests, against Azurite. */
describe("journals in a container whose answers get lost, and whose holders sleep", () => {
  const keys = keyPair();
  let azurite: Azurite;
  let proxy: LossyProxy;
  let direct: ContainerClient;
  let store: BlobStore;

  before(async function () {
    this.timeout(60_000);
    azurite = await Azurite.start();
    proxy = await LossyProxy.start(Number(new URL(azurite.url).port));
  });

  beforeEach(async () => {
    proxy.meddling = {};
    direct = await azurite.container();
    store = new BlobStore(azurite.client(direct.containerName, proxy.url), signedBy(keys));
  });

  after(async () => {
    await proxy?.stop();
    await azurite?.stop();
  });

  /** The answer to the first request of this method whose path fits is lost. */
  const losing = (method: string, path: RegExp) => {
    let isLost = false;
    proxy.meddling = {
      loses: (request) => {
        if (isLost || request.method !== method || !path.test(request.url ?? "")) return false;
        isLost = true;
        return true;
      },
    };
    return () => isLost;
  };

  it("takes a lease whose first answer was lost: nobody else has it", async () => {
    const isLost = losing("PUT", /shop\/lease\.json$/);
    const lease = await store.acquire("shop", "r-1", "Lena");
    assert.equal(isLost(), true);
    await store.open("shop", "r-1", lease).append(started("r-1"));
    await assert.rejects(store.acquire("shop", "r-2", "Omar"), /is being released/);
    await lease.giveBack();
  });

  it("goes on when the answer to its first head was lost", async () => {
    const lease = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", lease);
    const isLost = losing("PUT", /heads\/r-1\/1$/);
    await journal.append(started("r-1"));
    assert.equal(isLost(), true);
    await journal.append(intent("a"));
    assert.equal((await store.open("shop", "r-1").read()).length, 2);
    await lease.giveBack();
  });

  it("goes on in another blob when the answer to the copy of what was before was lost", async () => {
    const first = await store.acquire("shop", "r-1", "Lena");
    await store.open("shop", "r-1", first).append(started("r-1"));
    await first.leave();
    const lease = await store.takeOver("shop", "Omar");
    const isLost = losing("PUT", /journal-2\.jsonl\?comp=appendblock/);
    await store.open("shop", "r-1", lease).append(intent("a"));
    assert.equal(isLost(), true);
    assert.equal((await store.open("shop", "r-1").read()).length, 2);
    await lease.giveBack();
  });

  it("reads a blob as it was at one moment, also when it is written over by something longer", async () => {
    const blob = direct.getBlockBlobClient("shop/lease.json");
    const write = (text: string) => blob.upload(text, text.length);
    await write("short\n");
    let requests = 0;
    proxy.meddling = {
      before: async (_request: IncomingMessage) => {
        if (++requests === 2) await write("much longer\n");
      },
    };
    const seen = azurite.client(direct.containerName, proxy.url).getBlobClient("shop/lease.json");
    assert.equal((await readBlob(seen, "here"))?.toString(), "short\n");
    proxy.meddling = {};
    await blob.deleteIfExists();
    assert.equal(await readBlob(seen, "here"), undefined);
  });

  it("leaves its successor's journal alone when it wakes", async () => {
    const clock = new TestClock();
    const sleeping = new BlobStore(direct, { ...signedBy(keys), clock });
    const old = await sleeping.acquire("shop", "r-1", "Lena");
    await sleeping.open("shop", "r-1", old).append(started("r-1"));
    await direct.getBlobClient("shop/lease.json").getBlobLeaseClient().breakLease(0);
    const lease = await store.takeOver("shop", "Omar");
    const journal = store.open("shop", "r-1", lease);
    await journal.append(intent("a"));
    await assert.rejects(sleeping.open("shop", "r-1", old).append(intent("late")), LeaseLost);
    await journal.append(intent("b"));
    assert.equal((await journal.read()).length, 3);
    await lease.giveBack();
  });

  it("says who has it to a process that slept while it took a release over", async () => {
    const first = await store.acquire("shop", "r-1", "Lena");
    await store.open("shop", "r-1", first).append(started("r-1"));
    await first.leave();
    const other = new BlobStore(direct, signedBy(keys));
    let taken: Awaited<ReturnType<typeof other.takeOver>> | undefined;
    proxy.meddling = {
      before: async ({ method, url, headers }) => {
        // The write that says who has it now.
        if (taken !== undefined || method !== "PUT" || !url?.endsWith("lease.json")) return;
        if (headers["x-ms-lease-id"] === undefined) return;
        await direct.getBlobClient("shop/lease.json").getBlobLeaseClient().breakLease(0);
        taken = await other.takeOver("shop", "Omar");
      },
    };
    await assert.rejects(store.takeOver("shop", "Ana"), {
      name: "UserError",
      message: /shop is being released: .*held by Omar/,
    });
    await taken?.giveBack();
  });
});
