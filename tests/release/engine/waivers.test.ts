import assert from "node:assert/strict";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import type { JournalEntry } from "../../../release/journal/entry";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { contractPlan } from "./support/plans";
import { bad, number, planOf, walk } from "./support/watching";
import { plan } from "./support/world";

/** What `promote` lets pass: what holds the release then, as it says it then, and nothing else. */

type Verdict = Extract<JournalEntry, { kind: "verdict" }>["verdict"];

const watched = ["errors", "latency"];
const verdict = (gate: string, said: Verdict): JournalEntry => ({
  kind: "verdict",
  gate,
  phase: "ramp",
  verdict: said,
  since: "",
  why: "",
  question: "?",
  state: {},
});
const held = (more: object): JournalEntry => ({ kind: "held", why: "because", needsPerson: true, ...more });
const promote: JournalEntry = { kind: "command", id: "1", command: "promote", by: "ana", reason: "seen it" };
const ramp: JournalEntry = { kind: "phase", phase: "ramp" };

function stateAfter(...entries: readonly JournalEntry[]): ReleaseState {
  const its = { ...plan, watched: watched.map((entry) => ({ entry, phases: ["ramp"] })) };
  const started: JournalEntry = { kind: "started", format: 1, release: "r", by: "ana", plan: its as never };
  return stateOf(
    [started, ...entries].map((entry, sequence) => ({ sequence, at: "", previous: "", hash: "", entry })),
  );
}

const waived = (...entries: readonly JournalEntry[]) => [...stateAfter(...entries).waived.keys()];

describe("a promote", () => {
  const both = [ramp, verdict("errors", "inconclusive"), verdict("latency", "hold")];
  const errorsHold = [...both, held({ gate: "errors" })];

  it("lets pass the gate for which the release is on hold, and no other that does not pass", () => {
    assert.deepEqual(waived(...errorsHold, promote), ["errors"]);
  });

  it("lets pass all that hold it at that moment", () => {
    assert.deepEqual(waived(...both, held({ gate: "errors", gates: ["latency"] }), promote), [
      "errors",
      "latency",
    ]);
  });

  it("lets no gate pass where a person holds the release, nor where nothing does", () => {
    const hold: JournalEntry = { kind: "command", id: "0", command: "hold", by: "ana" };
    assert.deepEqual(waived(...both, hold, held({}), promote), []);
    assert.deepEqual(waived(...both, promote), []);
  });

  it("lets pass what held it when its process left", () => {
    const takenOver: JournalEntry = { kind: "takenOver", by: "b", epoch: 2, from: "a" };
    assert.deepEqual(waived(...errorsHold, takenOver, promote), ["errors"]);
  });

  it("counts until the gate says something else, whatever that is", () => {
    assert.deepEqual(waived(...errorsHold, promote, verdict("errors", "inconclusive")), ["errors"]);
    for (const said of ["hold", "pass", "rollback"] as const)
      assert.deepEqual(waived(...errorsHold, promote, verdict("errors", said)), [], said);
  });

  it("counts until traffic moves on, and for its phase", () => {
    const weight: JournalEntry = { kind: "intent", step: "ramp/ramp/50" };
    assert.deepEqual(waived(...errorsHold, promote, weight), []);
    assert.deepEqual(waived(...errorsHold, promote, { kind: "phase", phase: "watch" }), []);
    // The same weight, of a process that takes it up.
    assert.deepEqual(waived(weight, ...errorsHold, promote, weight), ["errors"]);
  });

  it("counts further for what is looked at once before anything moves", () => {
    const smoke = [verdict("green-answers", "hold"), held({ gate: "green-answers" }), promote];
    assert.deepEqual(waived({ kind: "phase", phase: "smoke" }, ...smoke, ramp), ["green-answers"]);
  });
});

describe("a release that was let go on", () => {
  it("is on hold again when a number that was not seen is seen to be too high", async () => {
    const store = contractPlan("kirana-store", "dev");
    const whole = await simulate(store, { ...calm(), waits: true }, { leaps: true });
    const isRamp = (entry: JournalEntry) => entry.kind === "phase" && entry.phase === "ramp";
    const from = whole.times[whole.records.findIndex(({ entry }) => isRamp(entry))]!;
    const gate = "ramp-error-rate";
    const faults: readonly Fault[] = [
      { kind: "gate", gate, seen: "nothing", fromSeconds: from + 30, forSeconds: 3300 },
      { kind: "gate", gate, seen: "between", fromSeconds: from + 3330, forSeconds: 1e9 },
      { kind: "command", command: "promote", atSeconds: from + 2400 },
    ];
    const { end, records, times, violations } = await simulate(store, { ...calm(), waits: true, faults });
    const entries = records.map(({ entry }, place) => ({ entry, at: times[place]! }));
    const seen = entries.find(
      ({ entry }) => entry.kind === "verdict" && entry.gate === gate && entry.verdict === "hold",
    );
    assert.ok(seen !== undefined);
    assert.ok(entries.some(({ entry, at }) => at < seen.at && entry.kind === "goesOn"));
    const moved = entries.filter(
      ({ entry, at }) => at > seen.at && entry.kind === "intent" && /^ramp/.test(entry.step),
    );
    assert.deepEqual([moved, violations], [[], []]);
    assert.notEqual(end, "finished");
  });

  it("names all that hold it when the time is over, and is let go on once", async () => {
    const gates = ["errors", "latency"].map((name) => number({ name, title: name }));
    const says = { errors: bad(0.03), latency: bad(0.04) };
    const one = await walk(planOf(gates), says, { commands: [[4000, "promote"]] });
    const holds = one.entriesOf("held");
    assert.deepEqual(
      holds.map(({ gate, gates: others, needsPerson }) => [gate, others, needsPerson]),
      [["errors", ["latency"], true]],
    );
    assert.match(holds[0]!.why, /^errors: 0\.03, .*; also latency: 0\.04, /);
    assert.equal(one.end, "finished");
  });
});
