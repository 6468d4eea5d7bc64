import assert from "node:assert/strict";
import type { Gate } from "../../../release/engine/parts";
import { run } from "../../../release/engine/run";
import { stateOf } from "../../../release/engine/state";
import type { Command } from "../../../release/journal/journal";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { FakeTrack, healthy, Killed, MemoryJournal, partsOf, start, type World } from "./support/world";

const minutes = 60_000;

function world(over: Partial<World> = {}): World {
  const clock = over.clock ?? new VirtualClock();
  return {
    clock,
    journal: new MemoryJournal(clock),
    track: new FakeTrack(),
    progress: [],
    sample: healthy,
    commands: [],
    ...over,
  };
}

async function walk(one: World) {
  if (one.journal.records.length === 0) await start(one);
  return one.clock.until(run(partsOf(one), new AbortController().signal));
}

const kinds = ({ journal }: World) => journal.records.map(({ entry }) => entry.kind);
const said = (command: Command["command"], at: number, more: Partial<Command> = {}) => ({
  at,
  command: { id: `${command}-${at}`, command, by: "ben@example.org", at: "", reason: "because", ...more },
});

describe("a release that is run", () => {
  it("finishes: weight after weight, each held for its time, then everything, then watched", async () => {
    const one = world();
    assert.deepEqual(await walk(one), { end: "finished", why: "kirana-store 2.0.0 is live" });
    assert.deepEqual(one.track.writes, [10, 50, 100]);
    assert.equal(one.clock.monotonic(), 80 * minutes);
    assert.equal(kinds(one).at(-1), "ended");
  });

  it("writes down what it means to do before it does it", async () => {
    const one = world();
    await walk(one);
    const entries = one.journal.records.map(({ entry }) => entry);
    for (const [index, entry] of entries.entries()) {
      if (entry.kind !== "done" || entry.step === "smoke/green-answers" || entry.step === "watch/watch")
        continue;
      const intent = entries.findIndex((other) => other.kind === "intent" && other.step === entry.step);
      assert.ok(intent >= 0 && intent < index, entry.step);
    }
  });

  it("takes all traffic back, by itself, when a trigger has lasted for its time", async () => {
    const bad = (gate: Gate, clock: VirtualClock, track: FakeTrack) =>
      gate.word === "metricGate" && track.percent >= 50
        ? { ...healthy(gate, clock), value: 0.2 }
        : healthy(gate, clock);
    const one = world({ sample: bad as World["sample"] });
    const result = await walk(one);
    assert.equal(result.end, "rolledBack");
    assert.deepEqual(one.track.writes, [10, 50, 0]);
    assert.equal(one.track.ready, false, "the new side's pods are gone");
    const { rollback } = stateOf(one.journal.records);
    assert.equal(rollback?.gate, "error-rate");
    const sustained = (Date.parse(rollback!.seenAt) - one.clock.now().getTime()) / 1000;
    assert.ok(sustained <= 0);
  });

  it("does not go on without data, and goes on when they are there again", async () => {
    const blind = (gate: Gate, clock: VirtualClock) =>
      gate.word === "metricGate" && clock.monotonic() > 2 * minutes && clock.monotonic() < 25 * minutes
        ? ({ kind: "nothing", why: "Prometheus does not answer", question: "errors" } as const)
        : healthy(gate, clock);
    const one = world({ sample: blind });
    assert.equal((await walk(one)).end, "finished");
    const at = (percent: number) =>
      one.journal.records.find(
        ({ entry }) => entry.kind === "intent" && entry.step === `ramp/ramp/${percent}`,
      )!.at;
    assert.equal((Date.parse(at(50)) - Date.parse(at(10))) / minutes >= 25, true);
    assert.ok(kinds(one).includes("held") && kinds(one).includes("goesOn"));
  });

  it("refuses, with nothing moved and nothing left behind, when the new side does not answer", async () => {
    const dead = (gate: Gate, clock: VirtualClock) =>
      gate.word === "checkGate"
        ? ({ kind: "answer", holds: false, seen: "502", question: "GET /" } as const)
        : healthy(gate, clock);
    const one = world({ sample: dead });
    const result = await walk(one);
    assert.equal(result.end, "refused");
    assert.deepEqual([one.track.writes, one.track.ready], [[], false]);
  });

  it("goes back on a person's word in the middle of a hold, at once", async () => {
    const one = world({ commands: [said("rollback", 13 * minutes)] });
    assert.deepEqual(await walk(one), { end: "rolledBack", why: "because" });
    assert.deepEqual(one.track.writes, [10, 50, 0]);
    assert.equal(one.clock.monotonic(), 13 * minutes);
  });

  it("stays where it is on a person's word until told to go on", async () => {
    const one = world({ commands: [said("hold", 5 * minutes), said("resume", 45 * minutes)] });
    assert.equal((await walk(one)).end, "finished");
    const second = one.journal.records.find(
      ({ entry }) => entry.kind === "intent" && entry.step === "ramp/ramp/50",
    )!;
    assert.equal((Date.parse(second.at) - Date.parse("2026-03-03T10:00:00Z")) / minutes, 45);
  });

  it("killed after any entry it wrote, it is taken up and ends as it would have", async () => {
    const whole = world();
    await walk(whole);
    for (let kill = 1; kill < whole.journal.records.length; kill++) {
      const one = world();
      await start(one);
      one.journal.endAfter = kill;
      await assert.rejects(walk(one), Killed);
      one.journal.endAfter = Number.POSITIVE_INFINITY;
      assert.equal((await walk(one)).end, "finished", `killed after entry ${kill}`);
      assert.deepEqual([...new Set(one.track.writes)], [10, 50, 100], `killed after entry ${kill}`);
    }
  });
});
