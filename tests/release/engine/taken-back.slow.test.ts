import assert from "node:assert/strict";
import { stateOf } from "../../../release/engine/state";
import type { Plan } from "../../../release/plan/plan";
import { saidInSimulation } from "../../../release/simulation/people";
import { randomScenario } from "../../../release/simulation/random-scenario";
import { calm, type Fault, type Scenario } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { contractPlan, contractPlans } from "./support/plans";

const hour = 3600;

const takenBack = (...faults: readonly Fault[]): Scenario => ({
  ...calm(),
  faults,
  takenBack: { afterSeconds: hour },
});
const placeOf = ({ records }: Simulation, kind: string) =>
  records.findIndex(({ entry }) => entry.kind === kind);
const doneIn = ({ records }: Simulation) =>
  new Set(records.flatMap(({ entry }) => (entry.kind === "done" ? [entry.step] : [])));
const calmly = (plan: Plan, scenario: Scenario) => simulate(plan, scenario, { leaps: true });

/** A release that had finished and is taken back an hour later, by the engine that runs it, in virtual time. */
describe("a release that is taken back after its end", () => {
  it("goes the plan's whole way back, in all contracts: scaled up, traffic, checks, messages, record", async () => {
    for (const plan of contractPlans()) {
      const what = `${plan.system} on ${plan.environment}, ${plan.types.join(" and ")}`;
      const one = await calmly(plan, takenBack());
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], `${what}: ${one.why}`);
      const kinds = one.records.map(({ entry }) => entry.kind);
      assert.equal(kinds.filter((kind) => kind === "ended").length, 2, what);
      const done = doneIn(one);
      for (const { id } of plan.rollback) assert.ok(done.has(id), `${what}: ${id}`);
      assert.ok(
        plan.steps.every(({ id }) => done.has(id)),
        what,
      );
      assert.ok(
        plan.restore.every(({ id }) => !done.has(id)),
        `${what}: data stay`,
      );
    }
  });

  it("does nothing of it twice, and ends as it would have, killed after any entry or at any write", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const whole = await simulate(plan, takenBack());
    const forth = await simulate(plan, calm());
    const from = placeOf(whole, "reopened");
    assert.ok(from > 0 && whole.writes > forth.writes + 2);
    const kills: Fault[] = [];
    for (let number = from + 1; number < whole.records.length; number++)
      for (const durable of [true, false]) kills.push({ kind: "killedAtEntry", number, durable });
    for (let number = forth.writes + 1; number <= whole.writes; number++)
      for (const carriedOut of [true, false]) kills.push({ kind: "killedAtWrite", number, carriedOut });
    for (const kill of kills) {
      const one = await simulate(plan, takenBack(kill));
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], JSON.stringify(kill));
      assert.deepEqual(doneIn(one), doneIn(whole), JSON.stringify(kill));
      const rollbacks = one.records.filter(({ entry }) => entry.kind === "rollback");
      assert.equal(rollbacks.length, 1, JSON.stringify(kill));
    }
  });

  it("holds to the invariants of every release, whatever goes wrong in it", async () => {
    const plans = contractPlans();
    let reopened = 0;
    for (let seed = 1; seed <= 80; seed++) {
      const plan = plans[seed % plans.length]!;
      const restore = seed % 3 === 0 && plan.restore.length > 0;
      const scenario = { ...randomScenario(plan, seed), takenBack: { afterSeconds: hour, restore } };
      const one = await calmly(plan, scenario);
      assert.deepEqual(one.violations, [], `seed ${seed}: ${one.end}, ${one.why}`);
      if (placeOf(one, "reopened") > 0) reopened++;
    }
    assert.ok(reopened > 30, `${reopened} were taken back`);
  });

  it("goes back although the store of its journals goes away meanwhile", async () => {
    const plan = contractPlan("case-management", "dev");
    const { times, ...calmOne } = await simulate(plan, takenBack());
    const at = times[placeOf(calmOne as Simulation, "reopened")]! + 1;
    const one = await simulate(plan, takenBack({ kind: "storeAway", fromSeconds: at, forSeconds: 2 * hour }));
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    assert.ok(one.times.at(-1)! < at + 2 * hour, "nobody waits for the store");
  });

  it("stays live, and says why, while the former side does not become ready", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const { dead } = await deadFrom(plan);
    const one = await simulate(plan, { ...takenBack(dead), people: "never" });
    assert.deepEqual([one.end, one.violations], ["held", []]);
    assert.match(one.why, /^Traffic goes back to the old colour: .*is not ready everywhere/);
    assert.equal(
      placeOf(one, "ended"),
      one.records.findLastIndex(({ entry }) => entry.kind === "ended"),
    );
  });

  /** The former side of the first track has no ready pods from the moment on at which it is to go back. */
  async function deadFrom(plan: Plan): Promise<{ readonly at: number; readonly dead: Fault }> {
    const { times, ...whole } = await simulate(plan, takenBack());
    const at = times[placeOf(whole as Simulation, "reopened")]!;
    const track = plan.facts.tracks[0]!.name;
    return { at, dead: { kind: "unready", track, side: "live", fromSeconds: at, forSeconds: 1e9 } };
  }

  it("stays live when somebody says so before any traffic is back, whatever it is killed at", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const { at, dead } = await deadFrom(plan);
    const abort: Fault = { kind: "command", command: "abort", atSeconds: at + 2 * hour };
    const scenario = (...more: readonly Fault[]): Scenario => ({
      ...takenBack(dead, abort, ...more),
      people: "never",
    });
    const whole = await simulate(plan, scenario());
    assert.deepEqual(
      [whole.end, whole.why, whole.violations],
      ["finished", `stays live: ${saidInSimulation}`, []],
    );
    const said = whole.records.findIndex(
      ({ entry }) => entry.kind === "command" && entry.command === "abort",
    );
    assert.ok(said > 0);
    for (let number = said; number < whole.records.length; number++) {
      for (const durable of [true, false]) {
        const one = await simulate(plan, scenario({ kind: "killedAtEntry", number, durable }));
        assert.deepEqual([one.end, one.violations], ["finished", []], `entry ${number}: ${one.why}`);
      }
    }
    const { ended, reopened, rollback, done, candidatePercent } = stateOf(whole.records);
    const first = whole.records.find(({ entry }) => entry.kind === "ended")!;
    assert.deepEqual(
      [ended?.at, reopened, rollback, candidatePercent],
      [first.at, undefined, undefined, 100],
    );
    assert.ok(
      plan.rollback.every(({ id }) => !done.has(id)),
      "another way back begins anew",
    );
  });

  it("stays live of sites as well, of which one has no other side", async () => {
    const plan = contractPlan("kirana-inventory", "dev");
    const { at, dead } = await deadFrom(plan);
    const abort: Fault = { kind: "command", command: "abort", atSeconds: at + hour };
    const one = await simulate(plan, { ...takenBack(dead, abort), people: "never" });
    assert.deepEqual([one.end, one.violations], ["finished", []], one.why);
  });

  it("goes back to the end when somebody says stay after traffic has", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const whole = await simulate(plan, takenBack());
    const back = whole.records.findIndex(
      ({ entry }) => entry.kind === "done" && /traffic-back/.test(entry.step),
    );
    const from = placeOf(whole, "reopened");
    assert.ok(back > from);
    for (let number = back - 3; number < whole.records.length; number++) {
      const late: Fault = { kind: "command", command: "abort", atSeconds: whole.times[number]! + 1 };
      const one = await simulate(plan, takenBack(late));
      const stays = one.end === "finished" ? "finished" : "rolledBack";
      assert.deepEqual([one.end, one.violations], [stays, []], `entry ${number}: ${one.why}`);
      if (number >= back) assert.equal(one.end, "rolledBack", `entry ${number}: ${one.why}`);
    }
  });

  it("restores the data as well when that is wanted, once those confirm it who must", async () => {
    const plans = (["tesoro-xp", "case-management", "kirana-store"] as const).map((system) =>
      contractPlan(system, "dev", { migration: true }),
    );
    // There a question of the restore chooses the backup.
    for (const plan of [...plans, contractPlan("case-management", "production", { migration: true })]) {
      const { system } = plan;
      const scenario = { ...calm(), takenBack: { afterSeconds: 24 * hour, restore: true } };
      const one = await calmly(plan, scenario);
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], `${system}: ${one.why}`);
      const done = doneIn(one);
      assert.ok(plan.restore.length > 0);
      for (const { id } of plan.restore) assert.ok(done.has(id), `${system}: ${id}`);
    }
    const plan = contractPlan("tesoro-xp", "dev");
    const asked = { ...calm(), takenBack: { afterSeconds: hour, restore: true } };
    const alone = await simulate(plan, { ...asked, people: "never" });
    assert.equal(alone.end, "held");
    assert.match(alone.why, /waits to be confirmed by engineering-manager/);
  });
});
