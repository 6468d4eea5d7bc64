import assert from "node:assert/strict";
import type { JournalEntry } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { systemNames } from "../../../runbooks/model";
import { contractPlan, contractPlans } from "./support/plans";

/** Numbers that are looked at while traffic moves and when it has gone back: what they say is acted on. */

const forGood = 1e9;

/** Nobody decides anything that holds the release. */
const walk = (plan: Plan, faults: readonly Fault[], leaps = true) =>
  simulate(plan, { ...calm(), waits: true, faults }, { leaps });

const breach = (gate: string, fromSeconds: number, forSeconds = forGood): Fault => ({
  kind: "gate",
  gate,
  seen: "breach",
  fromSeconds,
  forSeconds,
});

function secondsOf({ records, times }: Simulation, isMeant: (entry: JournalEntry) => boolean): number {
  const index = records.findIndex(({ entry }) => isMeant(entry));
  assert.ok(index >= 0, "the entry is not there");
  return times[index]!;
}

const isPhase = (phase: string) => (entry: JournalEntry) => entry.kind === "phase" && entry.phase === phase;
const isOf = (gate: string) => (entry: JournalEntry) =>
  (entry.kind === "held" || entry.kind === "rollback") && entry.gate === gate;

const isDecision = (entry: JournalEntry) =>
  entry.kind === "command" && ["promote", "resume", "rollback", "abort"].includes(entry.command);

/** Of every plan the gates that count requests lost while all traffic moves at once. */
const lostInSwitch = systemNames.flatMap((system) => {
  const plan = contractPlan(system, "production");
  return plan.watched.flatMap(({ entry, phases }) => {
    const gate = plan.entries[entry];
    const counts = gate?.word === "metricGate" && gate.measurement.provider === "release";
    return counts && phases.includes("switch") ? [{ plan, gate: entry }] : [];
  });
});

describe("a request that was lost in a switch", () => {
  it("is counted in three contracts", () => {
    assert.equal(lostInSwitch.length, 3);
  });

  for (const { plan, gate } of lostInSwitch) {
    it(`holds the release for a person, although none is lost any more (${plan.system})`, async () => {
      const whole = await walk(plan, []);
      const from = secondsOf(whole, isPhase("switch"));
      const one = await walk(
        plan,
        [breach(gate, from, secondsOf(whole, isPhase("watch")) - from - 30)],
        false,
      );
      assert.deepEqual(one.violations, []);
      const held = one.records.find(({ entry }) => isOf(gate)(entry))?.entry;
      assert.ok(held?.kind === "held" && held.needsPerson, "nothing was held");
      const at = one.records.findIndex(({ entry }) => isOf(gate)(entry));
      const next = one.records.slice(at).find(({ entry }) => isDecision(entry) || isPhase("watch")(entry));
      assert.ok(next === undefined || isDecision(next.entry), "it went on by itself");
    });
  }

  /** Twenty seconds in which requests are lost, and what somebody says half a minute after that is held. */
  async function lost(command?: "promote" | "resume", ...more: readonly Fault[]) {
    const plan = contractPlan("case-management", "dev");
    const gate = "requests-lost-in-switch";
    const gone = breach(gate, secondsOf(await walk(plan, []), isPhase("switch")), 20);
    const held = await walk(plan, [gone], false);
    const at = held.records.findIndex(({ entry }) => isOf(gate)(entry));
    const said: readonly Fault[] =
      command === undefined ? [] : [{ kind: "command", command, atSeconds: held.times[at]! + 30 }];
    const one = await walk(plan, [gone, ...said, ...more], false);
    return { one, at, holds: one.records.filter(({ entry }) => isOf(gate)(entry)).length };
  }

  it("is let pass by a promote, and is over for a resume when none is lost any more", async () => {
    for (const command of ["promote", "resume"] as const) {
      const { one, holds } = await lost(command);
      assert.deepEqual([one.end, one.violations, holds], ["finished", [], 1], command);
    }
  });

  it("is known to the process that takes the release up", async () => {
    const { at } = await lost();
    const killed: Fault = { kind: "killedAtEntry", number: at, durable: true };
    const { one, holds } = await lost(undefined, killed);
    assert.deepEqual([one.processes, one.violations, holds], [2, [], 2]);
  });
});

describe("a number that is looked at all through a phase", () => {
  it("holds the release or sends it back when it is outside its limits, in each of the five contracts", async () => {
    for (const plan of contractPlans().filter(({ types }) => !types.includes("migration"))) {
      const whole = await walk(plan, []);
      for (const { entry: gate, phases } of plan.watched) {
        if (plan.entries[gate]?.word !== "metricGate") continue;
        const phase = phases.find((one) => whole.records.some(({ entry }) => isPhase(one)(entry)));
        if (phase === undefined) continue;
        const one = await walk(plan, [breach(gate, secondsOf(whole, isPhase(phase)))]);
        assert.deepEqual(one.violations, [], gate);
        assert.ok(
          one.records.some(({ entry }) => isOf(gate)(entry)),
          `${plan.system} on ${plan.environment}: nothing came of ${gate} in ${phase}`,
        );
      }
    }
  });
});

describe("how long a rollback took", () => {
  for (const [system, gate, told] of [
    ["kirana-inventory", "rollback-time", "rollback-executed"],
    ["case-management", "rollback-duration", "rollback-told"],
  ] as const) {
    it(`is judged once, when all is back; that it took too long is told and holds nothing (${system})`, async () => {
      const plan = contractPlan(system, "production");
      const whole = await walk(plan, []);
      const atSeconds = secondsOf(whole, isPhase("watch")) + 60;
      const rollback: Fault = { kind: "command", command: "rollback", atSeconds };
      const quick = await walk(plan, [rollback]);
      const slow = await walk(plan, [rollback, breach(gate, 0)]);
      const verdicts = ({ records }: Simulation) =>
        records.flatMap(({ entry }) =>
          entry.kind === "verdict" && entry.gate === gate ? [[entry.phase, entry.verdict]] : [],
        );
      assert.deepEqual(verdicts(quick), [["rollback", "pass"]]);
      assert.deepEqual(verdicts(slow), [["rollback", "hold"]]);
      assert.deepEqual([slow.end, slow.violations], ["rolledBack", []]);
      const judged = secondsOf(slow, (entry) => entry.kind === "verdict" && entry.gate === gate);
      const back = secondsOf(
        slow,
        (entry) => entry.kind === "done" && /\/(swap-back|traffic-back)$/.test(entry.step),
      );
      assert.ok(judged >= back, "it was judged before traffic was back");
      const times = ({ records }: Simulation) =>
        records.filter(({ entry }) => entry.kind === "told" && entry.entry === told).length;
      assert.equal(times(slow), 2 * times(quick));
      assert.ok(!slow.records.some(({ entry }) => isOf(gate)(entry)));
    });
  }
});
