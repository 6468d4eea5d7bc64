import assert from "node:assert/strict";
import { surroundingsOf } from "../../../release/clients/surroundings";
import type { DataAdapter } from "../../../release/data/data-adapter";
import { systemClock } from "../../../release/engine/system-clock";
import { type Acting, act } from "../../../release/incident/act";
import { carriedOutBy, type Offer, offersOf, offerWords, undoOf } from "../../../release/incident/offers";
import { playbooksOf } from "../../../release/incident/plan";
import { mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { contracts } from "../../../runbooks/contracts";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import type { Action } from "../../../runbooks/vocabulary/actions";
import { ColoursWorld, deploymentPath } from "../strategies/support/colours-world";

const offer = (does: Action): Offer => ({
  name: "offered",
  title: "something that helps",
  entry: "playbook",
  does,
  confirmedBy: "on-call-engineer",
});

describe("offered actions of an incident, on a cluster", () => {
  let world: ColoursWorld;
  let guarded: number;
  beforeEach(async () => {
    world = await ColoursWorld.make("selector");
    guarded = 0;
  });
  afterEach(() => world.cluster.stop());

  const component = () => Object.keys(world.target.components)[0]!;
  const acting = (changes: Partial<Acting> = {}): Acting => ({
    surroundings: surroundingsOf("staging", { KUBECONFIG: world.cluster.kubeconfig }),
    facts: {
      system: "shop",
      stores: { postgres: {} },
      tracks: [{ name: "shop", components: Object.keys(world.target.components), target: world.target }],
    } as unknown as ReleaseFacts,
    clock: systemClock(),
    signal: new AbortController().signal,
    incident: "incident-1",
    guard: async () => {
      guarded++;
    },
    manifest: { system: "shop", version: "1", components: {} },
    live: { shop: "blue" },
    progress: () => {},
    ...changes,
  });
  const scale = (to: number | "declared", changes?: Partial<Acting>) =>
    act(offer({ action: "scale", components: [component()], side: "live", to }), 1, acting(changes));
  const replicasOf = (name: string) => mapAt(world.cluster.get(deploymentPath(name)), "spec").replicas;

  it("scale the side that has the traffic, by the scale subresource, and read back", async () => {
    const seen = await scale(5);
    assert.match(String(seen), new RegExp(`^${component()}-blue: 5 pods wanted`));
    assert.equal(replicasOf(`${component()}-blue`), 5);
    assert.equal(replicasOf(`${component()}-green`), 0);
    assert.deepEqual(world.cluster.writes, [`PATCH ${deploymentPath(`${component()}-blue`)}/scale`]);
    assert.equal(guarded, 1);
  });

  it("take no pods away from a side that has more already", async () => {
    await scale(5);
    assert.match(String(await scale(3)), /nothing to change/);
    assert.equal(replicasOf(`${component()}-blue`), 5);
  });

  it("stop what writes, and let it serve again with as many pods as the stack declares", async () => {
    await scale(0);
    assert.equal(replicasOf(`${component()}-blue`), 0);
    await scale("declared");
    assert.equal(replicasOf(`${component()}-blue`), 2);
  });

  it("write nothing when a release runs: the guard is asked before each write", async () => {
    const guard = async () => {
      throw new UserError("release 7 is run by somebody");
    };
    await assert.rejects(scale(5, { guard }), /release 7/);
    await assert.rejects(
      act(offer({ action: "restart", components: [component()] }), 1, acting({ guard })) as Promise<unknown>,
      /release 7/,
    );
    assert.deepEqual(world.cluster.writes, []);
  });

  it("restart again when they are asked again, and not when a run is repeated", async () => {
    const restart = (run: number) =>
      act(offer({ action: "restart", components: [component()] }), run, acting());
    await restart(1);
    await restart(1);
    assert.equal(world.cluster.writes.length, 1);
    await restart(2);
    assert.equal(world.cluster.writes.length, 2);
  });

  it("back up under the name that the contract gives, and prove it", async () => {
    const made: string[] = [];
    const adapter = {
      backup: async ({ recordedAs }: { recordedAs: string }) => {
        made.push(recordedAs);
        return { store: "postgres", recordedAs, at: "2026-11-21T12:00:00.000Z" };
      },
      prove: async () => ({ by: "listedAndSized", seconds: 1 }),
    } as unknown as DataAdapter;
    const does: Action = {
      action: "backup",
      store: "postgres",
      recordedAs: "emergency-backup-{timestamp}",
      verifiedBy: "listedAndSized",
      task: "backup-database",
    };
    const seen = await act(offer(does), 1, acting({ data: () => adapter }));
    assert.match(made[0]!, /^emergency-backup-\d{8}-\d{6}$/);
    assert.equal((seen as { proof: { by: string } }).proof.by, "listedAndSized");
  });

  it("refuse a component that the system does not have", async () => {
    const wrong = offer({ action: "scale", components: ["nothing"], side: "live", to: 1 });
    await assert.rejects(act(wrong, 1, acting()) as Promise<unknown>, /nothing of shop is called nothing/);
  });

  it("move no traffic: that is a release's", async () => {
    const back = offer({ action: "traffic", move: "back" });
    assert.equal(carriedOutBy(back), "release");
    await assert.rejects(act(back, 1, acting()) as Promise<unknown>, /not carried out by an incident/);
    assert.deepEqual(world.cluster.writes, []);
  });
});

describe("what is offered in incidents of the five systems", () => {
  const offers = contracts.flatMap((contract) => playbooksOf(contract, "dev").flatMap(offersOf));

  it("says what it does and how it is undone, in words", () => {
    for (const each of offers) {
      assert.ok(offerWords(each).length > 5, each.name);
      assert.ok(undoOf(each).length > 5, each.name);
    }
  });

  it("is done here, by a release, or by people; traffic and data to be restored never here", () => {
    for (const each of offers) {
      const by = carriedOutBy(each);
      if (["traffic", "restore", "deploy"].includes(each.does?.action ?? "")) assert.equal(by, "release");
      if (each.does === undefined) assert.equal(by, "person");
    }
    assert.ok(offers.some((each) => carriedOutBy(each) === "engine"));
  });
});
