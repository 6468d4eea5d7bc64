import assert from "node:assert/strict";
import type { Plan } from "../../../release/plan/plan";
import { scriptedScenario } from "../../../release/simulation/parse-fault";
import { UserError } from "../../../release/user-error";
import { contractPlan } from "../engine/support/plans";

const plan = contractPlan("retail-agentic", "dev");
const faultsOf = (...texts: readonly string[]) => scriptedScenario(plan, texts).faults;

describe("faults of a simulation as they are written", () => {
  it("are placed in minutes from the release's start", () => {
    assert.deepEqual(faultsOf("gate:error-rate=between@30+2.5", "say:rollback@45", "clock-back@5+60"), [
      { kind: "gate", gate: "error-rate", seen: "between", fromSeconds: 1800, forSeconds: 150 },
      { kind: "command", command: "rollback", atSeconds: 2700 },
      { kind: "clockSet", atSeconds: 300, bySeconds: -3600 },
    ]);
  });

  it("have the plainest meaning where nothing more is said", () => {
    const [gate, never] = faultsOf("gate:error-rate", "never-ready");
    assert.deepEqual(
      [gate?.kind === "gate" && gate.seen, gate?.kind === "gate" && gate.fromSeconds],
      ["breach", 0],
    );
    assert.deepEqual(never, { kind: "neverReady", track: plan.facts.tracks[0]!.name });
    assert.equal(scriptedScenario(plan, ["people:never"]).people, "never");
    assert.equal(scriptedScenario(plan, ["killed:40", "elsewhere"]).elsewhere, true);
  });

  it("take a release back so many minutes after its end, with its data where that is said", () => {
    assert.deepEqual(scriptedScenario(plan, ["taken-back@90", "gate:error-rate"]).takenBack, {
      afterSeconds: 5400,
    });
    assert.deepEqual(scriptedScenario(plan, ["taken-back=restore@1"]).takenBack, {
      afterSeconds: 60,
      restore: true,
    });
    const alone = { ...plan, stack: { changes: [] } } as unknown as Plan;
    assert.throws(() => scriptedScenario(alone, ["taken-back@90"]), /moved no traffic/);
  });

  for (const [text, words] of [
    ["gate:error-rat", /there is no error-rat; allowed: .*error-rate/],
    ["gate", /it names nothing/],
    ["fire", /there is no fault fire/],
    ["gate:error-rate=high", /there is no high; allowed: breach, /],
    ["write:0", /whole number above 0/],
    ["stopped", /it wants a time/],
    ["taken-back", /it wants a time/],
    ["taken-back=gladly@5", /there is no gladly; allowed: restore/],
    ["a b", /not how a fault is written/],
  ] as const) {
    it(`are refused with what is allowed: ${text}`, () => {
      assert.throws(
        () => faultsOf(text),
        (error) =>
          error instanceof UserError && words.test(error.message) && error.mend!.includes("say:hold"),
      );
    });
  }
});
