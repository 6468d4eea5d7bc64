import assert from "node:assert/strict";
import { LeaseLost } from "../../../release/journal/journal";
import { newVersion, oldVersion } from "./conformance";
import { SlotsWorld } from "./support/sites-world";

const nobody = () => {};
const never = new AbortController().signal;

describe("clients whom a ramp's cookie holds on a slot", () => {
  let world: SlotsWorld;
  beforeEach(async () => {
    world = await SlotsWorld.make();
  });
  afterEach(() => world?.remove());

  const kept = () => ({ backend: world.sites.package(oldVersion) });

  /** Released up to a ramp, and as a client sees it who was drawn to the slot. */
  async function drawn(): Promise<() => Promise<string>> {
    const strategy = world.strategy();
    await strategy.deployIdle(nobody, never);
    await strategy.setTraffic(10);
    const url = new URL("https://shop.azurewebsites.net/health");
    const headers = { cookie: "x-ms-routing-name=staging" };
    return async () => {
      const answer = await world.sites.surroundings.fetchHttp({ method: "GET", url, headers });
      return String(answer.headers["x-version"]);
    };
  }

  it("stay on the new version when the rule is gone, which is said, and get the one before on the slot", async () => {
    const held = await drawn();
    const lines: string[] = [];
    const strategy = world.strategy(undefined, {}, { previous: kept() });
    await strategy.revert((line) => lines.push(line));
    assert.equal(await held(), newVersion);
    assert.ok(
      lines.some((line) =>
        /nobody more is drawn to staging; whom its cookie .* holds there stays/.test(line),
      ),
      lines.join("\n"),
    );
    assert.equal(await strategy.deployPrevious?.(nobody), undefined);
    assert.equal(await held(), oldVersion);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
    const { candidatePercent, candidateReady } = await strategy.observe();
    assert.deepEqual({ candidatePercent, candidateReady }, { candidatePercent: 0, candidateReady: false });
    const after = await world.snapshot();
    const again = world.strategy(undefined, {}, { previous: kept() });
    assert.equal(await again.deployPrevious?.(nobody), undefined);
    await again.revert(nobody);
    assert.deepEqual(await world.snapshot(), after);
  });

  it("get it after a swap and its way back as well, and the release can be begun anew", async () => {
    const held = await drawn();
    const strategy = world.strategy(undefined, {}, { previous: kept() });
    await strategy.promote(nobody);
    assert.match((await strategy.deployPrevious?.(nobody)) ?? "", /has traffic of .* still$/);
    await strategy.revert(nobody);
    assert.equal(await held(), newVersion);
    assert.equal(await strategy.deployPrevious?.(nobody), undefined);
    assert.equal(await held(), oldVersion);
    await strategy.deployIdle(nobody, never);
    assert.equal(await held(), newVersion);
  });

  it("stay where no package is kept, and where the lease is lost: nothing is written", async () => {
    const held = await drawn();
    await world.strategy().revert(nobody);
    const before = await world.snapshot();
    assert.equal(await world.strategy().deployPrevious?.(nobody), `no package of ${oldVersion} is kept`);
    const lost = async () => {
      throw new LeaseLost("another process holds it");
    };
    const strategy = world.strategy(lost, {}, { previous: kept() });
    await assert.rejects(async () => strategy.deployPrevious?.(nobody), LeaseLost);
    assert.deepEqual(await world.snapshot(), before);
    assert.equal(await held(), newVersion);
  });
});
