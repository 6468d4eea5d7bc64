import assert from "node:assert/strict";
import { run } from "../../../release/engine/run";
import type { Sample } from "../../../release/gates/gate-provider";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Entry } from "../../../runbooks/vocabulary";
import { contractPlan } from "./support/plans";
import { check } from "./support/watching";
import {
  errorRate,
  FakeTrack,
  healthy,
  MemoryJournal,
  partsOf,
  plan,
  start,
  type World,
} from "./support/world";

/** While some have the new side already, whatever the release waits for between two moves of traffic. */

const minute = 60_000;

const ready = {
  word: "manual",
  name: "support-ready",
  title: "support-ready",
  ids: [],
  on: ["dev"],
  during: ["ramp"],
  role: "support",
  question: "Is support ready?",
  answer: "yesNo",
  blocking: true,
} as unknown as Entry;

const [, , ten] = plan.steps;
const asking: PlanStep = {
  ...ten!,
  id: "ramp/support-ready",
  entry: "support-ready",
  does: { as: "question" },
};

/** 10 percent for ten minutes, a question, 50 percent, and all of it. */
const withQuestion: Plan = {
  ...plan,
  steps: plan.steps.flatMap((step) => (step === ten ? [step, asking] : [step])),
  entries: { ...plan.entries, "support-ready": ready },
};

const office = {
  word: "window",
  name: "office-hours",
  title: "office-hours",
  ids: [],
  on: ["production"],
  during: ["ramp"],
  timeZone: "UTC",
  rule: { kind: "allowed", days: ["Tue", "Wed", "Thu"], from: "10:00", to: "14:00" },
} as unknown as Entry;

const answered = (at: number) => ({
  at: at * minute,
  command: {
    id: "a",
    command: "answer",
    by: "sue@example.org",
    at: "",
    entry: "support-ready",
    answer: true,
  },
});

async function release(
  its: Plan,
  { commands = [], sample = healthy, from }: Partial<Pick<World, "sample" | "commands">> & { from?: string },
) {
  const clock = new VirtualClock(...(from === undefined ? [] : [Date.parse(from)]));
  const journal = new MemoryJournal(clock);
  const world: World = { clock, journal, track: new FakeTrack(), progress: [], sample, commands };
  await start(world, its);
  const looks: (readonly [string, number])[] = [];
  const parts = partsOf(world);
  const result = await clock.until(
    run(
      {
        ...parts,
        look: (gate, context) => {
          looks.push([gate.name, clock.monotonic() / minute]);
          return parts.look(gate, context);
        },
      },
      new AbortController().signal,
    ),
  );
  const minuteOf = (at: string) => (Date.parse(at) - Date.parse(journal.records[0]!.at)) / minute;
  const begins = (id: string) =>
    journal.records.flatMap(({ entry, at }) =>
      entry.kind === "intent" && entry.step === id ? [minuteOf(at)] : [],
    )[0];
  const holds = journal.records.flatMap(({ entry, at }) =>
    entry.kind === "held" ? [{ ...entry, minute: minuteOf(at) }] : [],
  );
  return { result, begins, holds, looks };
}

/** Between what it has to be and what sends the traffic back, from minute 12 to minute 90. */
const tooManyErrors: World["sample"] = (gate, clock) => {
  const at = clock.monotonic() / minute;
  const good = healthy(gate, clock);
  return good.kind === "value" && at > 12 && at < 90 ? { ...good, value: 0.03 } : good;
};

