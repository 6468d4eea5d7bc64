import assert from "node:assert/strict";
import { contracts } from "../../runbooks/contracts";
import type { Entry } from "../../runbooks/vocabulary";
import type { Action } from "../../runbooks/vocabulary/actions";

/** What the phase `restore` of a contract does, in its order. */
function actsOf(entries: readonly Entry[]): readonly Action[] {
  return entries.flatMap((entry) =>
    entry.word === "step" && entry.during.includes("restore") ? [entry.does] : [],
  );
}

/** Whose pods an action takes away, or of a site whom it stops. */
function stopped(does: Action): readonly string[] {
  if (does.action === "traffic" && does.move === "stop") return ["live", "idle"];
  return does.action === "scale" && does.to === 0 ? [does.side] : [];
}

const starts = (does: Action) =>
  does.action === "traffic" ? does.move === "start" : does.action === "scale" && does.to === "declared";

describe("what a contract promises to undo", () => {
  it("by a restore of a backup is promised where the contract restores that store", () => {
    for (const { system, entries } of contracts) {
      const restored = actsOf(entries).flatMap((does) => (does.action === "restore" ? [does.store] : []));
      for (const entry of entries) {
        if (entry.word !== "step" || entry.undo !== "restoreBackup") continue;
        assert.ok("store" in entry.does && restored.includes(entry.does.store), `${system} ${entry.name}`);
      }
    }
  });
});

describe("a gate on the way back", () => {
  it("asks no cluster for the side without traffic: of a switch that came half-way that is the one that failed", () => {
    for (const { system, entries } of contracts) {
      for (const entry of entries) {
        if (entry.word !== "checkGate" || entry.check.provider !== "kubernetes") continue;
        if (!entry.during.some((phase) => phase === "rollback" || phase === "rollback-watch")) continue;
        assert.notEqual(entry.check.side, "idle", `${system} ${entry.name}`);
      }
    }
  });
});

describe("a restore of each contract", () => {
  const restoring = contracts
    .map(({ system, entries }) => ({ system, acts: actsOf(entries) }))
    .filter(({ acts }) => acts.some(({ action }) => action === "restore"));

  it("is there for four systems", () => {
    assert.equal(restoring.length, 4);
  });

  for (const { system, acts } of restoring) {
    const place = acts.findIndex(({ action }) => action === "restore");

    it(`${system}: neither version writes while data are restored`, () => {
      const sides = new Set(acts.slice(0, place).flatMap(stopped));
      assert.deepEqual([...sides].sort(), ["idle", "live"]);
    });

    it(`${system}: what serves again starts after it, and so reads the address anew`, () => {
      assert.ok(acts.slice(place + 1).some(starts));
      assert.ok(!acts.slice(0, place).some(starts));
    });
  }
});
