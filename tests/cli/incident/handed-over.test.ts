import assert from "node:assert/strict";
import { commandFor } from "../../../cli/incident/do-offers";
import type { ReleaseOfSystem } from "../../../cli/incident/release-of-system";
import type { Offer } from "../../../release/incident/offers";

const back = { does: { action: "traffic", move: "back" } } as Pick<Offer, "does">;
const restore = {
  does: { action: "restore", store: "postgres", from: "recordedBackup", confirmedBy: ["technical-lead"] },
} as unknown as Pick<Offer, "does">;
const scaleIdle = {
  does: { action: "scale", components: ["web"], side: "idle", to: 2 },
} as unknown as Pick<Offer, "does">;

const newest = (outcome?: string, plan: object = {}): ReleaseOfSystem =>
  ({ newest: { plan, ...(outcome !== undefined && { ended: { outcome } }) } }) as unknown as ReleaseOfSystem;

describe("what an incident hands over to the newest release", () => {
  it("are its commands while it is under way", () => {
    assert.deepEqual(
      [back, restore, scaleIdle].map((offer) => commandFor(offer, newest())),
      ["rollback", "rollback --restore --reason TEXT", "resume"],
    );
  });

  it("is the way back once it has finished, with its data where they are to be restored", () => {
    assert.deepEqual(
      [back, restore, scaleIdle].map((offer) => commandFor(offer, newest("finished"))),
      ["rollback", "rollback --restore --reason TEXT", undefined],
    );
  });

  it("is nothing of one that went back, moved nothing or changed the stack alone, and where there is none", () => {
    const stackAlone = newest("finished", { stack: { changes: [] } });
    for (const release of [newest("rolledBack"), newest("refused"), stackAlone, {}])
      assert.deepEqual(
        [back, restore].map((offer) => commandFor(offer, release)),
        [undefined, undefined],
      );
  });
});
