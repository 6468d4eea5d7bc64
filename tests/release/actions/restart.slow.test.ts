import assert from "node:assert/strict";
import { restartedAnnotation, restarter } from "../../../release/actions/restart";
import { surroundingsOf } from "../../../release/clients/surroundings";
import type { EntryOfWord } from "../../../release/engine/parts";
import { systemClock } from "../../../release/engine/system-clock";
import { mapAt } from "../../../release/targets/json";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { oldVersion } from "../strategies/conformance";
import { ColoursWorld, deploymentPath } from "../strategies/support/colours-world";

const entry = (timeoutSeconds = 5) =>
  ({ word: "step", name: "restart-backend", timeoutSeconds }) as EntryOfWord<"step">;

describe("restarting components on a cluster", () => {
  let world: ColoursWorld;
  beforeEach(async () => {
    world = await ColoursWorld.make("selector");
  });
  afterEach(() => world.cluster.stop());

  const components = () => Object.keys(world.target.components);
  function restart(wanted: readonly string[], release = "shop-1", timeoutSeconds = 5) {
    const facts = {
      system: "shop",
      tracks: [{ name: "shop", components: components(), target: world.target }],
    } as unknown as ReleaseFacts;
    const act = restarter({
      surroundings: surroundingsOf("staging", { KUBECONFIG: world.cluster.kubeconfig }),
      facts,
      release,
      clock: systemClock(),
      signal: new AbortController().signal,
    });
    return act({ action: "restart", components: [...wanted] }, entry(timeoutSeconds), {});
  }
  const markOf = (name: string) =>
    mapAt(world.cluster.get(deploymentPath(name)), "spec", "template", "metadata", "annotations")[
      restartedAnnotation
    ];

  it("rolls the live side's pods anew and waits for them; the idle side is left alone", async () => {
    const [component] = components();
    assert.equal(await restart([component!]), `${component}-blue: 2 pods restarted and ready`);
    assert.equal(markOf(`${component}-blue`), "shop-1/restart-backend");
    assert.equal(markOf(`${component}-green`), undefined);
    assert.deepEqual(world.cluster.writes, [`PATCH ${deploymentPath(`${component}-blue`)}`]);
  });

  it("writes once for one step of one release, and anew for the next one", async () => {
    const wanted = components();
    await restart(wanted);
    const { length } = world.cluster.writes;
    await restart(wanted);
    assert.equal(world.cluster.writes.length, length);
    await restart(wanted, "shop-2");
    assert.equal(world.cluster.writes.length, 2 * length);
  });

  it("fails, as something that may pass, when the pods do not come back", async () => {
    const [component] = components();
    world.cluster.readyShare.set(`${component}-blue`, 0);
    world.deploy(component!, "blue", oldVersion, 2);
    await assert.rejects(restart([component!], "shop-1", 0.01), (error: Error & { retriable?: boolean }) => {
      assert.match(error.message, /is not rolled out within .*0 of 2 pods are available/);
      return error.retriable === true;
    });
  });

  it("refuses a component that the system does not have, naming those it has", async () => {
    await assert.rejects(restart(["nothing"]), (error: Error & { mend?: string }) => {
      assert.match(error.message, /nothing of shop is called nothing/);
      return error.mend?.includes(components()[0]!) === true;
    });
    assert.deepEqual(world.cluster.writes, []);
  });

  it("is told when the cluster does not answer", async () => {
    await world.cluster.end();
    await assert.rejects(restart(components()), /cannot be reached/);
  });
});
