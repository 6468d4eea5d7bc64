import assert from "node:assert/strict";
import { UserError } from "../../../release/user-error";
import { newVersion, oldVersion } from "./conformance";
import { SlotsWorld } from "./support/sites-world";

const nobody = () => {};
const never = new AbortController().signal;
const retriable = (error: unknown) => error instanceof UserError && error.retriable;

describe("a site neither side of which says its version", () => {
  let world: SlotsWorld;
  beforeEach(async () => {
    world = await SlotsWorld.make();
    await world.strategy().deployIdle(nobody, never);
  });
  afterEach(() => world?.remove());

  /** As another process that has no memory of this one. */
  const fresh = () => world.strategy(undefined, { patience: { swapSeconds: 0.2, lookMilliseconds: 5 } });

  it("goes back from a swap, and is not back before the old version says so", async () => {
    await world.strategy().promote(nobody);
    world.silence();
    assert.equal((await fresh().observe()).candidatePercent, 100);
    await assert.rejects(fresh().revert(nobody), retriable);
    world.speak();
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    const back = await world.snapshot();
    await fresh().revert(nobody);
    assert.deepEqual(await world.snapshot(), back);
    assert.equal((await fresh().observe()).candidatePercent, 0);
  });

  it("goes back from a swap although only the candidate's side was asked in vain", async () => {
    await world.strategy().promote(nobody);
    world.silence("production");
    assert.equal((await fresh().observe()).candidatePercent, 100);
    await assert.rejects(fresh().revert(nobody), retriable);
    world.speak();
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("goes back from a ramp without a swap", async () => {
    await world.strategy().setTraffic(10);
    world.silence();
    assert.equal((await fresh().observe()).candidatePercent, 10);
    await fresh().revert(nobody);
    assert.equal((await fresh().observe()).candidatePercent, 0);
    world.speak();
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("stays one that has gone back while it is stopped for a restore, for this process and the next", async () => {
    const strategy = world.strategy();
    await strategy.promote(nobody);
    await strategy.revert(nobody);
    await strategy.serve(false);
    assert.equal((await strategy.observe()).candidatePercent, 0);
    await assert.rejects(fresh().observe(), retriable);
    const next = world.strategy(undefined, {}, { wentBack: true });
    assert.equal((await next.observe()).candidatePercent, 0);
    await next.serve(true);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("takes the silence of production for its own where the old version was deployed to the slot", async () => {
    await world.sites.deploy("staging", oldVersion);
    world.silence("production");
    assert.equal((await fresh().observe()).candidatePercent, 0);
  });

  it("is never taken for one that is back while ARM leaves it open: the rule goes, and nothing is done", async () => {
    await world.strategy().promote(nobody);
    await world.sites.deploy("production", "1.4.1-mended");
    await world.giveShare(10);
    world.silence();
    await assert.rejects(fresh().observe(), retriable);
    await assert.rejects(fresh().revert(nobody), (error) => {
      assert.ok(error instanceof UserError && error.retriable && error.mend !== undefined);
      assert.ok(
        error.message.includes(`nobody can tell on which side of`) && error.message.includes(newVersion),
      );
      return true;
    });
    assert.equal(world.share(), 0);
    await assert.rejects(fresh().deployIdle(nobody, never), retriable);
    await assert.rejects(fresh().promote(nobody), retriable);
  });
});
