import assert from "node:assert/strict";
import type { JournalEntry } from "../../../release/journal/entry";
import { calm } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import type { SystemName } from "../../../runbooks/model";
import { contractPlan } from "./support/plans";
import { bad, minute, number, planOf, type Says, walk } from "./support/watching";

const good = 0.001;
const between = 0.03;

/** The error rate of a gate whose window is a minute, outside its limit for a span of the watch's seconds. */
const outside =
  (from: number, to: number): Says =>
  (at, ...rest) =>
    bad(at >= from && at < to ? between : good)(at, ...rest);

const hourOne = { minutes: { from: 0, due: 30 } };
const walked = (says: Says, change: object = hourOne, commands: Parameters<typeof walk>[2] = {}) =>
  walk(planOf([number(change)]), { "error-rate": says }, commands);
const holds = ({ entriesOf }: Awaited<ReturnType<typeof walk>>) =>
  entriesOf("held").map(({ gate, needsPerson, seconds }) => [
    gate,
    needsPerson,
    Math.round(seconds / minute),
  ]);

/** Between what passes and what goes back by itself, a person decides; nobody else does. */
describe("a number outside its limits in a watch", () => {
  it("waits for a person once it has been so for longer than its window, and still when it passes again", async () => {
    const one = await walked(outside(10 * minute, 14 * minute));
    assert.equal(one.end, "still runs");
    assert.deepEqual(holds(one), [["error-rate", true, 12]]);
    assert.match(one.entriesOf("held")[0]!.why, /0\.03, >= 0\.01, for more than 60 s; somebody confirms/);
  });

  it("does so without minutes of its own as well, and at once where it turns long at the end of the watch", async () => {
    assert.deepEqual(holds(await walked(outside(10 * minute, 14 * minute), {})), [["error-rate", true, 12]]);
    const late = await walked(outside(59.5 * minute, 70 * minute), {});
    assert.deepEqual(holds(late), [
      ["error-rate", false, 60],
      ["error-rate", true, 61],
    ]);
  });

  it("waits for a person when its minutes end so, by a single look, and still when it passes after them", async () => {
    const one = await walked(outside(29.8 * minute, 30.3 * minute));
    assert.equal(one.end, "still runs");
    assert.deepEqual(holds(one), [["error-rate", true, 31]]);
    assert.match(one.entriesOf("held")[0]!.why, /minute 30 was over, and passes again/);
  });

  it("is a moment's where it is back within its window, however often", async () => {
    const peaks: Says = (at, ...rest) => bad(at % 300 < 60 && at < 1700 ? between : good)(at, ...rest);
    const one = await walked(peaks);
    assert.deepEqual([one.end, holds(one)], ["finished", []]);
  });

  it("is not asked about after its minutes were kept", async () => {
    const one = await walked(outside(40 * minute, 50 * minute));
    assert.deepEqual([one.end, holds(one)], ["finished", []]);
  });

  it("goes by the contract's own time where that says how long it may be so", async () => {
    const { zones } = number({}) as { zones: object };
    const held = await walked(outside(10 * minute, 14 * minute), {
      zones: { ...zones, holdAtMostSeconds: 600 },
    });
    assert.deepEqual([held.end, holds(held)], ["finished", []]);
    const counted = { ...zones, rollback: [{ operator: ">=", limit: 0.01, sustainedSeconds: 600 }] };
    const beyond = await walked(outside(10 * minute, 14 * minute), { zones: counted });
    assert.deepEqual([beyond.end, holds(beyond)], ["finished", []]);
  });

  it("is confirmed by a promote, while it is outside and when it passes again", async () => {
    const commands = (seconds: number) => ({ commands: [[seconds, "promote"]] as const });
    const during = await walked(outside(10 * minute, 20 * minute), hourOne, commands(15 * minute));
    assert.deepEqual([during.end, holds(during)], ["finished", [["error-rate", true, 12]]]);
    const behind = await walked(outside(10 * minute, 14 * minute), hourOne, commands(20 * minute));
    assert.deepEqual([behind.end, holds(behind)], ["finished", [["error-rate", true, 12]]]);
    // A new fault is asked about anew.
    const twice: Says = (at, ...rest) => outside(at < 1200 ? 600 : 1320, at < 1200 ? 840 : 1560)(at, ...rest);
    const again = await walked(twice, hourOne, commands(18 * minute));
    assert.deepEqual(holds(again), [
      ["error-rate", true, 12],
      ["error-rate", true, 24],
    ]);
  });

  it("is looked at again by a resume: for as long as its window it may still be outside", async () => {
    const commands = { commands: [[15 * minute, "resume"]] as const };
    const gone = await walked(outside(10 * minute, 14 * minute), hourOne, commands);
    assert.deepEqual([gone.end, holds(gone)], ["finished", [["error-rate", true, 12]]]);
    const stays = await walked(outside(10 * minute, 25 * minute), hourOne, commands);
    assert.deepEqual(holds(stays), [
      ["error-rate", true, 12],
      ["error-rate", true, 17],
    ]);
  });
});

describe("contracts whose error rate a person confirms", () => {
  const cases: readonly (readonly [SystemName, number, number, number])[] = [
    ["kirana-store", 3, 150, 60],
    ["retail-agentic", 2, 26, 30],
  ];
  for (const [system, from, lasts, latest] of cases) {
    it(`${system}: does not finish before somebody has, also while questions are answered`, async () => {
      const plan = contractPlan(system, "production");
      const first = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
      const isWatch = ({ entry }: { entry: JournalEntry }) =>
        entry.kind === "phase" && entry.phase === "watch";
      const watch = first.times[first.records.findIndex(isWatch)]!;
      const fault = {
        kind: "gate",
        gate: "error-rate",
        seen: "between",
        fromSeconds: watch + from * minute,
        forSeconds: lasts * minute,
      } as const;
      const { records, times, end } = await simulate(
        plan,
        { ...calm(), waits: true, faults: [fault] },
        { leaps: true },
      );
      const held = records.findIndex(({ entry }) => entry.kind === "held" && entry.gate === "error-rate");
      const { entry } = records[held]!;
      assert.ok(entry.kind === "held" && entry.needsPerson);
      assert.ok(times[held]! - watch <= latest * minute, `${(times[held]! - watch) / minute} min`);
      const said = records.findIndex(
        (record, index) =>
          index > held && record.entry.kind === "command" && record.entry.command !== "answer",
      );
      const over = records.findIndex(
        (record) => record.entry.kind === "phase" && record.entry.phase === "finish",
      );
      assert.ok(end === "rolledBack" || (said > held && said < over), end);
    });
  }
});
