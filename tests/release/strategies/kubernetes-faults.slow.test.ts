import assert from "node:assert/strict";
import fc from "fast-check";
import { LeaseLost } from "../../../release/journal/journal";
import { UserError } from "../../../release/user-error";
import { newVersion, oldVersion } from "./conformance";
import { ColoursWorld, deploymentPath } from "./support/colours-world";

const nobody = () => {};
const never = new AbortController().signal;

/** What a controller or another writer does in between; the real API server's own answers: kubernetes.slow.test.ts. */
describe("colours on Kubernetes when something is in the way", () => {
  let world: ColoursWorld;
  beforeEach(async () => {
    world = await ColoursWorld.make("gateway");
  });
  afterEach(() => world.remove());

  const deployed = async () => {
    const strategy = world.strategy();
    await strategy.deployIdle(nobody, never);
    return strategy;
  };
  /** Somebody else's write to the route, the given number of times, just before ours. */
  const interfere = (times: number) => {
    let left = times;
    world.cluster.beforeWrite = (path) => {
      if (path === world.path && left-- > 0) world.cluster.put(path, world.cluster.get(path));
    };
  };

  it("half of the pods never become ready: deployment ends with their reason and no traffic moves", async () => {
    world.cluster.readyShare.set("api-green", 0.5);
    const lines: string[] = [];
    const failure = await world
      .strategy()
      .deployIdle((line) => lines.push(line), never)
      .catch((error) => error);
    assert.ok(failure instanceof UserError && failure.retriable, String(failure));
    assert.match(failure.message, /api-green: 1 of 2 pods ready \(CrashLoopBackOff\)/);
    assert.deepEqual(lines, ["api-green: 1 of 2 pods ready (CrashLoopBackOff)"]);
    await assert.rejects(
      world.strategy().setTraffic(10),
      /green gets no traffic of HTTPRoute shop\/shop: api-green/,
    );
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("another writer's change makes it look again, and write what is right then", async () => {
    const strategy = await deployed();
    interfere(2);
    await strategy.setTraffic(30);
    assert.deepEqual(await world.served(), { [oldVersion]: 70, [newVersion]: 30 });
  });

  it("a conflict without end is retriable, and nothing is written", async () => {
    const strategy = await deployed();
    interfere(Number.POSITIVE_INFINITY);
    await assert.rejects(strategy.setTraffic(30), (error: UserError) => error.retriable);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("pods that go between two looks are seen: the write that conflicts is not repeated for them", async () => {
    const strategy = await deployed();
    let first = true;
    world.cluster.beforeWrite = (path) => {
      if (path !== world.path || !first) return;
      first = false;
      world.cluster.readyShare.set("web-green", 0);
      world.cluster.reconcile("web-green");
      world.cluster.put(path, world.cluster.get(path));
    };
    await assert.rejects(strategy.setTraffic(30), /web-green: 0 of 2 pods ready/);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("after a take-over the older holder's write is refused, whatever its guard says", async () => {
    await deployed();
    await world.strategy(undefined, { epoch: 4 }).claim!();
    await assert.rejects(world.strategy(undefined, { epoch: 3 }).setTraffic(10), LeaseLost);
    await world.strategy(undefined, { epoch: 4 }).setTraffic(10);
    assert.equal(world.annotations()["switchyard.dev/release-epoch"], "4");
    await world.strategy(undefined, { epoch: 4 }).finish();
    assert.equal(world.annotations()["switchyard.dev/release-epoch"], undefined);
  });

  it("a take-over between look and write of the older holder makes that write conflict", async () => {
    const strategy = await deployed();
    const newer = world.strategy(undefined, { epoch: 5 });
    const older = world.strategy(() => newer.claim!(), { epoch: 4 });
    await assert.rejects(older.setTraffic(10), LeaseLost);
    assert.equal((await strategy.observe()).candidatePercent, 0);
  });

  it("a take-over between look and scale of the older holder leaves the side its pods that has the traffic by then", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    const newer = world.strategy(undefined, { epoch: 5 });
    let isTaken = false;
    const older = world.strategy(
      async () => {
        if (isTaken) return;
        isTaken = true;
        await newer.claim!();
        await newer.revert(nobody);
      },
      { epoch: 4 },
    );
    await assert.rejects(older.scale("blue", ["web", "api"], 0), LeaseLost);
    assert.deepEqual([world.replicas("web-blue"), world.replicas("api-blue")], [2, 2]);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("after a take-over the older holder scales nothing, whatever its guard says", async () => {
    await deployed();
    await world.strategy(undefined, { epoch: 4 }).claim!();
    const older = world.strategy(undefined, { epoch: 3 });
    await assert.rejects(older.scale("green", ["web", "api"], 0), LeaseLost);
    assert.equal(world.replicas("web-green"), 2);
  });

  it("a take-over passes over a component that is not deployed", async () => {
    world.cluster.objects.delete(deploymentPath("web-green"));
    await world.strategy(undefined, { epoch: 4 }).claim!();
    assert.equal(world.annotations()["switchyard.dev/release-epoch"], "4");
  });

  it("the old side is kept from the first traffic on, until the release is finished", async () => {
    const strategy = await deployed();
    assert.equal(world.annotations()["switchyard.dev/retained"], undefined);
    await strategy.setTraffic(10);
    assert.equal(world.annotations()["switchyard.dev/retained"], "blue@shop-1");
    await strategy.promote(nobody);
    assert.equal(world.annotations()["switchyard.dev/retained"], "blue@shop-1");
    await strategy.finish();
    assert.equal(world.annotations()["switchyard.dev/retained"], undefined);
  });

  it("a side that was scaled down is scaled up before it gets the traffic back, to what the other has grown to", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    await strategy.scale("blue", ["web", "api"], 0);
    world.deploy("web", "green", newVersion, 5);
    await strategy.revert(nobody);
    assert.deepEqual([world.replicas("web-blue"), world.replicas("api-blue")], [5, 2]);
    const [scaled, routed] = ["/scale", world.path].map((end) =>
      world.cluster.writes.map((write) => write.endsWith(end)).lastIndexOf(true),
    );
    assert.ok(scaled! < routed!, "traffic went back before the pods were there");
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("a kept side keeps what it has, and is waited for by nobody once half of it is ready", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    world.deploy("web", "blue", oldVersion, 5);
    world.cluster.readyShare.set("api-blue", 0.5);
    world.cluster.reconcile("api-blue");
    const before = world.cluster.writes.length;
    await strategy.scale("blue", ["web", "api"], "declared", { goesBack: true });
    assert.deepEqual([world.replicas("web-blue"), world.replicas("api-blue")], [5, 2]);
    assert.deepEqual(world.cluster.writes.slice(before), []);
    const { liveReady, liveLacks } = await strategy.observe();
    assert.deepEqual([liveReady, liveLacks], [true, ["api-blue: 1 of 2 pods ready (CrashLoopBackOff)"]]);
  });

  it("a side that is to serve alone is waited for until all of its pods are ready", async () => {
    const strategy = await deployed();
    world.cluster.readyShare.set("api-blue", 0.5);
    world.cluster.reconcile("api-blue");
    await assert.rejects(strategy.scale("blue", ["web", "api"], "declared"), /api-blue: 1 of 2 pods ready/);
  });

  it("a kept side that its autoscaler has shrunk grows beside the traffic's way back, which does not wait for it", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    world.deploy("web", "green", newVersion, 5);
    // Two of five: fewer than a side needs to get traffic.
    world.cluster.readyShare.set("web-blue", 0.4);
    await strategy.revert(nobody);
    assert.deepEqual([world.replicas("web-blue"), world.replicas("api-blue")], [5, 2]);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("a kept side that cannot be scaled has the traffic back with the pods that it has", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    world.deploy("web", "green", newVersion, 5);
    const scale = `${deploymentPath("web-blue")}/scale`;
    world.cluster.beforeWrite = (path) => {
      if (path === scale) world.cluster.reconcile("web-blue");
    };
    const lines: string[] = [];
    await strategy.revert((line) => lines.push(line));
    assert.match(lines.join("\n"), /blue is not scaled up: /);
    assert.equal(world.replicas("web-blue"), 2);
    assert.deepEqual(await world.served(), { [oldVersion]: 100 });
  });

  it("an old side that does not come up gets nothing, and that is retriable", async () => {
    const strategy = await deployed();
    await strategy.promote(nobody);
    await strategy.scale("blue", ["web"], 0);
    world.cluster.readyShare.set("web-blue", 0);
    await assert.rejects(
      strategy.revert(nobody),
      (error: UserError) => error.retriable && /web-blue/.test(error.message),
    );
    assert.deepEqual(await world.served(), { [newVersion]: 100 });
  });

  it("a side with traffic is not scaled to 0", async () => {
    const strategy = await deployed();
    await strategy.setTraffic(10);
    for (const side of ["blue", "green"])
      await assert.rejects(
        strategy.scale(side, ["web"], 0),
        /is not scaled to 0: (blue|green) has \d+ % of the traffic/,
      );
  });

  it("around a restore no pod is left on either side, and afterwards the live side serves", async () => {
    const strategy = await deployed();
    await strategy.serve(false);
    assert.deepEqual(
      ["web-blue", "api-blue", "web-green", "api-green"].map((name) => world.replicas(name)),
      [0, 0, 0, 0],
    );
    await strategy.serve(true);
    assert.deepEqual([world.replicas("web-blue"), world.replicas("web-green")], [2, 0]);
  });

  it("an API server that is gone is a retriable refusal that says so", async () => {
    await world.cluster.end();
    await assert.rejects(world.strategy().revert(nobody), (error: UserError) => {
      assert.match(error.message, /the cluster at http.* cannot be reached: nothing listens there/);
      return error.retriable;
    });
  });

  it("rules of a route keep their matches and filters", async () => {
    const strategy = await deployed();
    const route = world.cluster.get(world.path) as { spec: { rules: object[] } };
    const matches = [{ path: { type: "PathPrefix", value: "/api" } }];
    const rules = [{ ...route.spec.rules[0], matches }, route.spec.rules[0]];
    world.cluster.put(world.path, { ...route, spec: { ...route.spec, rules } });
    await strategy.setTraffic(30);
    const { spec } = world.cluster.get(world.path) as { spec: { rules: { matches?: object[] }[] } };
    assert.deepEqual([spec.rules[0]!.matches, spec.rules.length], [matches, 2]);
  });

  it("whatever the order of weights, ways back and promotions, both sides together have 100", async () => {
    const strategy = await deployed();
    const moves = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom("revert" as const, "promote" as const)),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        for (const move of list) {
          if (typeof move === "number") await strategy.setTraffic(move);
          else await strategy[move](nobody);
          const shares = Object.values(await world.served());
          assert.equal(
            shares.reduce((sum, share) => sum + share, 0),
            100,
          );
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe("a selector", () => {
  it("refuses a share of the traffic with its reason", async () => {
    const world = await ColoursWorld.make("selector");
    try {
      await world.strategy().deployIdle(nobody, never);
      await assert.rejects(
        world.strategy().setTraffic(30),
        /cannot send 30 % to green: a selector names one colour/,
      );
    } finally {
      await world.remove();
    }
  });

  it("gives the new side as many pods as the live one has grown to, as far as its autoscaler goes", async () => {
    const world = await ColoursWorld.make("selector");
    try {
      for (const [has, gets] of [
        [4, 4],
        [9, 6],
      ]) {
        world.deploy("web", "blue", oldVersion, has!);
        await world.strategy().deployIdle(nobody, never);
        assert.equal(world.replicas("web-green"), gets);
      }
    } finally {
      await world.remove();
    }
  });

  it("is not switched to a side that has shrunk since: it is scaled and ready first", async () => {
    const world = await ColoursWorld.make("selector");
    try {
      await world.strategy().deployIdle(nobody, never);
      world.deploy("web", "blue", oldVersion, 5);
      world.cluster.readyShare.set("web-green", 0.5);
      await assert.rejects(world.strategy().promote(nobody), /web-green: 2 of 5 pods ready/);
      assert.deepEqual(await world.served(), { [oldVersion]: 100 });
      world.cluster.readyShare.delete("web-green");
      world.cluster.reconcile("web-green");
      await world.strategy().promote(nobody);
      assert.equal(world.replicas("web-green"), 5);
      assert.deepEqual(await world.served(), { [newVersion]: 100 });
    } finally {
      await world.remove();
    }
  });

  it("is moved back in one write", async () => {
    const world = await ColoursWorld.make("selector");
    try {
      await world.strategy().deployIdle(nobody, never);
      await world.strategy().promote(nobody);
      const before = world.cluster.writes.length;
      await world.strategy().revert(nobody);
      assert.deepEqual(world.cluster.writes.slice(before), [`PATCH ${world.path}`]);
    } finally {
      await world.remove();
    }
  });
});