describe("a ramp in which something is waited for", () => {
  it("moves no more traffic on an answer while its numbers do not pass", async () => {
    const calm = await release(withQuestion, { commands: [answered(40)] as never });
    assert.deepEqual([calm.result.end, calm.begins("ramp/ramp/50")], ["finished", 40]);
    const one = await release(withQuestion, { commands: [answered(40)] as never, sample: tooManyErrors });
    assert.equal(one.result.end, "finished");
    assert.ok(one.begins("ramp/ramp/50")! >= 90, `${one.begins("ramp/ramp/50")}`);
    assert.match(one.holds.at(-1)!.why, /error rate/);
  });

  it("is on hold for a check that says no as soon as it does, and not when the answer comes", async () => {
    const probe = check("probe", { during: ["ramp"], attempts: 1 });
    const its: Plan = {
      ...withQuestion,
      watched: [...withQuestion.watched, { entry: "probe", phases: ["ramp"] }],
      entries: { ...withQuestion.entries, probe },
    } as Plan;
    const isDown = (at: number) => at > 20 && at < 99;
    const no: Sample = { kind: "answer", holds: false, seen: "503", question: "GET /" };
    const said = {
      at: 100 * minute,
      command: { id: "p", command: "promote", by: "b", at: "", reason: "known" },
    };
    const one = await release(its, {
      commands: [answered(95), said] as never,
      sample: (gate, clock) =>
        gate.name === "probe" && isDown(clock.monotonic() / minute) ? no : healthy(gate, clock),
    });
    const held = one.holds.find(({ gate }) => gate === "probe");
    assert.ok(held !== undefined && held.minute < 25, `${held?.minute}`);
    assert.equal(one.begins("ramp/ramp/50"), 100);
  });

  it("moves no more traffic when a window opens while its numbers do not pass", async () => {
    const its: Plan = {
      ...plan,
      environment: "production",
      entries: { ...plan.entries, "office-hours": office },
    };
    // Numbers pass late at 10 percent, when the window has closed; and are bad again when it opens.
    const bad = (at: number) => (at > 2 && at < 70) || (at > 600 && at < 1300);
    const one = await release(its, {
      from: "2026-03-03T13:00:00Z",
      sample: (gate, clock) => {
        const good = healthy(gate, clock);
        return good.kind === "value" && bad(clock.monotonic() / minute) ? { ...good, value: 0.03 } : good;
      },
    });
    assert.equal(one.result.end, "finished");
    assert.ok(one.begins("ramp/ramp/50")! >= 1300, `${one.begins("ramp/ramp/50")}`);
  });

  it("waits for the window of the switch with the gates that send the first ones back", async () => {
    const its: Plan = {
      ...plan,
      environment: "production",
      entries: {
        ...plan.entries,
        "office-hours": office,
        "error-rate": { ...errorRate, during: ["ramp"] } as Entry,
      },
      watched: [{ entry: "error-rate", phases: ["ramp"] }],
    };
    const one = await release(its, {
      from: "2026-03-03T13:00:00Z",
      // At 50 percent they pass when the window has closed, and at night they do not at all.
      sample: (gate, clock) => {
        const good = healthy(gate, clock);
        const at = clock.monotonic() / minute;
        const value = at > 12 && at < 70 ? 0.03 : at > 600 ? 0.2 : 0.001;
        return good.kind === "value" ? { ...good, value } : good;
      },
    });
    assert.equal(one.begins("switch/switch"), undefined);
    assert.equal(one.result.end, "rolledBack");
    assert.match(one.result.why, /error rate/);
  });
});

describe("the ramp of kirana-store, which asks at 30 % whether support is ready", () => {
  it("goes on to 40 % when that is answered and its gates pass", async () => {
    const its = contractPlan("kirana-store", "production");
    const { records, times } = await simulate(its, calm(), { leaps: true });
    const asked = records.findIndex(({ entry }) => entry.kind === "asked" && entry.entry === "support-ready");
    for (const seen of ["between", "nothing"] as const) {
      const fault: Fault = {
        kind: "gate",
        gate: "ramp-error-rate",
        seen,
        fromSeconds: times[asked]! + 5,
        forSeconds: 3000,
      };
      const one = await simulate(its, { ...calm(), faults: [fault] }, { leaps: true });
      assert.deepEqual(one.violations, [], seen);
    }
  });
});
