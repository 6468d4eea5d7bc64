import assert from "node:assert/strict";
import type { Fault } from "../../../release/simulation/scenario";
import type { PlannedMember } from "../../../release/train/train";
import { contractPlan } from "../engine/support/plans";
import { simulateTrain } from "./support/simulate-train";
import { chain, fork, outcomes, pair, say, scenarioOf, secondsOf } from "./support/trains";

/**
 * Several releases in virtual time, by the code that runs them: who begins when, who goes back first, who is waited for.
 * What the world does itself is simulated.
 */

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
    assert.match(
      why,
      /needs what goes back: kirana-inventory 1\.0\.1 is rolled back: the simulated operator wants it$/,
    );
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
