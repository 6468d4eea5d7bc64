import assert from "node:assert/strict";
import fc from "fast-check";
import type { EngineParts } from "../../../release/engine/parts";
import type { Plan } from "../../../release/plan/plan";
import { Random } from "../../../release/simulation/random";
import { randomFault, randomScenario } from "../../../release/simulation/random-scenario";
import { calm, type Fault, type Scenario } from "../../../release/simulation/scenario";
import { type SimulateOptions, type Simulation, simulate } from "../../../release/simulation/simulate";
import type { SimulatedTrack } from "../../../release/simulation/track";
import type { Strategy } from "../../../release/strategies/strategy";
import { contractPlan, contractPlans } from "./support/plans";

/**
 * What must hold in every release, in virtual time and with anything going wrong: release/simulation/invariants.ts says
 * it and watches it. `npm run bench` runs ten thousand; here a few, and that every invariant can be seen to fail.
 * What the world does itself (Kubernetes, ARM) is simulated: the strategies' own tests hold it against real servers.
 */

/** By its place in the list: a counterexample is to be read. */
const anyPlan = fc.nat(contractPlans().length - 1);
const anySeed = fc.integer({ min: 1, max: 1_000_000 });
const options = { leaps: true } as const;

function mustHold(plan: Plan, scenario: Scenario, { end, violations }: Simulation): void {
  const what = `${plan.system} on ${plan.environment}: ${JSON.stringify(scenario)}`;
  assert.deepEqual(violations, [], what);
  assert.notEqual(end, "failed", what);
}

async function check(plan: Plan, scenario: Scenario): Promise<void> {
  mustHold(plan, scenario, await simulate(plan, scenario, options));
}

/** From Tuesday to Saturday, and past every approval. */
const days = 4 * 86_400;
const daysLater = (atSeconds: number): Fault => ({ kind: "clockSet", atSeconds, bySeconds: days });

const scenarioOf = (seed: number, ...faults: readonly Fault[]): Scenario => ({ ...calm(seed), faults });

describe("invariants of a release", () => {
  it("hold when nothing goes wrong, and each contract's release finishes on dev and in production", async () => {
    for (const plan of contractPlans()) {
      const { end, why, violations } = await simulate(plan, calm(), options);
      const what = `${plan.system} on ${plan.environment} (${plan.types.join(", ")}): ${why}`;
      assert.deepEqual([end, violations], ["finished", []], what);
    }
  });

  it("hold whatever goes wrong, and every start ends or is held with a reason", async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, anySeed, (place, seed) => {
        const plan = contractPlans()[place]!;
        return check(plan, randomScenario(plan, seed));
      }),
      { numRuns: 25 },
    );
  });

  it("hold when the process is killed between any two entries", async () => {
    const plan = contractPlan("case-management", "dev", { migration: true });
    const whole = await simulate(plan, calm(), options);
    for (let number = 1; number < whole.records.length; number += 5) {
      const killed = { kind: "killedAtEntry", number, durable: number % 2 === 0 } as const;
      const scenario = scenarioOf(1, killed);
      const one = await simulate(plan, scenario, options);
      mustHold(plan, scenario, one);
      assert.deepEqual([one.end, one.processes], ["finished", 2], `entry ${number}`);
    }
  });

  it("hold when it is killed after it wrote that it ended: another one gives the system free", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const { records } = await simulate(plan, calm(), options);
    const killed = { kind: "killedAtEntry", number: records.length - 1, durable: true } as const;
    const one = await simulate(plan, scenarioOf(1, killed), options);
    mustHold(plan, scenarioOf(1, killed), one);
    assert.deepEqual([one.end, one.processes], ["finished", 2]);
  });

  it("hold when the process is killed in the middle of a rollback, and the rollback ends", async () => {
    const rollback = { kind: "command", command: "rollback", atSeconds: 600 } as const;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), anySeed, async (write, seed) => {
        const plan = contractPlan("retail-agentic", "dev");
        const killed = { kind: "killedAtWrite", number: write, carriedOut: seed % 2 === 0 } as const;
        const scenario = scenarioOf(seed, rollback, killed);
        const one = await simulate(plan, scenario, options);
        mustHold(plan, scenario, one);
        assert.equal(one.end, "rolledBack");
      }),
      { numRuns: 12 },
    );
  });

  it("hold for a process that was stopped past the end of its lease and goes on: it writes nothing", async () => {
    let overslept = 0;
    await fc.assert(
      fc.asyncProperty(anySeed, async (seed) => {
        const plan = contractPlan("kirana-store", "dev");
        const stopped = randomFault(plan, "stopped", new Random(seed));
        const scenario = { ...scenarioOf(seed, stopped), latency: seed % 2 === 0 };
        const one = await simulate(plan, scenario, options);
        mustHold(plan, scenario, one);
        if (one.processes > 1) overslept++;
      }),
      { numRuns: 6 },
    );
    assert.ok(overslept > 0, "none of the stops was long enough");
  });

  it("hold when the release comes to its moves days later: on a Saturday nothing moves, and it says why", async () => {
    for (const [system, atSeconds] of [
      ["tesoro-xp", 80],
      ["case-management", 300],
    ] as const) {
      const plan = contractPlan(system, "production");
      const scenario = scenarioOf(1, daysLater(atSeconds));
      const one = await simulate(plan, scenario, options);
      mustHold(plan, scenario, one);
      assert.equal(one.end, "held");
      assert.match(one.why, /window .*Sat.*; open again: (Mon|Tue) 2026-10-(19|20)/);
      const moved = one.records.some(
        ({ entry }) => entry.kind === "intent" && /traffic|swap/.test(entry.step),
      );
      assert.equal(moved, false, system);
    }
  });

  it("are the same for the same seed", async () => {
    const plan = contractPlan("tesoro-xp", "production", { migration: true });
    const [first, second] = [
      await simulate(plan, randomScenario(plan, 5)),
      await simulate(plan, randomScenario(plan, 5)),
    ];
    assert.deepEqual(first, second);
  });
});

