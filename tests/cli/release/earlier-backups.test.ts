import assert from "node:assert/strict";
import { earlierBackups } from "../../../cli/release/earlier-releases";
import type { JournalEntry } from "../../../release/journal/entry";
import { MemoryStore } from "../../../release/journal/memory-store";

const system = "case-management";
const proof = { by: "restoreToScratch", seconds: 5 } as const;
const made = (recordedAs: string) => ({ backup: { store: "postgres", recordedAs, at: "" }, proof });

describe("backups that a restore may go back to", () => {
  it("are those of the releases before this one, the newest first", async () => {
    const store = new MemoryStore({ now: () => new Date(), monotonic: () => 0 });
    for (const [release, ...names] of [
      ["a-1", "one", "two"],
      ["a-2", "three"],
      ["a-3", "own"],
    ] as const) {
      const lease = await store.acquire(system, release, "test");
      const journal = store.open(system, release, lease);
      const plan = { steps: [], rollback: [], entries: {} };
      await journal.append({
        kind: "started",
        format: 1,
        release,
        by: "ana",
        plan,
      } as unknown as JournalEntry);
      for (const name of names)
        await journal.append({ kind: "done", step: name, seen: made(name), milliseconds: 1 });
      await lease.giveBack();
    }
    const found = await earlierBackups(store, system, "a-3");
    assert.deepEqual(
      found.map(({ backup }) => backup.recordedAs),
      ["three", "two", "one"],
    );
    assert.deepEqual(found[0]?.proof, proof);
  });
});
