import assert from "node:assert/strict";
import { LeaseLost } from "../../../release/journal/journal";
import type { Strategy, WriteGuard } from "../../../release/strategies/strategy";
import { UserError } from "../../../release/user-error";

export const oldVersion = "1.4.1";
export const newVersion = "1.4.2";

/** A system with the old version live, and a candidate that can be deployed; made anew for each test. */
export interface World {
  /** A strategy as a process makes it; two of them share nothing. */
  strategy(guard?: WriteGuard): Strategy;
  /** Version that everybody is served; in a ramp, by the share of the traffic. */
  served(): Promise<Readonly<Record<string, number>>>;
  /** Everything that a release may write, to be compared. */
  snapshot(): Promise<unknown>;
  /** The idle side answers 200, as the old version. */
  makeIdleWrong?(): Promise<void>;
  /** No side says which version it runs, until they speak again. */
  silence?(): void;
  speak?(): void;
  remove(): Promise<void>;
}

export interface Conformance {
  readonly name: string;
  /** Whether a share of the traffic may go to the candidate. */
  readonly ramps: boolean;
  make(): Promise<World>;
}

const nobody = () => {};
const never = new AbortController().signal;

/** What every strategy does, whatever it is made of. */
export function conforms({ name, ramps, make }: Conformance): void {
  describe(`strategy for ${name}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await make();
    });
    afterEach(() => world?.remove());

    const deployed = async () => {
      const strategy = world.strategy();
      await strategy.deployIdle(nobody, never);
      return strategy;
    };

    it("the candidate gets no traffic by being deployed, all of it by promote, none after revert", async () => {
      const strategy = await deployed();
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
      await strategy.promote(nobody);
      assert.deepEqual(await world.served(), { [newVersion]: 100 });
      const { candidatePercent, candidateReady } = await strategy.observe();
      assert.deepEqual({ candidatePercent, candidateReady }, { candidatePercent: 100, candidateReady: true });
      await strategy.revert(nobody);
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
      assert.equal((await strategy.observe()).candidatePercent, 0);
    });

    it("done again by another process, nothing is written", async () => {
      await (await deployed()).promote(nobody);
      const promoted = await world.snapshot();
      await world.strategy().deployIdle(nobody, never);
      await world.strategy().promote(nobody);
      assert.deepEqual(await world.snapshot(), promoted);
      await world.strategy().revert(nobody);
      const reverted = await world.snapshot();
      await world.strategy().revert(nobody);
      await world.strategy().setTraffic(0);
      assert.deepEqual(await world.snapshot(), reverted);
      await world.strategy().finish();
      const finished = await world.snapshot();
      await world.strategy().finish();
      assert.deepEqual(await world.snapshot(), finished);
    });

    it("a release whose lease is lost writes nothing", async () => {
      const lost = async () => {
        throw new LeaseLost("another process holds it");
      };
      const before = await world.snapshot();
      await assert.rejects(
        world
          .strategy(lost)
          .deployIdle(nobody, never)
          .then(() => world.strategy(lost).promote(nobody)),
        LeaseLost,
      );
      assert.deepEqual(await world.snapshot(), before);
      await (await deployed()).promote(nobody);
      const promoted = await world.snapshot();
      await assert.rejects(world.strategy(lost).revert(nobody), LeaseLost);
      if (ramps) await assert.rejects(world.strategy(lost).serve(false), LeaseLost);
      assert.deepEqual(await world.snapshot(), promoted);
    });

    it("what the platform took is told apart, and both are no less than nothing", async () => {
      const strategy = await deployed();
      for (const timing of [await strategy.promote(nobody), await strategy.revert(nobody)]) {
        assert.ok(timing.ownMilliseconds >= 0 && timing.platformMilliseconds >= 0, JSON.stringify(timing));
      }
    });

    it("a weight that is none is refused", async () => {
      const strategy = await deployed();
      for (const percent of [-1, 101, Number.NaN])
        await assert.rejects(strategy.setTraffic(percent), UserError);
    });

    it("a candidate that is not deployed, or answers as the old version, gets no traffic", async function () {
      if (world.makeIdleWrong === undefined) this.skip();
      const before = await world.snapshot();
      await assert.rejects(world.strategy().setTraffic(100), UserError);
      await assert.rejects(world.strategy().promote(nobody), UserError);
      assert.deepEqual(await world.snapshot(), before);
      const strategy = await deployed();
      await world.makeIdleWrong();
      const wrong = await world.snapshot();
      await assert.rejects(strategy.setTraffic(100), UserError);
      await assert.rejects(strategy.promote(nobody), UserError);
      assert.equal((await strategy.observe()).candidateReady, false);
      assert.deepEqual(await world.snapshot(), wrong);
    });

    it("sides that say no version are never taken for a way back that is done", async function () {
      if (world.silence === undefined) this.skip();
      await (await deployed()).promote(nobody);
      world.silence();
      const { candidatePercent } = await world.strategy().observe();
      assert.equal(candidatePercent, 100);
      // What is back speaks again.
      await world.strategy().revert((line) => line.includes("no version") && world.speak?.());
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
      assert.equal((await world.strategy().observe()).candidatePercent, 0);
    });

    if (!ramps) return;

    it("each weight is what is served, and from any of them the way back is one call", async () => {
      const strategy = await deployed();
      for (const percent of [10, 50, 30]) {
        await strategy.setTraffic(percent);
        assert.deepEqual(await world.served(), { [oldVersion]: 100 - percent, [newVersion]: percent });
        assert.equal((await world.strategy().observe()).candidatePercent, percent);
        const written = await world.snapshot();
        await world.strategy().setTraffic(percent);
        assert.deepEqual(await world.snapshot(), written);
      }
      await world.strategy().revert(nobody);
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    });
  });
}
