import assert from "node:assert/strict";
import type { JournalEntry } from "../../../release/journal/entry";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { contractPlan } from "./support/plans";

const plan = contractPlan("tesoro-xp", "dev");
const gate = "error-rate";
const { minutes } = plan.entries[gate] as { minutes: { from: number; due: number } };

const entriesOf = <Kind extends JournalEntry["kind"]>({ records }: Simulation, kind: Kind) =>
  records.flatMap(({ entry }) =>
    entry.kind === kind ? [entry as Extract<JournalEntry, { kind: Kind }>] : [],
  );

/** A gate that has its minutes: nothing is seen from the beginning of the watch until it is held, and for longer. */
async function overdue(): Promise<{
  readonly heldAt: number;
  readonly blind: (forSeconds: number) => Fault;
}> {
  const whole = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
  const watch = whole.times[whole.records.findIndex(({ entry }) => isPhase(entry, "watch"))]!;
  const blind = (until: number): Fault => ({
    kind: "gate",
    gate,
    seen: "nothing",
    fromSeconds: watch - 1,
    forSeconds: until - watch + 1,
  });
  const held = await walk(blind(1e9));
  assert.equal(held.end, "held");
  const heldAt = held.times[held.records.findIndex(({ entry }) => isHeld(entry))]!;
  assert.ok(heldAt >= watch + minutes.due * 60);
  return { heldAt, blind };
}

const walk = (...faults: readonly Fault[]) =>
  simulate(plan, { ...calm(), waits: true, people: "never", faults }, { leaps: true });
const isPhase = (entry: JournalEntry, phase: string) => entry.kind === "phase" && entry.phase === phase;
const isHeld = (entry: JournalEntry) => entry.kind === "held" && entry.gate === gate;
const said = (command: "resume" | "promote", atSeconds: number): Fault => ({
  kind: "command",
  command,
  atSeconds,
});

/** A gate that had to pass by a minute of its phase and did not: what the status offers on that is what helps. */
describe("a gate that is overdue", () => {
  it("has its minutes again once somebody resumes, and the release goes on by itself when it passes in them", async () => {
    const { heldAt, blind } = await overdue();
    const one = await walk(blind(heldAt + 180), said("resume", heldAt + 60));
    assert.deepEqual([one.end, one.violations], ["finished", []]);
    assert.equal(entriesOf(one, "held").length, 1);
  });

  it("holds the release again, with what it saw, when these pass as well", async () => {
    const { heldAt, blind } = await overdue();
    const one = await walk(blind(1e9), said("resume", heldAt + 60));
    assert.equal(one.end, "held");
    const holds = one.records.flatMap(({ entry }, index) => (isHeld(entry) ? [one.times[index]!] : []));
    const again = (holds[1]! - (heldAt + 60)) / 60;
    assert.equal(holds.length, 2);
    assert.ok(again >= minutes.due - minutes.from && again <= minutes.due - minutes.from + 2, `${again} min`);
    assert.ok(
      one.why.endsWith(`had to pass by minute ${minutes.due}; the provider does not answer`),
      one.why,
    );
  });

  it("waits for a person although it passes meanwhile, who has it go on at once", async () => {
    const { heldAt, blind } = await overdue();
    const late = await walk(blind(heldAt + 60));
    assert.equal(late.end, "held");
    const one = await walk(blind(heldAt + 60), said("resume", heldAt + 300));
    assert.deepEqual([one.end, one.violations], ["finished", []]);
  });

  it("is let pass by a promote", async () => {
    const { heldAt, blind } = await overdue();
    const one = await walk(blind(1e9), said("promote", heldAt + 60));
    assert.deepEqual([one.end, one.violations], ["finished", []]);
  });

  it("has them also when the word comes to a release that no process runs", async () => {
    const { heldAt, blind } = await overdue();
    const held = await walk(blind(1e9));
    const number = held.records.findIndex(({ entry }) => isHeld(entry));
    const killed: Fault = { kind: "killedAtEntry", number, durable: true };
    // Whoever takes it up finds the word, which is given before.
    const one = await walk(blind(heldAt + 300), killed, said("resume", heldAt + 1));
    assert.deepEqual([one.end, one.processes, one.violations], ["finished", 2, []]);
    assert.equal(entriesOf(one, "held").length, 1);
  });
});
