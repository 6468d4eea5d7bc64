import assert from "node:assert/strict";
import fc from "fast-check";
import type { Sample } from "../../../release/gates/gate-provider";
import { baselineOf, type GateState, isLookedAt, isOverdue, next } from "../../../release/gates/verdict";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";
import { checkGate, metricGate } from "../support/gates";
import { at, began, no, silence, value, yes } from "../support/moments";

describe("verdict of a metric over time", () => {
  const gate = metricGate({ provider: "prometheus", query: "up{}" }, { intervalSeconds: 60 });
  const bad = 0.2;
  const held = 0.03;

  /** Looks at the given seconds. */
  function run(samples: readonly (readonly [number, Sample])[], of: MetricGate = gate) {
    let state: GateState | undefined;
    return samples.map(([seconds, sample]) => {
      const judged = next(state, of, sample, at(seconds));
      state = judged.state;
      return judged.verdict;
    });
  }
  const looks = (seconds: readonly number[], number: number) =>
    seconds.map((second) => [second, value(number, second)] as const);

  it("rolls back with the look at which the limit was broken for its whole time, and not before", () => {
    assert.deepEqual(run(looks([0, 60, 120, 180, 240, 300], bad)), [...Array(5).fill("hold"), "rollback"]);
  });

  it("a value below the limit in between begins the time anew", () => {
    const verdicts = run([
      ...looks([0, 60, 120, 180, 240], bad),
      ...looks([300], held),
      ...looks([360, 420, 480, 540, 600], bad),
    ]);
    assert.ok(!verdicts.includes("rollback"));
  });

  it("looks without an answer add no time, and do not forget what was seen shortly before", () => {
    const broken = [...looks([0, 60, 120], bad), [180, silence], [240, silence]] as const;
    // 120 s before, then 180 s more.
    const verdicts = run([...broken, ...looks([300, 360, 420, 480], bad)]);
    assert.deepEqual(verdicts.slice(3, 5), ["inconclusive", "inconclusive"]);
    assert.deepEqual(verdicts.slice(5), ["hold", "hold", "hold", "rollback"]);
  });

  it("what was seen is forgotten once nothing was seen for longer than window and delay", () => {
    const silent = Array.from({ length: 7 }, (_, index) => [300 + index * 60, silence] as const);
    const verdicts = run([...looks([0, 60, 120, 180, 240], bad), ...silent, ...looks([720, 780], bad)]);
    assert.deepEqual(verdicts.slice(-2), ["hold", "hold"]);
  });

  it("the same datum again and again is not sustained", () => {
    const stuck = [0, 60, 120, 180, 240, 300, 350].map((seconds) => [seconds, value(bad, 0)] as const);
    assert.ok(!run(stuck).includes("rollback"));
  });

  it("a clock set forward, or a process that was away, has not watched meanwhile", () => {
    assert.deepEqual(run([...looks([0], bad), ...looks([7200], bad)]), ["hold", "hold"]);
  });

  it("a clock set back never counts as time, and the breach goes on afterwards", () => {
    const verdicts = run([...looks([3600, 3660, 3720], bad), ...looks([0, 60, 120, 180, 240], bad)]);
    // 120 s before, and 180 s after.
    assert.deepEqual(verdicts.slice(-3), ["hold", "rollback", "rollback"]);
  });

  it("holds no longer than the zone may be held", () => {
    const limited = { ...gate, zones: { ...gate.zones, holdAtMostSeconds: 120 } };
    assert.deepEqual(run(looks([0, 60, 120, 180], held), limited), ["hold", "hold", "hold", "rollback"]);
  });

  it("in a rehearsal at 60 times the speed five minutes are five seconds", () => {
    let state: GateState | undefined;
    const verdicts = [0, 1, 2, 3, 4, 5].map((seconds) => {
      const judged = next(state, gate, value(bad, seconds), at(seconds, { speed: 60 }));
      state = judged.state;
      return judged.verdict;
    });
    assert.deepEqual(verdicts, [...Array(5).fill("hold"), "rollback"]);
  });

  it("says since when it says it, what was seen, and what is missing to a rollback", () => {
    const first = next(undefined, gate, value(bad, 0), at(0));
    const second = next(first.state, gate, value(bad, 60), at(60));
    assert.equal(second.state.since, new Date(began).toISOString());
    assert.equal(second.why, "0.2, >= 0.01; > 0.05 for 60 of 300 s");
  });

  it("a state that went through JSON says the same", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), anySample)), (steps) => {
        let live: GateState | undefined;
        let stored: GateState | undefined;
        let seconds = 0;
        for (const [pause, sample] of steps) {
          seconds += pause;
          const one = next(live, gate, sample(seconds), at(seconds));
          const two = next(stored, gate, sample(seconds), at(seconds));
          assert.deepEqual(two, one);
          live = one.state;
          stored = JSON.parse(JSON.stringify(two.state));
        }
      }),
    );
  });

  it("never passes and never rolls back on a sample that says nothing, and rolls back only after a watched breach", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -600, max: 900 }), anySample), { maxLength: 60 }),
        (steps) => {
          let state: GateState | undefined;
          let seconds = 0;
          let badInARow = 0;
          for (const [pause, sample] of steps) {
            seconds += pause;
            const taken = sample(seconds);
            const judged = next(state, gate, taken, at(seconds));
            state = judged.state;
            if (taken.kind !== "value") {
              assert.equal(judged.verdict, "inconclusive");
              continue;
            }
            badInARow = taken.value > 0.05 ? badInARow + 1 : 0;
            // 300 s cannot have been watched by fewer looks than this.
            if (judged.verdict === "rollback") assert.ok(badInARow >= 3, `${badInARow} looks`);
            if (taken.value >= 0.01) assert.notEqual(judged.verdict, "pass");
          }
        },
      ),
    );
  });
});

