import assert from "node:assert/strict";
import { restoredElsewhere } from "../../../cli/release/restored-elsewhere";
import type { JournalEntry } from "../../../release/journal/entry";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { ReleaseFacts } from "../../../runbooks/release-facts";

const system = "case-management";
const restored = { id: "restore/database-restored", entry: "database-restored" };
const entries = {
  "database-restored": { word: "step", does: { action: "restore", store: "postgres", confirmedBy: [] } },
};

/** Journals of releases, the oldest first, each with what it restored to. */
async function journalsOf(
  ...releases: readonly (readonly [release: string, target?: string])[]
): Promise<MemoryStore> {
  const store = new MemoryStore({ now: () => new Date(), monotonic: () => 0 });
  for (const [release, target] of releases) {
    const lease = await store.acquire(system, release, "test");
    const journal = store.open(system, release, lease);
    const plan = { steps: [], rollback: [], restore: [restored], entries };
    await journal.append({ kind: "started", format: 1, release, by: "ana", plan } as unknown as JournalEntry);
    if (target !== undefined) {
      const seen = { target, switchedSecret: "database-url", seconds: 1 };
      await journal.append({ kind: "done", step: restored.id, seen, milliseconds: 1 });
    }
    await lease.giveBack();
  }
  return store;
}

const naming = (database: string): Pick<ReleaseFacts, "system" | "stores"> => ({
  system,
  stores: { postgres: { database } },
});
const unread = () => Promise.resolve(undefined);

describe("a release after a restore to another place", () => {
  it("is refused while the stack names the database before, with the line that it wants", async () => {
    const journals = await journalsOf(["a-1"], ["a-2", "restored_b"], ["a-3"]);
    const [refusal, ...more] = await restoredElsewhere(journals, naming("case_management"), unread);
    assert.deepEqual([refusal?.kind, more], ["restored-elsewhere", []]);
    assert.match(
      refusal!.message,
      /^a-2 has restored postgres to restored_b, and the stack still names case_management/,
    );
    assert.match(refusal!.mend, /case-management:restoredDatabase: restored_b in the stack's file/);
  });

  it("is not once the stack names what the newest restore has made", async () => {
    const journals = await journalsOf(["a-1", "restored_a"], ["a-2", "restored_b"]);
    assert.deepEqual(await restoredElsewhere(journals, naming("restored_b"), unread), []);
    const behind = await restoredElsewhere(journals, naming("restored_a"), unread);
    assert.match(behind[0]!.message, /restored postgres to restored_b/);
  });

  it("is not where the vault sends people to the stack's database again, and says where else it sends them", async () => {
    const journals = await journalsOf(["a-1", "restored_a"]);
    const inUse = (name: string) => restoredElsewhere(journals, naming("case_management"), async () => name);
    assert.deepEqual(await inUse("case_management"), []);
    assert.match((await inUse("by_hand"))[0]!.mend, /restoredDatabase: by_hand in/);
  });

  it("asks the vault nothing where no release restored anything", async () => {
    const never = () => Promise.reject(new Error("asked"));
    assert.deepEqual(await restoredElsewhere(await journalsOf(["a-1"]), naming("x"), never), []);
    assert.deepEqual(await restoredElsewhere(await journalsOf(), naming("x"), never), []);
  });
});
