import assert from "node:assert/strict";
import { type RunResult, run } from "../../../release/engine/run";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Command } from "../../../release/journal/journal";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Strategy } from "../../../release/strategies/strategy";
import { contractPlan } from "./support/plans";
import { FakeTrack, healthy, Killed, MemoryJournal, partsOf, start } from "./support/world";

/**
 * A process that takes a release up goes by the traffic that it sees: what took it back may stand in no journal that it can
 * read.
 */

const minute = 60_000;

interface TakenUp extends RunResult {
  readonly writes: readonly number[];
  readonly held: readonly Extract<JournalEntry, { kind: "held" }>[];
  readonly goesOn: number;
}

describe("a release whose traffic was taken back elsewhere", () => {
  /** Journal of a process that was killed once the step was done, and once the next one had begun. */
  async function killedAfter(step: string): Promise<readonly JournalRecord[]> {
    const clock = new VirtualClock();
    const journal = new MemoryJournal(clock);
    const world = { clock, journal, track: new FakeTrack(), progress: [], sample: healthy, commands: [] };
    await start(world);
    const isDone = () =>
      journal.records.findIndex(({ entry }) => entry.kind === "done" && entry.step === step);
    const parts = partsOf(world);
    const append = async (entry: JournalEntry) => {
      const done = isDone();
      if (done >= 0 && journal.records.slice(done).some((one) => one.entry.kind === "intent"))
        throw new Killed();
      return journal.append(entry);
    };
    const killing = { read: () => journal.read(), append };
    const ran = run({ ...parts, journal: killing }, new AbortController().signal).catch(() => undefined);
    await clock.until(ran);
    assert.ok(isDone() > 0);
    return journal.records;
  }

  async function takenUp(
    records: readonly JournalRecord[],
    percent: number,
    said: readonly Command["command"][],
    meanwhile?: (track: FakeTrack) => void,
  ): Promise<TakenUp> {
    const clock = new VirtualClock();
    await clock.until(clock.sleep(60 * minute));
    const journal = new MemoryJournal(clock);
    journal.records.push(...records);
    const track = new FakeTrack();
    track.percent = percent;
    track.ready = true;
    const commands = said.map((command, place) => ({
      at: (70 + place * 10) * minute,
      command: { id: `${place}`, command, by: "ben@example.org", at: "", reason: "because" } as Command,
    }));
    if (meanwhile !== undefined) clock.at(69 * minute, () => meanwhile(track));
    await journal.append({ kind: "takenOver", by: "b", epoch: 2, from: "a" });
    const stop = new AbortController();
    clock.at(300 * minute, () => stop.abort(new Killed()));
    const parts = {
      ...partsOf({ clock, journal, track, progress: [], sample: healthy, commands }),
      tell: delivered,
    };
    const ran = run(parts, stop.signal).catch((error): RunResult => {
      if (!stop.signal.aborted) throw error;
      return { end: "waiting", why: "" };
    });
    const result = await clock.until(ran);
    const entries = journal.records.slice(records.length).map(({ entry }) => entry);
    return {
      ...result,
      writes: track.writes,
      held: entries.filter((entry) => entry.kind === "held"),
      goesOn: entries.filter((entry) => entry.kind === "goesOn").length,
    };
  }

  it("holds for a person, with what is there and what was given, and gives nothing again by itself", async () => {
    const one = await takenUp(await killedAfter("ramp/ramp/10"), 0, []);
    assert.deepEqual([one.end, one.writes, one.held.length], ["waiting", [], 1]);
    const [held] = one.held;
    assert.equal(held?.needsPerson, true);
    assert.match(
      held?.why ?? "",
      /new side of store has 0 % of the traffic, and was given 10 %.*rollback.*promote/,
    );
  });

  it("goes back when somebody says so, and on when somebody lets it", async () => {
    const records = await killedAfter("ramp/ramp/10");
    assert.equal((await takenUp(records, 0, ["rollback"])).end, "rolledBack");
    const on = await takenUp(records, 0, ["promote"]);
    assert.deepEqual([on.end, on.writes], ["finished", [50, 100]]);
  });

  it("looks again on a resume, and goes on when the traffic is there", async () => {
    const records = await killedAfter("ramp/ramp/10");
    const still = await takenUp(records, 0, ["resume"]);
    assert.deepEqual([still.end, still.writes, still.held.length], ["waiting", [], 2]);
    const there = await takenUp(records, 0, ["resume"], (track) => {
      track.percent = 10;
    });
    assert.deepEqual([there.end, there.writes, there.held.length], ["finished", [50, 100], 1]);
  });

  it("does not call live what nobody gets, whoever lets it pass, when no step is left that gives it", async () => {
    const records = (await killedAfter("ramp/ramp/50")).slice(0, -1);
    const at = records.at(-1)!.at;
    const switched: JournalEntry[] = [
      { kind: "intent", step: "switch/switch" },
      { kind: "done", step: "switch/switch", seen: null, milliseconds: 0 },
    ];
    const all = [
      ...records,
      ...switched.map((entry, place) => ({
        sequence: records.length + place,
        at,
        previous: "",
        hash: "",
        entry,
      })),
    ];
    const one = await takenUp(all, 0, ["promote"]);
    assert.deepEqual([one.end, one.writes, one.held.length], ["waiting", [], 2]);
    assert.match(one.held[0]?.why ?? "", /was given 100 %.*no step is left that gives it again/);
  });

  it("goes on by itself where its process was killed on the way to more, or in the middle of a swap", async () => {
    const records = await killedAfter("ramp/ramp/10");
    for (const percent of [10, 50]) {
      const one = await takenUp(records, percent, []);
      assert.deepEqual([one.end, one.held.length], ["finished", 0], `${percent} %`);
    }
    // The share of the slot is that of the other version once the two are swapped.
    const swapping = await takenUp(await killedAfter("ramp/ramp/50"), 40, []);
    assert.deepEqual([swapping.end, swapping.held.length], ["finished", 0]);
  });

  it("is found by the simulation: what a rollback keeps on its machine is on no other", async () => {
    const store = contractPlan("kirana-store", "dev");
    const whole = await simulate(store, { ...calm(), waits: true }, { leaps: true });
    const ramp = whole.records.findIndex(({ entry }) => entry.kind === "phase" && entry.phase === "ramp");
    const from = whole.times[ramp]! + 45 * 60;
    const faults: readonly Fault[] = [
      { kind: "gate", gate: "rollback-error-rate", seen: "breach", fromSeconds: from, forSeconds: 310 },
      { kind: "storeAway", fromSeconds: from + 60, forSeconds: 420 },
    ];
    const scenario = { ...calm(), waits: true, faults };
    const same = await simulate(store, scenario);
    assert.equal(same.end, "rolledBack");
    const number = same.records.findIndex(
      ({ entry }) => entry.kind === "done" && entry.step === "rollback/rollback-traffic-back",
    );
    const killed: Fault = { kind: "killedAtEntry", number, durable: true };
    const sinceTaken = (one: typeof same) => {
      const taken = one.records.findIndex(({ entry }) => entry.kind === "takenOver");
      return one.records.slice(taken).map(({ entry }) => entry);
    };
    // On the same machine the rollback goes on; on another one nobody knows of it.
    const here = await simulate(store, { ...scenario, faults: [...faults, killed] });
    assert.deepEqual([here.end, here.violations, here.processes], ["rolledBack", [], 2]);
    assert.ok(!sinceTaken(here).some((entry) => entry.kind === "held"));
    const elsewhere = { ...scenario, faults: [...faults, killed], elsewhere: true };
    const there = await simulate(store, elsewhere);
    assert.deepEqual(there.violations, []);
    assert.ok(sinceTaken(there).some((entry) => entry.kind === "held" && /was given 30 %/.test(entry.why)));
    assert.ok(!sinceTaken(there).some((entry) => entry.kind === "intent" && /^ramp/.test(entry.step)));
    // As by an engine that does not look.
    const blind = await simulate(store, elsewhere, {
      alter: (parts, _world, process) => ({
        ...parts,
        strategies: new Map(
          [...parts.strategies].map(([name, strategy]) => [
            name,
            process.epoch === 1 ? strategy : blinded(strategy),
          ]),
        ),
      }),
    });
    assert.ok(
      blind.violations.some((one) => /it was taken back, and nobody has let it go on since/.test(one)),
    );
  });
});

/** It says that the new side has all of the traffic, whatever it has. */
function blinded(strategy: Strategy): Strategy {
  return {
    observe: async () => ({ ...(await strategy.observe()), candidatePercent: 100 }),
    deployIdle: (progress, signal) => strategy.deployIdle(progress, signal),
    setTraffic: (percent) => strategy.setTraffic(percent),
    promote: (progress) => strategy.promote(progress),
    revert: (progress) => strategy.revert(progress),
    warmUp: (requests) => strategy.warmUp(requests),
    scale: (...asked) => strategy.scale(...asked),
    serve: (on) => strategy.serve(on),
    finish: () => strategy.finish(),
  };
}

async function delivered() {
  return { holds: true, why: "delivered" };
}