/** A part in whose place another one is put, which does what none may do. */
type Alter = NonNullable<SimulateOptions["alter"]>;
const dev = (system: Plan["system"], change = {}) => contractPlan(system, "dev", change);

function alterStrategies(change: (strategy: Strategy, track: SimulatedTrack) => Partial<Strategy>): Alter {
  return (parts, world) => ({
    ...parts,
    strategies: new Map(
      [...parts.strategies].map(([name, strategy]) => {
        const track = world.tracks.find((one) => one.name === name)!;
        return [name, { ...delegating(strategy), ...change(strategy, track) }];
      }),
    ),
  });
}

/** The methods of a class do not come along when an object of it is spread. */
function delegating(strategy: Strategy): Strategy {
  return {
    observe: () => strategy.observe(),
    deployIdle: (progress, signal) => strategy.deployIdle(progress, signal),
    setTraffic: (percent) => strategy.setTraffic(percent),
    promote: (progress) => strategy.promote(progress),
    revert: (progress) => strategy.revert(progress),
    warmUp: (requests) => strategy.warmUp(requests),
    scale: (...asked) => strategy.scale(...asked),
    serve: (on) => strategy.serve(on),
    finish: () => strategy.finish(),
  };
}

const none = { ownMilliseconds: 0, platformMilliseconds: 0 };

