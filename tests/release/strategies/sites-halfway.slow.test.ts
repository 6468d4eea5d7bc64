import assert from "node:assert/strict";
import { UserError } from "../../../release/user-error";
import { newVersion, oldVersion } from "./conformance";
import { SlotsWorld, StaticWorld } from "./support/sites-world";

const nobody = () => {};
const never = new AbortController().signal;

describe("a site of which a move was left halfway", () => {
  it("nobody is drawn to the new version once it is swapped back, also while production proves nothing", async () => {
    const world = await SlotsWorld.make();
    try {
      const strategy = world.strategy();
      await strategy.deployIdle(nobody, never);
      await strategy.setTraffic(10);
      let writes = 0;
      const dies = async () => {
        if (++writes > 1) throw new Error("killed");
      };
      await assert.rejects(world.strategy(dies).promote(nobody), /killed/);
      assert.deepEqual(await world.served(), { [newVersion]: 90, [oldVersion]: 10 });
      world.silence("production");
      const patience = { swapSeconds: 2, lookMilliseconds: 5 };
      await assert.rejects(world.strategy(undefined, { patience }).revert(nobody), UserError);
      assert.equal(world.share(), 0);
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    } finally {
      await world.remove();
    }
  });

  describe("a static site", () => {
    let world: StaticWorld;
    beforeEach(async () => {
      world = await StaticWorld.make();
    });
    afterEach(() => world?.remove());

    it("is not promoted by one answer while others are still the old version's", async () => {
      for (let count = 0; count < 4; count++) world.stale.push(oldVersion, newVersion);
      world.stale.push(oldVersion);
      await world.strategy().promote(nobody);
      assert.deepEqual(world.stale, []);
    });

    it("is not taken for one that is back by one answer, by a process that knows nothing of what was sent", async () => {
      await world.strategy().promote(nobody);
      world.stale.push(oldVersion, oldVersion);
      await world.strategy().revert(nobody);
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    });

    it("goes back also where the new version was sent and the old one still answers", async () => {
      const strategy = world.strategy(undefined, {}, 0.3);
      world.stale.push(...Array<string>(1000).fill(oldVersion));
      await assert.rejects(strategy.promote(nobody), UserError);
      await strategy.revert(nobody);
      world.stale.length = 0;
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    });
  });
});
