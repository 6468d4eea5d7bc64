import assert from "node:assert/strict";
import { UserError } from "../../../release/user-error";
import { newVersion, oldVersion } from "./conformance";
import { SlotsWorld } from "./support/sites-world";

const nobody = () => {};
const never = new AbortController().signal;

describe("a swap that would take a setting away from the new version", () => {
  let world: SlotsWorld;
  beforeEach(async () => {
    world = await SlotsWorld.make();
  });
  afterEach(() => world?.remove());

  const isRefused = (error: unknown) => {
    assert.ok(error instanceof UserError && !error.retriable && error.mend !== undefined, String(error));
    assert.match(error.message, /PAYMENT_URL/);
    assert.doesNotMatch(error.message, /hidden/);
    return true;
  };

  it("is refused before anything is deployed", async () => {
    await world.settings("production", { PAYMENT_URL: "hidden" });
    const before = await world.snapshot();
    await assert.rejects(world.strategy().deployIdle(nobody, never), isRefused);
    assert.deepEqual(await world.snapshot(), before);
  });

  it("is refused before the swap where it was taken from the slot meanwhile, and a ramp goes back", async () => {
    for (const side of ["production", "staging"] as const)
      await world.settings(side, { PAYMENT_URL: "hidden" });
    const strategy = world.strategy();
    await strategy.deployIdle(nobody, never);
    await strategy.setTraffic(10);
    await world.settings("staging", {});
    await assert.rejects(strategy.promote(nobody), isRefused);
    assert.deepEqual(await world.served(), { [oldVersion]: 90, [newVersion]: 10 });
    await strategy.revert(nobody);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("is none where a setting stays with its side and differs", async () => {
    await world.settings("production", { ROLE: "shop" });
    await world.settings("staging", { ROLE: "shop-staging" }, ["ROLE"]);
    const lines: string[] = [];
    const strategy = world.strategy();
    await strategy.deployIdle((line) => lines.push(line), never);
    assert.ok(lines.some((line) => line.includes("the slot is restarted before the swap: ROLE")));
    await strategy.promote(nobody);
    assert.deepEqual(await world.served(), { [newVersion]: 100 });
  });

  it("is refused for a connection string as well, by its name alone", async () => {
    await world.connect("production", "PAYMENT_URL");
    const before = await world.snapshot();
    await assert.rejects(world.strategy().deployIdle(nobody, never), isRefused);
    assert.deepEqual(await world.snapshot(), before);
    await world.connect("production", "PAYMENT_URL", ["PAYMENT_URL"]);
    const lines: string[] = [];
    await world.strategy().deployIdle((line) => lines.push(line), never);
    assert.ok(
      lines.some((line) => line.includes("is restarted before the swap: connection string PAYMENT_URL")),
    );
  });

  it("while somebody's swap with preview is not completed nothing is deployed", async () => {
    await world.previewSwap();
    const before = await world.snapshot();
    await assert.rejects(world.strategy().deployIdle(nobody, never), (error: UserError) => {
      assert.match(error.message, /a swap of staging into production was begun and is not completed/);
      return !error.retriable && error.mend !== undefined;
    });
    assert.deepEqual(await world.snapshot(), before);
  });
});
