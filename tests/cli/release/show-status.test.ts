import assert from "node:assert/strict";
import { statusDocument, statusText } from "../../../cli/release/show-status";
import { placeOf } from "../../../cli/release/train/show-train";
import { after, type ReleaseState, stateOf } from "../../../release/engine/state";
import { endOf, nextRecord } from "../../../release/journal/chain";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import { type Standing, trafficOf } from "../../../release/train/standing";
import { planOf, questionOf } from "../../release/plan/support/questions";

const at = new Date("2026-03-03T10:00:00Z");

function stateWith(plan: Plan, ...entries: readonly JournalEntry[]): ReleaseState {
  const started: JournalEntry = {
    kind: "started",
    format: 1,
    release: "r-1",
    by: "ana",
    plan: JSON.parse(JSON.stringify(plan)),
  };
  const records: JournalRecord[] = [];
  for (const entry of [started, ...entries]) records.push(nextRecord(endOf(records, "r-1"), entry, at));
  const [first, ...rest] = records;
  const state = stateOf(records);
  // Record by record it comes to the same as read whole.
  assert.deepEqual(
    rest.reduce((before, record) => after(before, record), stateOf([first!])).moving,
    state.moving,
  );
  return state;
}

const intent = (step: string): JournalEntry => ({ kind: "intent", step });
const done = (step: string): JournalEntry => ({ kind: "done", step, seen: null, milliseconds: 1 });
const held = (step: string): JournalEntry => ({
  kind: "held",
  why: `${step} cannot be done`,
  step,
  needsPerson: true,
});
const rollback: JournalEntry = { kind: "rollback", why: "errors", by: "ana", seenAt: at.toISOString() };

const opened = (state: ReleaseState) => ({
  store: undefined as never,
  release: "r-1",
  state,
  runner: "here:1",
  again: () => assert.fail("it is looked at once"),
});

/** What people, programs and the train read. */
function shown(state: ReleaseState) {
  const text = statusText(state.plan.system, "dev", opened(state));
  const { candidatePercent, goingToPercent, awaits } = statusDocument(opened(state));
  const standing: Standing = {
    member: { system: state.plan.system } as never,
    begun: true,
    runs: true,
    state,
  };
  return {
    line: /traffic\s+(.*)/.exec(text)?.[1],
    numbers: [candidatePercent, goingToPercent],
    commands: awaits.map(({ command }) => command).join("\n"),
    train: [trafficOf([standing]), placeOf(standing)],
  };
}

describe("status of a release that moves traffic", () => {
  const whole = planOf(questionOf("case-management", { environment: "dev" }));
  const idOf = (plan: Plan, move: string) =>
    [...plan.steps, ...plan.rollback].find(({ entry }) => {
      const named = plan.entries[entry];
      return named?.word === "step" && named.does.action === "traffic" && named.does.move === move;
    })!.id;
  const [there, back] = [idOf(whole, "switch"), idOf(whole, "back")];
  const side = Object.values(whole.to.sides)[0];

  it("says what the candidate has, and where it is going while that is not done", () => {
    const going = shown(stateWith(whole, { kind: "phase", phase: "switch" }, intent(there)));
    assert.equal(going.line, `0 % to ${side}, going to 100 %`);
    assert.deepEqual(going.numbers, [0, 100]);
    assert.deepEqual(going.train, [
      "case-management with 0 % on the new side, going to 100 %, and nobody watches it",
      "switch, 0 % of the traffic on the new side, going to 100 %",
    ]);
    const gone = shown(stateWith(whole, intent(there), done(there)));
    assert.deepEqual([gone.line, gone.numbers], [`100 % to ${side}`, [100, null]]);
  });

  it("says 100 % of a way back that cannot be gone, however often it is tried, and 0 % once it is", () => {
    const way = [intent(there), done(there), rollback, intent(back)];
    for (const tried of [[], [intent(back)], [held(back)]]) {
      const stuck = shown(stateWith(whole, ...way, ...tried));
      assert.deepEqual([stuck.line, stuck.numbers], [`100 % to ${side}, going to 0 %`, [100, 0]]);
    }
    const over = shown(stateWith(whole, ...way, done(back)));
    assert.deepEqual([over.line, over.numbers], [`0 % to ${side}`, [0, null]]);
  });

  it("says between what it is where a switch broke off and the way back is not done either", () => {
    const torn = shown(stateWith(whole, intent(there), rollback, intent(back)));
    assert.deepEqual([torn.line, torn.numbers], [`0 to 100 % to ${side}, going to 0 %`, [100, 0]]);
  });

  it("names the slot that has a share, beside a site that has one side, and production once it was swapped", () => {
    const plan = planOf(questionOf("kirana-inventory"));
    const [first] = plan.steps.filter(({ does }) => does.as === "weight").map(({ id }) => id);
    const ramp = [intent(first!), done(first!)];
    assert.equal(shown(stateWith(plan, ...ramp)).line, "10 % to staging");
    const swap = idOf(plan, "switch");
    assert.equal(shown(stateWith(plan, ...ramp, intent(swap))).line, "10 % to staging, going to 100 %");
    const swapped = [...ramp, intent(swap), done(swap)];
    assert.equal(shown(stateWith(plan, ...swapped)).line, "100 % to production");
    const back = idOf(plan, "back");
    const gone = [...swapped, rollback, intent(back), done(back)];
    assert.equal(shown(stateWith(plan, ...gone)).line, "0 % to staging");
  });

  it("says a weight while it is held, and on the way back from it", () => {
    const plan = planOf(questionOf("kirana-store", { environment: "dev" }));
    const [, first, second] = plan.steps.filter(({ does }) => does.as === "weight").map(({ id }) => id);
    const green = Object.values(plan.to.sides)[0];
    const ramp = [intent(first!), done(first!), intent(second!)];
    assert.equal(shown(stateWith(plan, ...ramp)).line, `20 % to ${green}`);
    const leaving = shown(stateWith(plan, ...ramp, rollback, intent(idOf(plan, "back"))));
    assert.equal(leaving.line, `20 % to ${green}, going to 0 %`);
  });

  it("offers promote where it does something: never for traffic that does not go back", () => {
    const way = [intent(there), done(there), rollback, intent(back)];
    const stuck = shown(stateWith(whole, ...way, held(back)));
    assert.match(stuck.commands, /release resume/);
    assert.doesNotMatch(stuck.commands, /promote/);
    const tidied = whole.rollback.find(({ entry, does }) => {
      const named = whole.entries[entry];
      return does.as === "action" && named?.word === "step" && named.does.action !== "traffic";
    });
    if (tidied !== undefined)
      assert.match(shown(stateWith(whole, ...way, done(back), held(tidied.id))).commands, /promote/);
    const byPerson: JournalEntry = { kind: "held", why: "lunch", needsPerson: true };
    assert.match(shown(stateWith(whole, byPerson)).commands, /promote/);
    const ending = shown(stateWith(whole, rollback, held("taking the mark of this release away")));
    assert.doesNotMatch(ending.commands, /promote/);
  });
});
