import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import { run } from "../../../release/engine/run";
import { stateOf } from "../../../release/engine/state";
import type { Command } from "../../../release/journal/journal";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Entry } from "../../../runbooks/vocabulary";
import { FakeTrack, healthy, MemoryJournal, partsOf, plan, start, type World } from "./support/world";

const minutes = 60_000;
const starter = "ana@example.org";
const lead = "lea@example.org";

const manual = (name: string, question: string, more: object): Entry =>
  ({
    word: "manual",
    name,
    title: name,
    ids: [],
    on: ["production"],
    during: ["smoke"],
    role: "deployment-lead",
    question,
    answer: "yesNo",
    ...more,
  }) as unknown as Entry;

const goNoGo = manual("go-no-go", "Go or no-go?", { blocking: true });
const corruption = manual("corruption", "Are data corrupted?", {
  blocking: false,
  expects: { operator: "equals", value: false },
  onBreach: "rollback",
});

const asked = (entry: string, before: PlanStep): PlanStep => ({
  ...before,
  id: `smoke/${entry}`,
  phase: "smoke",
  entry,
  does: { as: "question" },
});

/** Deploy, smoke, the two questions, the ramp. */
const withQuestions: Plan = {
  ...plan,
  steps: plan.steps.flatMap((step) =>
    step.id === "smoke/green-answers" ? [step, asked("go-no-go", step), asked("corruption", step)] : [step],
  ),
  entries: { ...plan.entries, "go-no-go": goNoGo, corruption },
};

type Said = readonly [minute: number, by: string, entry: string, answer: unknown];

/** A release that its starter runs on a stack whose trust root names one deployment-lead. */
async function releaseIn(waits: boolean, ...said: readonly Said[]) {
  const clock = new VirtualClock();
  const world: World = {
    clock,
    journal: new MemoryJournal(clock),
    track: new FakeTrack(),
    progress: [],
    sample: healthy,
    commands: said.map(([minute, by, entry, answer], index) => ({
      at: minute * minutes,
      // As `release answer` sends it: in the role that the entry asks, whoever gives it.
      command: {
        id: String(index),
        command: "answer",
        by,
        at: "",
        entry,
        role: "deployment-lead",
        answer,
      } as Command,
    })),
  };
  await start(world, withQuestions, starter);
  const people: EngineParts["people"] = {
    mayAct: async (person, role) => ({
      holds: person === lead && role === "deployment-lead",
      why: `${person} is unknown to the trust root; ${role} there: ${lead}`,
    }),
  };
  const given: EngineParts["given"] = async (known) =>
    world.commands.flatMap(({ command }) => (known.has(command.id) ? [] : [command]));
  const parts = { ...partsOf(world), people, waits, ...(!waits && { given }) };
  const result = await clock.until(run(parts, new AbortController().signal));
  const entries = world.journal.records.map(({ entry }) => entry);
  return {
    result,
    entries,
    state: stateOf(world.journal.records),
    writes: world.track.writes,
    holds: entries.flatMap((entry) => (entry.kind === "held" ? [entry.why] : [])),
    /** When the ramp began. */
    movedAtMinutes: () => {
      const moved = world.journal.records.find(
        ({ entry }) => entry.kind === "intent" && entry.step === "ramp/ramp/10",
      )!;
      return (Date.parse(moved.at) - Date.parse(world.journal.records[0]!.at)) / minutes;
    },
  };
}

describe("an answer to a question of the release", () => {
  it("counts only of whom the entry asks: another's is kept, and the hold says who may answer", async () => {
    const one = await releaseIn(true, [1, starter, "go-no-go", "yes"], [30, lead, "go-no-go", "yes"]);
    assert.equal(one.result.end, "finished");
    assert.equal(one.movedAtMinutes(), 30);
    assert.deepEqual(one.holds, [
      "deployment-lead: Go or no-go?",
      `deployment-lead: Go or no-go? (${starter} is unknown to the trust root; deployment-lead there: ${lead})`,
    ]);
    const done = one.entries.find((entry) => entry.kind === "done" && entry.step === "smoke/go-no-go");
    assert.equal(done?.kind === "done" && (done.seen as { by: string }).by, lead);
    assert.deepEqual(
      one.state.commands.map(({ by }) => by),
      [starter, lead],
    );
  });

  it("of somebody else is the reason with which a process ends that does not wait for people", async () => {
    const one = await releaseIn(false, [0, starter, "go-no-go", "yes"]);
    assert.equal(one.result.end, "waiting");
    assert.deepEqual(one.writes, []);
    assert.match(one.result.why, /Go or no-go\? \(ana@example.org is unknown .*: lea@example.org\)$/);
  });

  it("of somebody else does not undo what was answered by whom the entry asks", async () => {
    const one = await releaseIn(
      true,
      [1, lead, "go-no-go", "no"],
      [5, starter, "go-no-go", "yes"],
      [40, lead, "go-no-go", "yes"],
    );
    assert.equal(one.result.end, "finished");
    assert.equal(one.movedAtMinutes(), 40);
  });

  it("takes all traffic back whoever gives it, where the contract goes back on it: so may anybody by `rollback`", async () => {
    const go: Said = [0, lead, "go-no-go", "yes"];
    const back = await releaseIn(true, go, [15, "eve@example.org", "corruption", "yes"]);
    assert.equal(back.result.end, "rolledBack");
    assert.deepEqual([back.writes.at(-1), back.state.rollback?.by], [0, "eve@example.org"]);
    const on = await releaseIn(true, go, [15, "eve@example.org", "corruption", "no"]);
    assert.equal(on.result.end, "finished");
  });
});
