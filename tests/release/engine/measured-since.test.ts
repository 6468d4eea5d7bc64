import assert from "node:assert/strict";
import { measuredSince } from "../../../release/engine/measured-since";
import type { GateContext } from "../../../release/gates/gate-provider";
import type { Phase } from "../../../runbooks/vocabulary";
import { number, planOf, unseen, walk } from "./support/watching";

describe("since when numbers are of the candidate", () => {
  it("in a ramp since it began, in a watch since traffic moved, elsewhere of any time", () => {
    const of = (phase: Phase) => measuredSince({ phase, phaseBegan: "10:00", movedAt: "09:58" });
    assert.deepEqual((["ramp", "watch", "rollback-watch"] as const).map(of), ["10:00", "09:58", "09:58"]);
    for (const phase of ["prepare", "smoke", "switch", "finish"] as const) assert.equal(of(phase), undefined);
  });

  it("a release tells its gates, so that none of them judges what was before the switch", async () => {
    const contexts: GateContext[] = [];
    await walk(planOf([number({ name: "errors" })]), {
      errors: (_seconds, _gate, context) => {
        contexts.push(context);
        return unseen;
      },
    });
    const [first] = contexts;
    assert.ok(first?.measuredSince !== undefined);
    assert.ok(first.measuredSince >= first.releaseBegan && first.measuredSince <= first.phaseBegan);
    assert.equal(new Set(contexts.map(({ measuredSince }) => measuredSince?.getTime())).size, 1);
  });
});
