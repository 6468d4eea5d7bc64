import assert from "node:assert/strict";
import { run } from "../../../release/engine/run";
import type { JournalEntry } from "../../../release/journal/entry";
import { saidInSimulation } from "../../../release/simulation/people";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { UserError } from "../../../release/user-error";
import { contractPlan } from "./support/plans";
import { FakeTrack, healthy, MemoryJournal, partsOf, start, type World } from "./support/world";

/** Places between two entries at which a process that ended took something with it. Real kills: tests/release/killed. */

type Plan = ReturnType<typeof contractPlan>;

/** The same release, whose process is killed once the entry is durable. */
async function killedAfter(
  plan: Plan,
  faults: readonly Fault[],
  isMeant: (entry: JournalEntry) => boolean,
): Promise<Simulation> {
  const scenario = { ...calm(), waits: true, faults };
  const { records } = await simulate(plan, scenario, { leaps: true });
  const number = records.findIndex(({ entry }) => isMeant(entry));
  assert.ok(number > 0, "the entry is not there");
  const killed: Fault = { kind: "killedAtEntry", number, durable: true };
  const one = await simulate(plan, { ...scenario, faults: [...faults, killed] }, { leaps: true });
  assert.deepEqual([one.violations, one.processes], [[], 2]);
  return one;
}

const entriesOf = <Kind extends JournalEntry["kind"]>({ records }: Simulation, kind: Kind) =>
  records.flatMap(({ entry }) =>
    entry.kind === kind ? [entry as Extract<JournalEntry, { kind: Kind }>] : [],
  );

describe("a release whose process is killed between two entries", () => {
  it("asks the other roles of an approval too", async () => {
    const plan = contractPlan("kirana-store", "production");
    const shared = Object.values(plan.entries).find(
      (entry) => entry.word === "approval" && entry.roles.length > 1,
    );
    assert.ok(shared?.word === "approval");
    const isAsked = (entry: JournalEntry) => entry.kind === "asked" && entry.entry === shared.name;
    const asked = entriesOf(await killedAfter(plan, [], isAsked), "asked").filter(isAsked);
    assert.deepEqual(
      asked.map(({ role }) => role),
      shared.roles,
    );
  });

  it("stays on hold on a word that was only just written down", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const hold: Fault = { kind: "command", command: "hold", atSeconds: 600 };
    const { end, why } = await killedAfter(plan, [hold], ({ kind }) => kind === "command");
    assert.deepEqual([end, why], ["held", saidInSimulation]);
  });

  it("goes on on a word that was only just written down", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const faults: readonly Fault[] = [
      { kind: "command", command: "hold", atSeconds: 600 },
      { kind: "command", command: "resume", atSeconds: 1200 },
    ];
    const isResume = (entry: JournalEntry) => entry.kind === "command" && entry.command === "resume";
    assert.equal((await killedAfter(plan, faults, isResume)).end, "finished");
  });

  it("goes back on what a gate had seen, although it is over meanwhile", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const isDecided = (entry: JournalEntry) => entry.kind === "verdict" && entry.verdict === "rollback";
    const lasting: Fault = {
      kind: "gate",
      gate: "error-rate",
      seen: "breach",
      fromSeconds: 400,
      forSeconds: 1e9,
    };
    const whole = await simulate(plan, { ...calm(), waits: true, faults: [lasting] }, { leaps: true });
    const decided = whole.times[whole.records.findIndex(({ entry }) => isDecided(entry))]!;
    const over = { ...lasting, forSeconds: decided - 400 + 1 };
    const one = await killedAfter(plan, [over], isDecided);
    assert.equal(one.end, "rolledBack");
    assert.equal(entriesOf(one, "rollback")[0]?.gate, "error-rate");
  });

  it("tells that it failed", async () => {
    const contract = contractPlan("case-management", "production");
    const message = Object.values(contract.entries).find(({ word }) => word === "notify");
    assert.ok(message?.word === "notify");
    const failed = { ...message, name: "release-failed", at: "failed" } as const;
    const plan = { ...contract, entries: { ...contract.entries, [failed.name]: failed } };
    const abort: Fault = { kind: "command", command: "abort", atSeconds: 60 };
    const one = await killedAfter(plan, [abort], ({ kind }) => kind === "stopped");
    const told = entriesOf(one, "told").filter(({ entry }) => entry === failed.name);
    assert.equal(told.length, failed.channels.length);
  });
});

describe("a release that is stopped from outside, or was kept on the machine", () => {
  function world(): World {
    const clock = new VirtualClock();
    return {
      clock,
      journal: new MemoryJournal(clock),
      track: new FakeTrack(),
      progress: [],
      sample: healthy,
      commands: [],
    };
  }

  it("says where it stands and both ways to go on, and lets its lease go", async () => {
    const one = world();
    await start(one);
    const stop = new AbortController();
    one.clock.at(13 * 60_000, () => stop.abort(new Error("Stopped by request.")));
    const parts = partsOf(one);
    let left = 0;
    const lease = { ...parts.lease, leave: async () => void left++ };
    await assert.rejects(one.clock.until(run({ ...parts, lease }, stop.signal)), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /kirana-store-1 of kirana-store stops where it is, in phase ramp: 50 % of/);
      assert.match(error.mend ?? "", /release resume kirana-store; .* release rollback kirana-store/);
      return true;
    });
    assert.deepEqual([left, one.track.percent], [1, 50]);
  });

  it("writes to its store what was kept elsewhere before it gives its lease back", async () => {
    const one = world();
    await start(one);
    const parts = partsOf(one);
    const order: string[] = [];
    const { journal } = one;
    const result = run(
      {
        ...parts,
        journal: {
          read: () => journal.read(),
          append: (entry) => journal.append(entry),
          reconcile: async () => void order.push("reconciled"),
        },
        lease: { ...parts.lease, giveBack: async () => void order.push("given back") },
      },
      new AbortController().signal,
    );
    assert.equal((await one.clock.until(result)).end, "finished");
    assert.deepEqual(order, ["reconciled", "given back"]);
  });
});
