import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../../release/simulation/random";
import { randomFault } from "../../../release/simulation/random-scenario";
import type { Fault, Scenario } from "../../../release/simulation/scenario";
import type { PlannedMember } from "../../../release/train/train";
import { simulateTrain, type TrainScenario } from "./support/simulate-train";
import { chain, fork, pair, say, scenarioOf, secondsOf } from "./support/trains";

/**
 * What must hold in every train, whatever goes wrong in its releases and wherever its process is killed:
 * support/train-invariants.ts says it and watches the simulated traffic. The stores of journals are in memory here.
 */

/** Faults of one release somewhere in the train; a process that stands still is that of all of them, and is killed here. */
const kinds = [
  "gate",
  "neverReady",
  "unready",
  "write",
  "evidence",
  "command",
  "storeAway",
  "killedAtWrite",
] as const;

function randomTrain(members: readonly PlannedMember[], seed: number): TrainScenario {
  const random = new Random(seed);
  const faults: Record<string, Fault[]> = {};
  for (let count = random.whole(0, 3); count > 0; count--) {
    const { plan } = random.pick(members);
    const fault = randomFault(plan, random.pick(kinds), random);
    const late = random.next() * 5000;
    const placed =
      "fromSeconds" in fault
        ? { ...fault, fromSeconds: fault.fromSeconds + late }
        : "atSeconds" in fault
          ? { ...fault, atSeconds: fault.atSeconds + late }
          : fault;
    faults[plan.system] = [...(faults[plan.system] ?? []), placed];
  }
  const people = random.chance(0.5) ? "well" : "mixed";
  const said = random.chance(0.4)
    ? [
        {
          command: random.pick(["rollback", "abort", "hold", "resume"] as const),
          atSeconds: random.next() * 9000,
        },
      ]
    : [];
  const killed = Array.from({ length: random.whole(0, 2) }, () => ({
    entry: random.whole(1, 200),
    durable: random.chance(0.5),
  }));
  const of = Object.fromEntries(
    members.map(({ plan: { system } }): [string, Scenario] => [
      system,
      { seed, faults: faults[system] ?? [], people, latency: false, waits: false },
    ]),
  );
  return { of, said, killed };
}

describe("invariants of a train", () => {
  const trains = [pair, chain, fork];

  it("hold whatever goes wrong in any of its releases, and wherever its process is killed", async () => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(trains.length - 1),
        fc.integer({ min: 1, max: 1_000_000 }),
        async (which, seed) => {
          const one = await simulateTrain(trains[which]!, randomTrain(trains[which]!, seed));
          assert.deepEqual(one.violations, []);
          if (one.end === "held") assert.notEqual(one.why, "");
          ends.add(one.end);
        },
      ),
      { numRuns: 8 },
    );
    assert.ok(ends.size > 1, `every train ended ${[...ends].join()}`);
  });

  it("hold when the process is killed between any two entries of all journals, and the end is the same", async () => {
    const whole = await simulateTrain(pair, scenarioOf(pair));
    for (let entry = 1; entry < whole.entries.length; entry += 25) {
      const killed = [{ entry, durable: entry % 2 === 0 }];
      const one = await simulateTrain(pair, scenarioOf(pair, {}, { killed }));
      assert.deepEqual([one.end, one.violations], ["finished", []], `entry ${entry}`);
    }
  });

  it("hold when it is killed while releases go back, one behind the other", async () => {
    const calmOne = await simulateTrain(pair, scenarioOf(pair));
    const served = secondsOf(
      calmOne,
      "retail-agentic",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const faults = { "kirana-inventory": [say("rollback", served + 60)] };
    const whole = await simulateTrain(pair, scenarioOf(pair, faults));
    const first = whole.entries.findIndex(({ entry }) => entry.kind === "rollback");
    for (let entry = first - 2; entry < whole.entries.length; entry += 5) {
      const killed = [{ entry, durable: entry % 2 === 0 }];
      const one = await simulateTrain(pair, scenarioOf(pair, faults, { killed }));
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], `entry ${entry}`);
    }
  });

  it("are seen not to hold where a release does not wait for those that need it", async () => {
    const calmOne = await simulateTrain(pair, scenarioOf(pair));
    const served = secondsOf(
      calmOne,
      "retail-agentic",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const faults = { "kirana-inventory": [say("rollback", served + 60)] };
    const alter: TrainScenario["alter"] = (company) => ({
      ...company,
      waits: false,
      mayGoBack: async () => {},
    });
    const one = await simulateTrain(pair, scenarioOf(pair, faults, { alter }));
    assert.ok(
      one.violations.some((violation) => /goes back while retail-agentic/.test(violation)),
      `${one.violations}`,
    );
  });

  it("are seen not to hold where a release finishes by itself", async () => {
    const alter: TrainScenario["alter"] = (company) => ({
      ...company,
      waits: false,
      beforeFinish: () => undefined,
    });
    const slow: Fault = {
      kind: "gate",
      gate: "candidate-on-preview",
      seen: "nothing",
      fromSeconds: 0,
      forSeconds: 8000,
    };
    const one = await simulateTrain(pair, scenarioOf(pair, { "retail-agentic": [slow] }, { alter }));
    assert.ok(
      one.violations.some((violation) => /finishes, and retail-agentic/.test(violation)),
      `${one.violations} ${one.end}`,
    );
  });
});
