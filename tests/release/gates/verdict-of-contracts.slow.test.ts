import assert from "node:assert/strict";
import type { Sample } from "../../../release/gates/gate-provider";
import { type GateState, next } from "../../../release/gates/verdict";
import { contracts } from "../../../runbooks/contracts";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";
import { at, no, silence, value, yes } from "../support/moments";

type Limit = MetricGate["zones"]["pass"];

/** A number for which a limit holds, and one for which it does not. */
function within({ operator, limit }: Limit): number {
  return { "<": limit - 0.001, "<=": limit, ">": limit + 0.001, ">=": limit }[operator];
}
function outside({ operator, limit }: Limit): number {
  return { "<": limit, "<=": limit + 0.001, ">": limit, ">=": limit - 0.001 }[operator];
}

const allGates = contracts.flatMap(({ system, entries }) =>
  entries.flatMap((entry) =>
    entry.word === "metricGate" || entry.word === "checkGate" ? [{ system, gate: entry }] : [],
  ),
);

/** Looks every interval, from the gate's first minute on, until it is settled or `seconds` are over. */
function watch(gate: MetricGate | CheckGate, sample: (seconds: number) => Sample, seconds: number) {
  const interval =
    gate.word === "metricGate" ? gate.intervalSeconds : (gate.everySeconds ?? gate.timeoutSeconds);
  const from = (gate.minutes?.from ?? 0) * 60;
  let state: GateState | undefined;
  for (let passed = 0; ; passed += interval) {
    const moment = at(from + passed, { baseline: 1 });
    const judged = next(state, gate, sample(from + passed), moment);
    state = judged.state;
    if (judged.settled || passed + interval > seconds) return { ...judged, passed, interval };
  }
}

describe("verdicts of every gate of the five contracts", () => {
  it("there are gates of all five systems, and of both words", () => {
    assert.equal(new Set(allGates.map(({ system }) => system)).size, 5);
    assert.ok(allGates.filter(({ gate }) => gate.word === "metricGate").length > 60);
    assert.ok(allGates.filter(({ gate }) => gate.word === "checkGate").length > 200);
  });

  for (const { system, gate } of allGates) {
    if (gate.word === "checkGate") {
      it(`${system} ${gate.name}: yes passes, no after its attempts is ${gate.onBreach}, silence is inconclusive`, () => {
        assert.equal(watch(gate, () => yes, 0).verdict, "pass");
        const failed = watch(gate, () => no, 1e6);
        assert.equal(failed.verdict, gate.onBreach);
        assert.ok(failed.settled);
        assert.ok(failed.passed >= (gate.sustainedSeconds ?? 0));
        assert.equal(watch(gate, () => silence, 1e6).verdict, "inconclusive");
      });
      continue;
    }
    it(`${system} ${gate.name}: passes, fails, and is inconclusive without enough, fresh, finite data`, () => {
      const { pass, rollback } = gate.zones;
      assert.equal(watch(gate, (seconds) => value(within(pass), seconds), 0).verdict, "pass");
      const first = watch(gate, (seconds) => value(outside(pass), seconds), 0).verdict;
      assert.ok(first === "hold" || first === "rollback", first);
      for (const limit of rollback) {
        const bad = watch(gate, (seconds) => value(within(limit), seconds), 1e5);
        assert.equal(bad.verdict, "rollback");
        const soonest = Math.min(
          ...rollback.filter((one) => holds(one, within(limit))).map((one) => one.sustainedSeconds),
        );
        assert.ok(bad.passed >= soonest, `after ${bad.passed} s, sustained ${soonest} s`);
        assert.ok(bad.passed < soonest + bad.interval, "no more than one interval late");
      }
      const { atLeast } = gate.minimumSample;
      const tooOld = gate.windowSeconds + gate.telemetryDelaySeconds + 1;
      const samples: ((seconds: number) => Sample)[] = [
        () => silence,
        () => yes,
        (seconds) => value(Number.NaN, seconds),
        (seconds) => value(Number.POSITIVE_INFINITY, seconds),
        (seconds) => value(within(pass), seconds, atLeast - 0.5),
        (seconds) => value(within(pass), seconds, Number.NaN),
        (seconds) => value(within(pass), seconds - tooOld),
        ...rollback.map((limit) => (seconds: number) => value(within(limit), seconds, atLeast - 0.5)),
      ];
      for (const sample of samples) assert.equal(watch(gate, sample, 7200).verdict, "inconclusive");
    });
  }
});

function holds({ operator, limit }: Limit, number: number): boolean {
  return { "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit }[operator];
}