const anySample: fc.Arbitrary<(seconds: number) => Sample> = fc.oneof(
  fc.constant(() => silence),
  fc.double({ min: 0, max: 0.2, noNaN: true }).map((number) => (seconds: number) => value(number, seconds)),
);

describe("limits that are factors", () => {
  const gate = metricGate(
    { provider: "prometheus", query: "up{}" },
    { comparedWith: "baseline", zones: { pass: { operator: "<=", limit: 2 }, rollback: [] } },
  );

  it("holds a value against what was recorded before the release", () => {
    assert.equal(next(undefined, gate, value(180, 0), at(0, { baseline: 100 })).verdict, "pass");
    const slow = next(undefined, gate, value(250, 0), at(0, { baseline: 100 }));
    assert.equal(slow.verdict, "hold");
    assert.equal(slow.why, "2.5 times the baseline (250 against 100), > 2");
  });

  it("says nothing without a baseline, or with one of 0", () => {
    for (const baseline of [undefined, 0, Number.NaN]) {
      const moment = at(0, baseline === undefined ? {} : { baseline });
      assert.equal(next(undefined, gate, value(1, 0), moment).verdict, "inconclusive");
    }
  });

  it("a baseline is recorded only of what a gate could be judged by", () => {
    assert.deepEqual(baselineOf(gate, value(100, 0, 30), at(0)), { value: 100, count: 30 });
    for (const sample of [silence, value(100, 0, 0), value(100, -400), value(0, 0), value(Number.NaN, 0)]) {
      assert.ok("why" in baselineOf(gate, sample, at(0)));
    }
  });
});

describe("minutes of a gate", () => {
  const gate = { ...metricGate({ provider: "prometheus", query: "up{}" }), minutes: { from: 5, due: 10 } };

  it("is not looked at before its first minute, and had to pass by the one it is due", () => {
    assert.equal(isLookedAt(gate, at(299)), false);
    assert.equal(isLookedAt(gate, at(300)), true);
    assert.equal(isLookedAt(gate, at(5, { speed: 60 })), true);
    assert.equal(isOverdue(undefined, gate, at(600)), false);
    assert.equal(isOverdue(undefined, gate, at(601)), true);
  });

  it("a gate that passed once is not overdue, whatever it says later", () => {
    const passed = next(undefined, gate, value(0, 300), at(300));
    const later = next(passed.state, gate, silence, at(660));
    assert.equal(isOverdue(later.state, gate, at(700)), false);
    const silent = next(undefined, gate, silence, at(300));
    assert.equal(isOverdue(silent.state, gate, at(700)), true);
  });
});

describe("verdict of a check over time", () => {
  const run = (gate: CheckGate, samples: readonly Sample[], every = 30) => {
    let state: GateState | undefined;
    return samples.map((sample, index) => {
      const judged = next(state, gate, sample, at(index * every));
      state = judged.state;
      return `${judged.verdict}${judged.settled ? "!" : ""}`;
    });
  };
  const gate = checkGate({ provider: "release", expects: "candidateServed" });

  it("counts after its attempts in a row", () => {
    assert.deepEqual(run(gate, [no, no, no]), ["hold", "hold", "rollback!"]);
    assert.deepEqual(run(gate, [no, no, yes, no]), ["hold", "hold", "pass!", "hold"]);
  });

  it("counts only when it lasted, where the runbook says how long", () => {
    const lasting = { ...gate, attempts: 1, sustainedSeconds: 90 };
    assert.deepEqual(run(lasting, [no, no, no, no]), ["hold", "hold", "hold", "rollback!"]);
  });

  it("silence is neither a failure nor a yes, and ends a precondition's attempts as inconclusive", () => {
    assert.deepEqual(run(gate, [silence, silence, silence]), [
      "inconclusive",
      "inconclusive",
      "inconclusive!",
    ]);
    assert.deepEqual(run(gate, [no, silence, no, silence, no]), [
      "hold",
      "inconclusive",
      "hold",
      "inconclusive!",
      "rollback!",
    ]);
  });

  it("what is only shown holds nothing up", () => {
    assert.deepEqual(run({ ...gate, onBreach: "report" }, [no, no, no]), ["report", "report", "report!"]);
  });
});
