import assert from "node:assert/strict";
import type { Fault, Scenario } from "../../../release/simulation/scenario";
import { calm } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { contractPlan } from "./support/plans";

const withFaults = (...faults: readonly Fault[]): Scenario => ({ ...calm(), faults });

/** A release that waits for a person while nothing moves ends its process; somebody's word has another one go on. */
describe("a release that was left", () => {
  it("goes on when it is approved, by everybody whose approval it wants", async () => {
    const { end, processes, violations } = await simulate(contractPlan("tesoro-xp", "production"), calm());
    assert.deepEqual([end, violations], ["finished", []]);
    assert.ok(processes > 1);
  });

  it("asks everybody once, however often it is taken up before they have all approved", async () => {
    const { records, processes } = await simulate(contractPlan("kirana-store", "production"), calm(), {
      leaps: true,
    });
    const asked = records.flatMap(({ entry }) =>
      entry.kind === "asked" ? [`${entry.entry} ${entry.role}`] : [],
    );
    assert.deepEqual(asked, [...new Set(asked)]);
    assert.ok(processes > 4, `${processes} processes`);
  });

  it("stays with its reason when nobody comes", async () => {
    const plan = contractPlan("tesoro-xp", "production");
    const { end, why, writes } = await simulate(plan, { ...calm(), people: "never" });
    assert.deepEqual([end, writes], ["held", 0]);
    assert.match(why, /waits for 1 more of senior-engineer/);
  });

  it("holds, rather than ending with an error, when its own mark cannot be taken away", async () => {
    const plan = contractPlan("case-management", "dev");
    const { writes } = await simulate(plan, calm());
    const last = { kind: "write", number: writes, how: "refused" } as const;
    const { end, why, violations } = await simulate(plan, { ...withFaults(last), people: "never" });
    assert.deepEqual([end, violations], ["held", []]);
    assert.match(why, /taking the mark of this release away: .*403/);
  });

  it("is refused only when what it began is taken back, however often that has to be tried", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const gate = "candidate-on-preview";
    const deaf: Fault = { kind: "gate", gate, seen: "breach", fromSeconds: 0, forSeconds: 1e9 };
    const { end, writes } = await simulate(plan, withFaults(deaf));
    assert.equal(end, "refused");
    const unwinding: Fault = { kind: "write", number: writes - 1, how: "failsOnce" };
    const again = await simulate(plan, withFaults(deaf, unwinding));
    assert.deepEqual([again.end, again.violations], ["refused", []]);
  });

  it("is not rolled back while the traffic stays where it was, whatever somebody lets pass", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const rollback: Fault = { kind: "command", command: "rollback", atSeconds: 900 };
    const { writes } = await simulate(plan, withFaults(rollback));
    const swapBack: Fault = { kind: "write", number: writes - 1, how: "refused" };
    const promote: Fault = { kind: "command", command: "promote", atSeconds: 1200 };
    const one = await simulate(plan, withFaults(rollback, swapBack, promote));
    assert.deepEqual([one.end, one.violations], ["held", []]);
    assert.match(one.why, /403/);
  });
});

describe("a release whose store of journals is away", () => {
  it("rolls back as fast as with it when a trigger is seen, and waits for it with everything else", async () => {
    const plan = contractPlan("retail-agentic", "dev");
    const away: Fault = { kind: "storeAway", fromSeconds: 300, forSeconds: 3600 };
    const breach: Fault = {
      kind: "gate",
      gate: "error-rate",
      seen: "breach",
      fromSeconds: 400,
      forSeconds: 1e9,
    };
    const began = async (...faults: readonly Fault[]) => {
      const { records, times, end } = await simulate(plan, withFaults(...faults));
      assert.equal(end, "rolledBack");
      return times[records.findIndex(({ entry }) => entry.kind === "rollback")]!;
    };
    const [there, gone] = [await began(breach), await began(breach, away)];
    assert.ok(gone - there <= 30, `${gone} s, with the store ${there} s`);
  });
});
