import assert from "node:assert/strict";
import { UserError } from "../../../release/user-error";
import { oldVersion } from "./conformance";
import { ColoursWorld } from "./support/colours-world";

const nobody = () => {};
const never = new AbortController().signal;

const isOpen = (what: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError && error.retriable, String(error));
  assert.match(error.message, what);
  return true;
};

/** What the API server holds is not yet what users get. */
describe("traffic that was written and not taken up", () => {
  let world: ColoursWorld;
  afterEach(() => world?.remove());

  const deployed = async (kind: "selector" | "gateway") => {
    world = await ColoursWorld.make(kind);
    const strategy = world.strategy();
    await strategy.deployIdle(nobody, never);
    return strategy;
  };

  it("a weight that no gateway has accepted is no weight, also for the next try, until it is accepted", async () => {
    const strategy = await deployed("gateway");
    world.cluster.takesUp = false;
    const open = /Gateway [\w-]+\/[\w-]+ has not taken up generation 2/;
    await assert.rejects(strategy.setTraffic(10), isOpen(open));
    await assert.rejects(world.strategy().setTraffic(10), isOpen(open));
    world.cluster.accept(world.path);
    await world.strategy().setTraffic(10);
  });

  it("a gateway that refuses the route says so", async () => {
    const strategy = await deployed("gateway");
    world.cluster.takesUp = false;
    world.cluster.beforeWrite = () => {
      setTimeout(() => world.cluster.accept(world.path, "False"), 20);
    };
    await assert.rejects(strategy.setTraffic(10), isOpen(/does not accept it: Tested, so it is/));
  });

  it("a word that a controller left behind for an older generation is none, and hinders nobody", async () => {
    const strategy = await deployed("gateway");
    const parents = [
      {
        parentRef: { name: "other" },
        conditions: [{ type: "Accepted", status: "False", observedGeneration: 9 }],
      },
    ];
    world.cluster.takesUp = false;
    world.cluster.put(world.path, { ...world.cluster.get(world.path), status: { parents } });
    await assert.rejects(strategy.setTraffic(10), isOpen(/has not taken up/));
  });

  for (const kind of ["selector", "gateway"] as const) {
    it(`a way back by ${kind} is not done before it is taken up, and no second try makes it so`, async () => {
      const strategy = await deployed(kind);
      await strategy.promote(nobody);
      world.cluster.takesUp = false;
      const lines: string[] = [];
      await assert.rejects(
        strategy.revert((line) => lines.push(line)),
        isOpen(/is not what users get/),
      );
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
      await assert.rejects(world.strategy().revert(nobody), isOpen(/is not what users get/));
      assert.ok(!lines.some((line) => line.includes("all traffic back")));
      world.cluster.takesUp = true;
      if (kind === "gateway") world.cluster.accept(world.path);
      else world.cluster.followSelector(world.path);
      await world.strategy().revert(nobody);
    });
  }

  it("a switch waits until no endpoint of the Service is a pod of the old side", async () => {
    const strategy = await deployed("selector");
    world.cluster.takesUp = false;
    await assert.rejects(
      strategy.promote(nobody),
      isOpen(/its endpoints are 2 pods still that are not green's/),
    );
    world.cluster.takesUp = true;
    world.cluster.followSelector(world.path);
    await world.strategy().promote(nobody);
  });

  it("endpoints that are none yet are waited for while pods are ready", async () => {
    const strategy = await deployed("selector");
    world.cluster.takesUp = false;
    for (const key of [...world.cluster.objects.keys()])
      if (key.endsWith("-active")) world.cluster.put(key, { ...world.cluster.get(key), endpoints: [] });
    await assert.rejects(strategy.promote(nobody), isOpen(/none of the pods of green yet/));
  });
});
