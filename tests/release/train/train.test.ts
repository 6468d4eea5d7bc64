import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../../release/simulation/random";
import { randomFault } from "../../../release/simulation/random-scenario";
import { calm, type Fault, type Scenario } from "../../../release/simulation/scenario";
import type { PlannedMember } from "../../../release/train/train";
import type { Environment, SystemName } from "../../../runbooks/model";
import { contractPlan } from "../engine/support/plans";
import { simulateTrain, type TrainScenario, type TrainSimulation } from "./support/simulate-train";

/**
 * Several releases in virtual time, by the code that runs them: who begins when, who goes back first, and that a crash
 * changes none of it (train-invariants.ts says what must hold). What the world does itself is simulated.
 */

function trainOf(
  order: readonly (readonly [SystemName, ...SystemName[]])[],
  environment: Environment = "dev",
): readonly PlannedMember[] {
  return order.map(([system, ...after]) => ({ after, plan: contractPlan(system, environment) }));
}

const pair = trainOf([["kirana-inventory"], ["retail-agentic", "kirana-inventory"]]);
const chain = trainOf([
  ["tesoro-xp"],
  ["retail-agentic", "tesoro-xp"],
  ["case-management", "retail-agentic"],
]);
const fork = trainOf([["tesoro-xp"], ["retail-agentic", "tesoro-xp"], ["case-management"]]);

function scenarioOf(
  members: readonly PlannedMember[],
  faults: Readonly<Partial<Record<SystemName, readonly Fault[]>>> = {},
  more: Omit<TrainScenario, "of"> = {},
): TrainScenario {
  const of = Object.fromEntries(
    members.map(({ plan: { system } }): [string, Scenario] => [
      system,
      { ...calm(7), faults: faults[system] ?? [], people: "well" },
    ]),
  );
  return { of, ...more };
}

function outcomes({ state }: TrainSimulation): Readonly<Record<string, string>> {
  return Object.fromEntries([...state.over].map(([system, { outcome }]) => [system, outcome]));
}

const say = (command: "rollback" | "abort" | "hold", atSeconds: number): Fault => ({
  kind: "command",
  command,
  atSeconds,
});

/** When a system's journal first has such an entry. */
function secondsOf(
  { entries }: TrainSimulation,
  of: string,
  is: (entry: TrainSimulation["entries"][number]["entry"]) => boolean,
): number {
  const found = entries.find((one) => one.of === of && is(one.entry));
  assert.ok(found, `${of} has no such entry`);
  return found.seconds;
}

