import assert from "node:assert/strict";
import { clientsHeldUntil } from "../../../release/engine/held-clients";
import { run } from "../../../release/engine/run";
import { stateOf } from "../../../release/engine/state";
import type { Plan } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { UserError } from "../../../release/user-error";
import {
  FakeTrack,
  healthy,
  MemoryJournal,
  partsOf,
  plan as small,
  start,
  type World,
} from "./support/world";

const minute = 60_000;

/** The small release on a site with a slot. */
const plan = {
  ...small,
  facts: {
    tracks: [
      { name: "store", components: ["web"], target: { kind: "slots", siteId: "/site", slot: "green" } },
    ],
  },
} as unknown as Plan;

class SlotTrack extends FakeTrack {
  /** Percent of the candidate when the version before was deployed to the slot. */
  readonly deployed: number[] = [];
  fails: UserError | undefined;

  constructor(private readonly kept: boolean) {
    super();
  }

  deployPrevious = async () => {
    this.deployed.push(this.percent);
    if (this.fails !== undefined) throw this.fails;
    return this.kept ? undefined : "no package of 1.0.0 is kept";
  };
}

async function rolledBack(
  atMinutes: number,
  track: SlotTrack,
  its: Plan = plan,
): Promise<{ world: World; until: number; state: ReturnType<typeof stateOf> }> {
  const clock = new VirtualClock();
  const journal = new MemoryJournal(clock);
  const command = { id: "1", command: "rollback", by: "ana@example.org", reason: "it is slow" } as const;
  const commands = [{ at: atMinutes * minute, command }] as unknown as World["commands"];
  const world: World = { clock, journal, track, progress: [], sample: healthy, commands };
  await start(world, its);
  const { end } = await clock.until(run(partsOf(world), new AbortController().signal));
  assert.equal(end, "rolledBack");
  const state = stateOf(journal.records);
  return { world, until: clientsHeldUntil(state)?.getTime() ?? Number.NaN, state };
}

const timeOf = ({ journal }: World, step: string) =>
  Date.parse(journal.records.find(({ entry }) => entry.kind === "done" && entry.step === step)?.at ?? "");

describe("clients whom a ramp has drawn to a slot", () => {
  it("get the version before there, once all traffic is back, and are held for an hour from then", async () => {
    const track = new SlotTrack(true);
    const { world, until, state } = await rolledBack(5, track);
    assert.deepEqual(track.deployed, [0]);
    assert.equal(until, timeOf(world, "rollback/back") + 60 * minute);
    assert.deepEqual(state.heldClients, {
      until: new Date(until).toISOString(),
      free: true,
      words: "1.0.0 on green of store: whom the ramp's cookie holds there has it too",
    });
  });

  it("are held for an hour from the swap, which takes the rule away", async () => {
    const track = new SlotTrack(true);
    const { world, until } = await rolledBack(40, track);
    assert.deepEqual(track.deployed, [0]);
    assert.equal(until, timeOf(world, "switch/switch") + 60 * minute);
  });

  it("are held no more an hour later, and nothing is deployed", async () => {
    const track = new SlotTrack(true);
    const late = {
      ...plan,
      steps: plan.steps.map((step) =>
        step.id === "watch/watch" ? { ...step, does: { as: "watch", seconds: 7200 } } : step,
      ),
    } as unknown as Plan;
    const { state } = await rolledBack(90, track, late);
    assert.deepEqual(track.deployed, []);
    assert.equal(state.heldClients, undefined);
  });

  it("are named with the time until when, where no package is kept", async () => {
    const { world, until, state } = await rolledBack(5, new SlotTrack(false));
    const words = `whom the ramp's cookie holds on green of store stays on 2.0.0 there until ${new Date(until).toISOString()}: no package of 1.0.0 is kept`;
    assert.deepEqual(state.heldClients, { until: new Date(until).toISOString(), free: false, words });
    assert.ok(world.progress.includes(words));
  });

  it("hold no way back up when the deployment fails", async () => {
    const track = new SlotTrack(true);
    track.fails = new UserError("the deployment host is away", { retriable: true });
    const { state, world } = await rolledBack(5, track);
    assert.ok(track.deployed.length > 1);
    assert.match(state.heldClients?.words ?? "", /the deployment host is away/);
    assert.ok(world.journal.records.every(({ entry }) => entry.kind !== "held"));
  });

  it("are none where a cluster moves the traffic", async () => {
    const track = new SlotTrack(true);
    const { until } = await rolledBack(5, track, small);
    assert.deepEqual([track.deployed, until], [[], Number.NaN]);
  });
});
