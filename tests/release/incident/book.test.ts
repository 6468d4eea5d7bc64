import assert from "node:assert/strict";
import { IncidentBook, incidentId } from "../../../release/incident/book";
import type { IncidentEvent } from "../../../release/incident/events";
import { MemoryStore } from "../../../release/journal/memory-store";
import { TestClock } from "../support/journals";

const id = "incident-20261121T120000Z-0001";
const opened: IncidentEvent = {
  event: "opened",
  incident: id,
  about: "incident",
  by: "ann",
  environment: "dev",
  since: "2026-11-21T12:00:00.000Z",
  summary: "it is slow",
};

describe("the journals of a system's incidents", () => {
  let clock: TestClock;
  let store: MemoryStore;
  const book = (holder = "one") => new IncidentBook(store, "kirana-store", holder, clock);
  beforeEach(() => {
    clock = new TestClock();
    store = new MemoryStore(clock);
  });

  it("are written by many people, each with the lease for one write only", async () => {
    await book("one").write(id, () => [opened]);
    await book("two").write(id, () => [{ event: "acknowledged", by: "bob" }]);
    const state = await book("three").read(id);
    assert.equal(state.acknowledged?.by, "bob");
    assert.deepEqual(
      (await book().open()).map(({ opened: one }) => one.summary),
      ["it is slow"],
    );
  });

  it("stand beside the releases and are none of them, nor hold their lease", async () => {
    await book().write(id, () => [opened]);
    assert.deepEqual(await store.releases("kirana-store"), []);
    const lease = await store.acquire("kirana-store", "kirana-store-1", "release:1");
    await book().write(id, () => [{ event: "acknowledged", by: "bob" }]);
    await lease.check();
  });

  it("read what is there anew before each write, so that nothing is written twice", async () => {
    const once = (events: readonly IncidentEvent[]) =>
      book().write(id, (state) => (state === undefined ? events : []));
    await once([opened]);
    await once([opened]);
    assert.equal((await book().read(id)).timeline.length, 1);
  });

  it("wait for a write that is under way, and go on when it is done", async () => {
    await book().write(id, () => [opened]);
    const other = await store.acquire("kirana-store.incidents", id, "somebody");
    let written = false;
    const writing = book()
      .write(id, () => [{ event: "acknowledged", by: "bob" }])
      .then(() => {
        written = true;
      });
    while (clock.sleeping === 0) await new Promise(setImmediate);
    assert.equal(written, false);
    await other.giveBack();
    clock.pass(1);
    await writing;
    assert.equal((await book().read(id)).acknowledged?.by, "bob");
  });

  it("are free again when a process ended in the middle of a write", async () => {
    await book().write(id, () => [opened]);
    await store.acquire("kirana-store.incidents", id, "gone");
    store.expire("kirana-store.incidents");
    const writing = book().write(id, () => [{ event: "acknowledged", by: "bob" }]);
    while (clock.sleeping === 0) await new Promise(setImmediate);
    clock.pass(1);
    assert.equal((await writing)?.acknowledged?.by, "bob");
  });

  it("have ids that sort by time", () => {
    assert.equal(incidentId(new Date("2026-11-21T12:00:00.123Z"), "4f2a"), "incident-20261121T120000Z-4f2a");
  });
});