describe("a train of releases", () => {
  it("begins the next one when the one that it needs serves, and finishes in the same order", async () => {
    const one = await simulateTrain(pair, scenarioOf(pair));
    assert.deepEqual([one.end, one.violations], ["finished", []]);
    const serves = secondsOf(
      one,
      "kirana-inventory",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const ended = secondsOf(one, "kirana-inventory", ({ kind }) => kind === "ended");
    const begins = secondsOf(one, "retail-agentic", ({ kind }) => kind === "started");
    assert.ok(serves <= begins && begins < ended, `${serves}, ${begins}, ${ended}`);
    assert.ok(ended <= secondsOf(one, "retail-agentic", ({ kind }) => kind === "ended"));
  });

  it("takes those back first that need what goes back, with the reason", async () => {
    const calmOne = await simulateTrain(pair, scenarioOf(pair));
    const served = secondsOf(
      calmOne,
      "retail-agentic",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const one = await simulateTrain(
      pair,
      scenarioOf(pair, { "kirana-inventory": [say("rollback", served + 60)] }),
    );
    assert.deepEqual([one.end, one.violations], ["rolledBack", []]);
    assert.deepEqual(outcomes(one), { "kirana-inventory": "rolledBack", "retail-agentic": "rolledBack" });
    const back = (system: string) =>
      secondsOf(one, system, (entry) => entry.kind === "intent" && entry.step.startsWith("rollback/"));
    assert.ok(back("retail-agentic") < back("kirana-inventory"));
    const why = one.state.over.get("retail-agentic")!.why;
    assert.match(why, /needs what goes back: kirana-inventory 1\.0\.1 is rolled back: because/);
  });

  it("leaves live what does not need the one that went back, and goes on with what does not", async () => {
    const refused: Fault = {
      kind: "gate",
      gate: "candidate-on-preview",
      seen: "breach",
      fromSeconds: 0,
      forSeconds: 1e9,
    };
    const one = await simulateTrain(fork, scenarioOf(fork, { "retail-agentic": [refused] }));
    assert.deepEqual([one.end, one.violations], ["refused", []]);
    assert.deepEqual(outcomes(one), {
      "tesoro-xp": "finished",
      "retail-agentic": "refused",
      "case-management": "finished",
    });
  });

  it("does not begin what needs one that was refused", async () => {
    const refused: Fault = {
      kind: "gate",
      gate: "candidate-on-preview",
      seen: "breach",
      fromSeconds: 0,
      forSeconds: 1e9,
    };
    const one = await simulateTrain(chain, scenarioOf(chain, { "retail-agentic": [refused] }));
    assert.deepEqual([one.end, one.violations], ["refused", []]);
    assert.deepEqual(outcomes(one), {
      "tesoro-xp": "finished",
      "retail-agentic": "refused",
      "case-management": "notBegun",
    });
    assert.equal(one.worlds.get("case-management")!.store.records.length, 0);
  });

  it("goes back as a whole on a person's word, the last one first, whatever needs what", async () => {
    const calmOne = await simulateTrain(fork, scenarioOf(fork));
    const served = secondsOf(
      calmOne,
      "case-management",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const said = [{ command: "rollback", atSeconds: served + 30 }] as const;
    const one = await simulateTrain(fork, scenarioOf(fork, {}, { said }));
    assert.deepEqual([one.end, one.violations], ["rolledBack", []]);
    const back = (system: string) =>
      secondsOf(one, system, (entry) => entry.kind === "intent" && entry.step.startsWith("rollback/"));
    assert.ok(back("case-management") < back("retail-agentic"));
    assert.ok(back("retail-agentic") < back("tesoro-xp"));
  });

  it("on hold begins nothing more until somebody lets it go on", async () => {
    const said = [{ command: "hold", atSeconds: 1 }] as const;
    const held = await simulateTrain(pair, scenarioOf(pair, {}, { said }));
    assert.deepEqual([held.end, held.violations], ["held", []]);
    assert.match(held.why, /because/);
    assert.equal(held.worlds.get("retail-agentic")!.store.records.length, 0);
    const on = [...said, { command: "resume", atSeconds: 5000 }] as const;
    const one = await simulateTrain(pair, scenarioOf(pair, {}, { said: on }));
    assert.deepEqual([one.end, one.violations], ["finished", []]);
    assert.ok(secondsOf(one, "retail-agentic", ({ kind }) => kind === "started") > 5000);
  });

  it("keeps the way back of what serves while another one waits for people", async () => {
    const members: readonly PlannedMember[] = [
      { after: [], plan: contractPlan("retail-agentic", "dev") },
      { after: ["retail-agentic"], plan: contractPlan("tesoro-xp", "production") },
    ];
    const { of } = scenarioOf(members);
    const never = Object.fromEntries(
      Object.entries(of).map(([system, one]) => [system, { ...one, people: "never" as const }]),
    );
    const one = await simulateTrain(members, { of: never });
    assert.deepEqual([one.end, one.violations], ["held", []]);
    assert.match(one.why, /tesoro-xp 1\.0\.1 does not serve yet/);
    assert.equal(one.worlds.get("retail-agentic")!.tracks[0]!.kept, true);
  });

  it("goes back without one that cannot, and says so", async () => {
    const calmOne = await simulateTrain(pair, scenarioOf(pair));
    const served = secondsOf(
      calmOne,
      "retail-agentic",
      (entry) => entry.kind === "phase" && entry.phase === "watch",
    );
    const { writes } = calmOne.worlds.get("retail-agentic")!;
    const stuck: Fault[] = Array.from({ length: 6 }, (_, index) => ({
      kind: "write",
      number: writes - 2 + index,
      how: "refused",
    }));
    const faults = { "kirana-inventory": [say("rollback", served + 60)], "retail-agentic": stuck };
    const scenario = scenarioOf(pair, faults);
    const never = {
      of: {
        ...scenario.of,
        "retail-agentic": { ...scenario.of["retail-agentic"]!, people: "never" as const },
      },
    };
    const one = await simulateTrain(pair, never);
    assert.deepEqual(one.violations, []);
    assert.equal(outcomes(one)["kirana-inventory"], "rolledBack");
    assert.equal(one.end, "held");
    assert.match(one.why, /403/);
  });
});

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
