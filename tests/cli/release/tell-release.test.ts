import assert from "node:assert/strict";
import { awaited, statusDocument, statusText } from "../../../cli/release/show-status";
import { type OpenedRelease, tell, waitsUnattended } from "../../../cli/release/tell-release";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Command } from "../../../release/journal/journal";
import type { Plan } from "../../../release/plan/plan";
import { planOf, questionOf } from "../../release/plan/support/questions";

const itsPlan = planOf(questionOf("case-management", { environment: "production" }));

function stateWith(plan: Plan, ...entries: readonly JournalEntry[]): ReleaseState {
  const started = { kind: "started", format: 1, release: "r-1", by: "ana", plan } as unknown as JournalEntry;
  return stateOf(
    [started, ...entries].map(
      (entry, sequence): JournalRecord => ({
        sequence,
        at: new Date(Date.parse("2026-03-03T10:00:00Z") + sequence * 60_000).toISOString(),
        previous: "",
        hash: "",
        entry,
      }),
    ),
  );
}

/** A release whose store keeps what is sent. */
function released(state: ReleaseState, noted: readonly Command[] = [], runner: string | null = "here:1") {
  const sent: Command[] = [];
  const opened: OpenedRelease = {
    store: { send: async (_system: string, _release: string, one: Command) => void sent.push(one) } as never,
    release: "r-1",
    state,
    runner: runner ?? undefined,
    noted,
    again: () => assert.fail("it is looked at once"),
  };
  const say = (command: Command["command"], more: object = {}) =>
    tell(opened, state.plan.system, command, { stack: "dev", reason: "because", ...more });
  return { opened, sent, say };
}

const rollback: JournalEntry = { kind: "rollback", why: "errors", by: "ana", seenAt: "2026-03-03T10:00:00Z" };
const stopped: JournalEntry = { kind: "stopped", why: "no", outcome: "refused" };
const asked = (entry: string): JournalEntry => ({ kind: "asked", entry, role: "devops-lead", question: "?" });
const held = (more: object): JournalEntry => ({ kind: "held", why: "something", needsPerson: true, ...more });
const question = itsPlan.steps.find(({ does, phase }) => does.as === "question" && phase === "watch")!;
const approval = itsPlan.steps.find(({ does }) => does.as === "approval")!;

describe("a word to a release that can do nothing with it", () => {
  it("is refused: a hold of what goes back, or is taken back", async () => {
    for (const way of [rollback, stopped]) {
      const { say, sent } = released(stateWith(itsPlan, way));
      await assert.rejects(say("hold"), /Release r-1 goes back, and that is not held/);
      assert.deepEqual(sent, []);
    }
    assert.match(await released(stateWith(itsPlan)).say("hold"), /given to here:1/);
  });

  it("is refused: an answer to what is not asked any more, as status does not ask for it either", async () => {
    const before = [{ kind: "phase", phase: "watch" } as const, asked(question.entry)];
    const forth = stateWith(itsPlan, ...before);
    assert.equal(awaited(forth, itsPlan.system, "").length, 1);
    const back = stateWith(itsPlan, ...before, rollback);
    assert.deepEqual(awaited(back, itsPlan.system, ""), []);
    const answer = { entry: question.entry, answer: "yes" };
    await assert.rejects(released(back).say("answer", answer), /goes back, and .* is not asked any more/);
    assert.match(await released(forth).say("answer", answer), /given to here:1/);
  });

  it("is refused: a promote of an approval, which lets none pass", async () => {
    const waits = stateWith(itsPlan, asked(approval.entry), held({ step: approval.id }));
    await assert.rejects(released(waits).say("promote"), /promote does nothing for .*: something/);
    // What was said meanwhile may be what it is meant for.
    const hold = { id: "h", command: "hold", by: "eve", at: "" } as Command;
    assert.match(await released(waits, [hold], null).say("promote"), /noted/);
  });

  it("is refused: a confirmation of a restore for which nobody has asked", async () => {
    const confirm = { role: "devops-lead" };
    const { say } = released(stateWith(itsPlan, rollback));
    await assert.rejects(say("confirm", confirm), /Nobody has asked for the data to be restored/);
    const asks = { kind: "command", id: "1", command: "rollback", by: "ana", restore: true } as JournalEntry;
    assert.match(await released(stateWith(itsPlan, asks, rollback)).say("confirm", confirm), /given to/);
  });

  it("says what it is said to, which may be another hold than the one that was seen", async () => {
    const gate = stateWith(itsPlan, held({ gate: "error-rate" }));
    assert.match(await released(gate).say("promote"), /it is on hold for: something/);
    assert.match(await released(stateWith(itsPlan)).say("promote"), /nothing is on hold now/);
  });
});

describe("what was said while no process runs a release", () => {
  it("stands in its status until a process hears it", () => {
    const hold = { id: "h", command: "hold", by: "eve", at: "", reason: "the database team" } as Command;
    const { opened } = released(stateWith(itsPlan), [hold], null);
    assert.match(
      statusText(itsPlan.system, "dev", opened),
      /noted +hold by eve: the database team; heard by/,
    );
    assert.deepEqual(statusDocument(opened).noted, [
      { command: "hold", by: "eve", reason: "the database team" },
    ]);
  });

  it("is not answered by whoever takes it up: the process that hears a hold stays for it", () => {
    const gate = stateWith(itsPlan, held({ gate: "error-rate" }));
    const word = (command: Command["command"]) => ({ id: command, command, by: "eve", at: "" }) as Command;
    const opened = (...noted: readonly Command[]) => released(gate, noted, null).opened;
    assert.equal(waitsUnattended(opened()), true);
    assert.equal(waitsUnattended(opened(word("hold"))), false);
    assert.equal(waitsUnattended(opened(word("hold"), word("promote"))), true);
  });
});