describe("invariants that do not hold are seen", () => {
  async function seen(plan: Plan, scenario: Scenario, alter: Alter, words: RegExp): Promise<void> {
    const { violations } = await simulate(plan, scenario, { ...options, alter });
    assert.ok(
      violations.some((violation) => words.test(violation)),
      `${words} in ${JSON.stringify(violations)}`,
    );
  }

  it("weights that do not add up to 100", async () => {
    const alter: Alter = (parts, world, process) =>
      alterStrategies((_strategy, track) => ({
        async setTraffic(percent) {
          track.sendSides({ candidate: percent, live: 100 }, process);
          return none;
        },
      }))(parts, world, process);
    await seen(dev("kirana-store"), calm(), alter, /together 110, not 100/);
  });

  it("traffic to a side that is not ready", async () => {
    const alter: Alter = (parts, world, process) =>
      alterStrategies((_strategy, track) => ({
        async promote() {
          track.send(100, process);
          return none;
        },
        deployIdle: async () => none,
      }))(parts, world, process);
    await seen(dev("retail-agentic"), calm(), alter, /the candidate side is not ready/);
  });

  it("two live sides: one track of a system stays behind", async () => {
    const alter = alterStrategies((strategy, { name }) =>
      name === "retail-admin-web"
        ? { promote: async () => none }
        : { promote: (say) => strategy.promote(say) },
    );
    await seen(dev("retail-agentic"), calm(), alter, /0 % of retail-admin-web on the new side, not 100/);
  });

  it("a side with traffic that is taken down", async () => {
    const alter: Alter = (parts, world, process) =>
      alterStrategies((_strategy, track) => ({
        async finish() {
          track.set("candidate", false, process);
        },
      }))(parts, world, process);
    await seen(dev("case-management"), calm(), alter, /down: it has 100 % of the traffic/);
  });

  it("a step before what must have passed", async () => {
    const plan = dev("retail-agentic", { migration: true });
    const [first] = plan.steps;
    const turned = { ...plan, steps: [...plan.steps.slice(1), first!] };
    await seen(turned, calm(), (parts) => parts, new RegExp(`before ${first!.id}`));
  });

  it("an answer that counts, of somebody who may not give it", async () => {
    const alter: Alter = (parts) => ({
      ...parts,
      people: { mayAct: async () => ({ holds: true, why: "whoever asks" }) },
    });
    const plan = contractPlan("kirana-store", "production");
    await seen(plan, { ...calm(), people: "mixed" }, alter, /is done, and nobody answered who may/);
  });

  it("a move in a closed window, by an approval that ran out", async () => {
    // As an engine would be that looked at neither again.
    const alter: Alter = (parts, world) => {
      const { clock } = parts;
      const before = () => (world.clock.monotonic() >= 80_000 ? days * 1000 : 0);
      return {
        ...parts,
        clock: {
          speed: clock.speed,
          now: () => new Date(clock.now().getTime() - before()),
          monotonic: () => clock.monotonic(),
          sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
        },
      };
    };
    const plan = contractPlan("tesoro-xp", "production");
    await seen(plan, scenarioOf(1, daysLater(80)), alter, /begins at 2026-10-17.*approval does not stand/);
  });

  it("a step that begins while a person holds the release", async () => {
    // As an engine would be that forgot what was said to it.
    const alter: Alter = (parts) => ({
      ...parts,
      journal: {
        read: () => parts.journal.read(),
        async append(entry) {
          const record = await parts.journal.append(entry);
          const isWord = entry.kind === "command" && entry.command === "hold";
          if (isWord) return { ...record, entry: { ...entry, command: "approve" } };
          return entry.kind === "held" ? { ...record, entry: { kind: "goesOn", by: "", why: "" } } : record;
        },
      },
    });
    const hold = { kind: "command", command: "hold", atSeconds: 30 } as const;
    await seen(dev("retail-agentic"), scenarioOf(1, hold), alter, /begins while .* holds the release/);
  });

  it("data changed before a backup was proven", async () => {
    const alter: Alter = (parts) => ({
      ...parts,
      data: (store) => ({ ...parts.data(store), prove: async (_backup, by) => ({ by, seconds: 0 }) }),
    });
    await seen(dev("retail-agentic", { migration: true }), calm(), alter, /before a verified backup/);
  });

  it("a release that neither goes on nor says why", async () => {
    const alter: Alter = (parts) => ({ ...parts, look: () => new Promise(() => {}) });
    await seen(dev("tesoro-xp"), calm(), alter, /stands still|no end after|neither goes on/);
  });

  it("an error that ends the process for good", async () => {
    const alter: Alter = (parts) => ({ ...parts, look: () => Promise.reject(new TypeError("a bug")) });
    await seen(dev("tesoro-xp"), calm(), alter, /TypeError: a bug/);
  });

  it("a holder of a lost lease that writes", async () => {
    const stopped: Fault = { kind: "stopped", fromSeconds: 900, forSeconds: 120 };
    const alter: Alter = (parts, world, process) => {
      const unguarded = alterStrategies((_strategy, track) => ({
        async setTraffic(percent) {
          if (track.traffic.candidate < percent) track.send(percent, process);
          return none;
        },
      }))(parts, world, process);
      // As a journal would be that asks no lease: what is written after the process lost it goes nowhere.
      const { journal } = unguarded;
      const lost: EngineParts["journal"] = {
        read: () => journal.read(),
        append: (entry) =>
          process.overslept
            ? Promise.resolve({
                sequence: 0,
                at: world.clock.now().toISOString(),
                previous: "",
                hash: "",
                entry,
              })
            : journal.append(entry),
      };
      return { ...unguarded, journal: lost };
    };
    await seen(dev("kirana-store"), scenarioOf(1, stopped), alter, /which lost its lease/);
  });

  it("an end at another place than the traffic says", async () => {
    const alter = alterStrategies(() => ({ revert: async () => none }));
    const rollback = { kind: "command", command: "rollback", atSeconds: 600 } as const;
    await seen(dev("tesoro-xp"), scenarioOf(1, rollback), alter, /rolledBack, with 100 %/);
  });
});
