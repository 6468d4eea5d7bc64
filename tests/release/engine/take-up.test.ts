import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { begin, NeverBegan, takeUp } from "../../../release/engine/take-up";
import { FolderStore } from "../../../release/journal/folder-store";
import type { Plan } from "../../../release/plan/plan";
import { keyPair, signedBy } from "../support/journals";

describe("a release that is taken up", () => {
  const keys = keyPair();
  let folder: string;
  let store: FolderStore;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-take-up-"));
    store = new FolderStore(folder, signedBy(keys));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const first = {
    release: "r-1",
    plan: { system: "shop", steps: [] } as unknown as Plan,
    by: "Lena",
    speed: 1,
  };

  it("says who had it, and goes on in its journal", async () => {
    const { lease } = await begin(store, { ...first, holder: "Lena" });
    assert.equal((await store.lease("shop"))?.isOver, false);
    await lease.leave();
    assert.equal((await store.lease("shop"))?.isOver, true);
    const taken = await takeUp(store, "shop", "Omar");
    assert.deepEqual([taken.from, taken.speed, taken.record.sequence], ["Lena", 1, 1]);
    await taken.lease.giveBack();
  });

  for (const [when, leave] of [
    ["before it wrote anything", () => {}],
    [
      "in the middle of its first entry",
      () => {
        mkdirSync(join(folder, "shop", "r-1"), { recursive: true });
        writeFileSync(join(folder, "shop", "r-1", "journal-1.jsonl"), "");
        appendFileSync(join(folder, "shop", "r-1", "journal-1.jsonl"), '{"sequence":0,"at":"2026');
      },
    ],
  ] as const) {
    it(`never began when its process was killed ${when}: that is said, and its system is free`, async () => {
      await (await store.acquire("shop", "r-1", "Lena")).leave();
      leave();
      await assert.rejects(store.acquire("shop", "r-2", "Omar"), /r-1/);
      await assert.rejects(takeUp(store, "shop", "Omar"), (error) => {
        assert.ok(error instanceof NeverBegan);
        assert.match(error.message, /release r-1 of shop had not begun .* shop is free/);
        assert.match(error.mend ?? "", /switchyard release start shop/);
        return true;
      });
      assert.deepEqual(await store.releases("shop"), []);
      const { lease } = await begin(store, { ...first, holder: "Omar" });
      assert.deepEqual(await store.releases("shop"), ["r-1"]);
      await lease.giveBack();
    });
  }
});
