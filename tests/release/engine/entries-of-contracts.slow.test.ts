import assert from "node:assert/strict";
import { plannedEntries } from "../../../release/plan/planned-entries";
import { isPostMortem } from "../../../release/plan/selection";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { contracts } from "../../../runbooks/contracts";
import { everyPlan } from "./support/every-plan";

/** Words that the engine carries out one by one; `switchyard coverage` names this file for them. */
const words = ["step", "approval", "manual", "notify", "record"];

describe("what the engine carries out of the five contracts", () => {
  /** `SYSTEM ENTRY` of whatever a journal says was done. */
  const done = new Set<string>();

  before(async function () {
    this.timeout(120_000);
    for (const plan of everyPlan()) {
      const walk = async (...faults: readonly Fault[]) => {
        const { records, seconds } = await simulate(plan, { ...calm(), faults }, { leaps: true });
        for (const { entry } of records) {
          if (entry.kind === "done") done.add(`${plan.system} ${entry.step.split("/")[1]}`);
          // Messages of a hold or a rollback stand beside the steps.
          if (entry.kind === "told") done.add(`${plan.system} ${entry.entry}`);
        }
        return seconds;
      };
      const seconds = await walk();
      const late = Math.round(seconds * 0.9);
      await walk({ kind: "command", command: "rollback", restore: true, atSeconds: late });
      await walk({ kind: "command", command: "abort", atSeconds: 30 });
    }
  });

  for (const contract of contracts) {
    const planned = plannedEntries(contract);
    for (const entry of contract.entries) {
      // What people write after an emergency is a follow-up.
      if (!words.includes(entry.word) || !planned.has(entry.name) || isPostMortem(entry)) continue;
      it(`${contract.system} ${entry.name}: is done by a release`, () => {
        assert.ok(done.has(`${contract.system} ${entry.name}`));
      });
    }
  }
});
