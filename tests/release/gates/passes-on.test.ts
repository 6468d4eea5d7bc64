import assert from "node:assert/strict";
import fc from "fast-check";
import type { Sample } from "../../../release/gates/gate-provider";
import { next, passesOn } from "../../../release/gates/verdict";
import { contracts } from "../../../runbooks/contracts";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";

const gates = contracts.flatMap(({ entries }) =>
  entries.filter(
    (entry): entry is MetricGate | CheckGate => entry.word === "metricGate" || entry.word === "checkGate",
  ),
);
const began = new Date("2026-03-03T10:00:00Z");

/** Samples around every limit of a gate, healthy and not. */
function sampleOf(gate: MetricGate | CheckGate, now: Date): fc.Arbitrary<Sample> {
  const question = gate.title;
  const nothing = fc.constant<Sample>({ kind: "nothing", why: "nobody answers", question });
  if (gate.word === "checkGate")
    return fc.oneof(
      nothing,
      fc.boolean().map((holds): Sample => ({ kind: "answer", holds, seen: "", question })),
    );
  const limits = [gate.zones.pass.limit, ...gate.zones.rollback.map(({ limit }) => limit)];
  const value = fc
    .tuple(fc.constantFrom(...limits), fc.constantFrom(0, 0.5, 1, 1.5, 2, Number.NaN))
    .map(([limit, factor]) => limit * factor);
  return fc.oneof(
    nothing,
    fc.record({
      kind: fc.constant("value" as const),
      value,
      at: fc.constantFrom(now, new Date(0)),
      count: fc.constantFrom(0, gate.minimumSample.atLeast),
      question: fc.constant(question),
    }),
  );
}

describe("a gate that passes on", () => {
  it("is one of which judging it anew would say and count nothing new", () => {
    let passed = 0;
    const looks = fc
      .constantFrom(...gates)
      .chain((gate) =>
        fc.tuple(fc.constant(gate), fc.array(sampleOf(gate, began), { maxLength: 4 }), sampleOf(gate, began)),
      );
    fc.assert(
      fc.property(looks, ([gate, before, sample]) => {
        const moment = { now: began, speed: 1, phaseBegan: began };
        let state: ReturnType<typeof next>["state"] | undefined;
        for (const one of before) state = next(state, gate, one, moment).state;
        if (state === undefined || !passesOn(state, gate, sample, moment)) return;
        passed++;
        const judged = next(state, gate, sample, moment);
        assert.equal(judged.verdict, "pass");
        assert.deepEqual(judged.state, state);
      }),
      { numRuns: 3000 },
    );
    assert.ok(passed > 50, `only ${passed}`);
  });
});
