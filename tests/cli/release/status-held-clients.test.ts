import assert from "node:assert/strict";
import { statusDocument, statusText } from "../../../cli/release/show-status";
import { heldClientsEntry, stateOf } from "../../../release/engine/state";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { MemoryJournal, start, type World } from "../../release/engine/support/world";

const until = "2026-11-23T13:00:00.000Z";
const words = `whom the ramp's cookie holds on staging of store stays on 2.0.0 there until ${until}: no package is kept`;

describe("release status of a rollback from a ramp", () => {
  for (const [name, ended] of [
    ["while it runs", false],
    ["after its end", true],
  ] as const) {
    it(`says until when people are held on the slot, ${name}`, async () => {
      const journal = new MemoryJournal(new VirtualClock());
      await start({ journal } as World);
      await journal.append({ kind: "rollback", why: "it is slow", by: "ana@example.org", seenAt: until });
      await journal.append({
        kind: "recorded",
        entry: heldClientsEntry,
        fields: { until, free: false, words },
      });
      if (ended) await journal.append({ kind: "ended", outcome: "rolledBack", why: "it is slow" });
      const opened = {
        store: undefined as never,
        release: "kirana-store-1",
        state: stateOf(journal.records),
        runner: undefined,
        again: () => assert.fail(),
      };
      assert.ok(statusText("kirana-store", "dev", opened).includes(`  clients    ${words}\n`));
      assert.deepEqual(statusDocument(opened).heldClients, { until, free: false, words });
    });
  }
});
