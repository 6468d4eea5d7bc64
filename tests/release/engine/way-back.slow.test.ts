import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import type { EngineView } from "../../../release/gates/engine-view";
import { releaseStateProvider } from "../../../release/gates/release-state";
import type { JournalEntry } from "../../../release/journal/entry";
import type { Plan } from "../../../release/plan/plan";
import { type BadSample, calm, type Fault } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import type { Strategy } from "../../../release/strategies/strategy";
import { UserError } from "../../../release/user-error";
import { systemNames } from "../../../runbooks/model";
import { contractPlan } from "./support/plans";

/** Gates of a rollback: what holds it, and what does not. */

const forGood = 1e9;

/** In the watch a person has all traffic sent back, and from then on a gate does not pass for so long. */
async function rollBack(plan: Plan, gate: string, seen: BadSample, forSeconds: number): Promise<Simulation> {
  const whole = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
  const atSeconds = secondsOf(whole, (entry) => entry.kind === "phase" && entry.phase === "watch") + 60;
  const faults: readonly Fault[] = [
    { kind: "command", command: "rollback", atSeconds },
    { kind: "gate", gate, seen, fromSeconds: atSeconds, forSeconds },
  ];
  return simulate(plan, { ...calm(), waits: true, faults }, { leaps: true });
}

function secondsOf({ records, times }: Simulation, isMeant: (entry: JournalEntry) => boolean): number {
  const index = records.findIndex(({ entry }) => isMeant(entry));
  assert.ok(index >= 0, "the entry is not there");
  return times[index]!;
}

const holdsOf = ({ records }: Simulation, gate: string) =>
  records.filter(({ entry }) => entry.kind === "held" && entry.gate === gate).length;
const wasTold = ({ records }: Simulation, entry: string) =>
  records.filter((record) => record.entry.kind === "told" && record.entry.entry === entry).length;
const isDone = (step: string) => (entry: JournalEntry) => entry.kind === "done" && entry.step === step;
const isRollback = ({ kind }: JournalEntry) => kind === "rollback";

/** Seconds from the decision until no traffic was on the new side. */
function secondsBack(one: Simulation, step: string): number {
  return secondsOf(one, isDone(step)) - secondsOf(one, isRollback);
}

describe("a gate on the way back", () => {
  it("that nobody answers for two seconds holds nothing: traffic goes back once it passes", async () => {
    const plan = contractPlan("case-management", "production");
    const one = await rollBack(plan, "previous-version-known", "nothing", 2);
    assert.deepEqual(
      [one.end, one.violations, holdsOf(one, "previous-version-known")],
      ["rolledBack", [], 0],
    );
    const whole = await rollBack(plan, "previous-version-known", "nothing", 0);
    const later = secondsBack(one, "rollback/traffic-back") - secondsBack(whole, "rollback/traffic-back");
    assert.ok(later <= 3, `${later} s later than without the silence`);
  });

  it("is looked at for the whole time that its contract gives it, whatever its attempts are", async () => {
    const plan = contractPlan("retail-agentic", "production");
    const gate = "old-side-ready-for-traffic";
    const { timeoutSeconds } = plan.rollback.find(({ entry }) => entry === gate)!;
    for (const seen of ["nothing", "breach"] as const) {
      const one = await rollBack(plan, gate, seen, timeoutSeconds / 2);
      assert.deepEqual([one.end, one.violations, holdsOf(one, gate)], ["rolledBack", [], 0], seen);
      const passed = one.records.some(
        ({ entry }) => entry.kind === "verdict" && entry.gate === gate && entry.verdict === "pass",
      );
      assert.ok(passed, seen);
    }
  });

  it("that stays undecided until its time is over keeps no traffic on the new side, and people are told", async () => {
    const plan = contractPlan("case-management", "production");
    const gate = "previous-version-known";
    const one = await rollBack(plan, gate, "nothing", forGood);
    assert.deepEqual([one.end, one.violations, holdsOf(one, gate)], ["rolledBack", [], 0]);
    const written = one.records.findLast(({ entry }) => entry.kind === "verdict" && entry.gate === gate);
    assert.ok(written?.entry.kind === "verdict" && written.entry.verdict === "inconclusive");
    const whole = await rollBack(plan, gate, "nothing", 0);
    assert.ok(wasTold(one, "rollback-told") > wasTold(whole, "rollback-told"));
  });

  it("holds a rollback only when everybody is off the new version, in each of the five contracts", async () => {
    for (const system of systemNames) {
      const plan = contractPlan(system, "production", { migration: true });
      const lastBack = plan.rollback.findLast(({ entry }) => takesBack(plan, entry))!;
      for (const { does, entry: gate, phase } of plan.rollback) {
        if (does.as !== "gate" || phase !== "rollback") continue;
        const one = await rollBack(plan, gate, "breach", forGood);
        assert.deepEqual(one.violations, [], gate);
        const back = secondsOf(one, isDone(lastBack.id));
        const held = one.records.findIndex(({ entry }) => entry.kind === "held" && entry.gate === gate);
        assert.ok(held < 0 || one.times[held]! >= back, `${system} ${gate} holds before ${lastBack.id}`);
      }
    }
  });

  it("holds it for a person when traffic is back and it does not pass in its time", async () => {
    const plan = contractPlan("case-management", "production");
    const gate = "rollout-verified";
    const { timeoutSeconds } = plan.rollback.find(({ entry }) => entry === gate)!;
    const short = await rollBack(plan, gate, "breach", timeoutSeconds / 2);
    assert.deepEqual([short.end, holdsOf(short, gate)], ["rolledBack", 0]);
    const one = await rollBack(plan, gate, "breach", forGood);
    const held = secondsOf(one, (entry) => entry.kind === "held" && entry.gate === gate);
    const waited = held - secondsOf(one, isDone("rollback/traffic-back"));
    assert.ok(waited >= timeoutSeconds && waited <= timeoutSeconds + 5, `${waited} s`);
  });
});

describe("a switch that came half-way", () => {
  it("goes back at once: no track is asked for the side that failed (retail-agentic)", async () => {
    const plan = contractPlan("retail-agentic", "production");
    const gate = "old-side-ready-for-traffic";
    const track = plan.facts.tracks[1]!.name;
    const whole = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
    const switched = secondsOf(whole, (entry) => entry.kind === "phase" && entry.phase === "switch");
    const faults: readonly Fault[] = [
      { kind: "unready", track, side: "candidate", fromSeconds: switched, forSeconds: forGood },
      { kind: "command", command: "rollback", atSeconds: switched + 120 },
    ];
    const percent: number[][] = [];
    const looksItself = (parts: EngineParts): EngineParts => {
      const positions = () =>
        Promise.all(
          plan.facts.tracks.map(async ({ name }) => ({
            track: name,
            previousKept: true,
            position: await parts.strategies.get(name)!.observe(),
          })),
        );
      const provider = releaseStateProvider({ positions } as unknown as EngineView);
      const look: EngineParts["look"] = async (asked, context) => {
        if (asked.name !== gate) return parts.look(asked, context);
        percent.push((await positions()).map(({ position }) => position.candidatePercent));
        return provider.look(asked as Parameters<typeof provider.look>[0], context);
      };
      return { ...parts, look };
    };
    const one = await simulate(plan, { ...calm(), waits: true, faults }, { leaps: true, alter: looksItself });
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    assert.deepEqual(percent, [[100, 0, 0]]);
    const seconds = secondsBack(one, "rollback/traffic-back");
    assert.ok(seconds < 60, `${seconds} s`);
  });
});

describe("the old side's pods on the way back", () => {
  /** They are not ready for so long from the rollback on. */
  async function withoutPods(plan: Plan, forSeconds: number): Promise<Simulation> {
    const whole = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
    const atSeconds = secondsOf(whole, (entry) => entry.kind === "phase" && entry.phase === "watch") + 60;
    const track = plan.facts.tracks[0]!.name;
    const faults: readonly Fault[] = [
      { kind: "command", command: "rollback", atSeconds },
      { kind: "unready", track, side: "live", fromSeconds: atSeconds - 1, forSeconds },
    ];
    return simulate(plan, { ...calm(), waits: true, faults }, { leaps: true });
  }
  const stepsHeld = ({ records }: Simulation) =>
    new Set(
      records.flatMap(({ entry }) =>
        entry.kind === "held" && entry.step?.startsWith("rollback/") ? [entry.step] : [],
      ),
    );

  for (const [system, name] of [
    ["retail-agentic", "scale-up-old-side"],
    ["case-management", "old-side-scaled-up"],
  ] as const) {
    it(`${system}: that cannot be had in time are no reason to wait for a person before traffic is tried`, async () => {
      const plan = contractPlan(system, "production");
      const step = plan.rollback.find(({ entry }) => entry === name)!;
      assert.match(step.observation, /the way back does not wait for longer/);
      const one = await withoutPods(plan, step.timeoutSeconds + 60);
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
      assert.ok(!stepsHeld(one).has(step.id));
      const done = one.records.find(({ entry }) => entry.kind === "done" && entry.step === step.id)!.entry;
      assert.ok(done.kind === "done");
      assert.equal((done.seen as { waitedFor?: boolean }).waitedFor, false);
      const calmly = await withoutPods(plan, 0);
      assert.ok(wasTold(one, "rollback-told") > wasTold(calmly, "rollback-told"));
    });

    it(`${system}: that never come hold the traffic's way back, and nothing before it`, async () => {
      const plan = contractPlan(system, "production");
      const one = await withoutPods(plan, forGood);
      assert.deepEqual([one.end, one.violations], ["held", []], one.why);
      assert.deepEqual([...stepsHeld(one)], ["rollback/traffic-back"]);
    });
  }
});

describe("an old side that cannot be scaled down", () => {
  it("is no reason to take back what is live: the release waits for a person, who may leave it", async () => {
    const plan = contractPlan("kirana-store", "dev");
    const fault = (parts: EngineParts): EngineParts => {
      const [[name, strategy]] = [...parts.strategies] as [[string, Strategy]];
      const scale: Strategy["scale"] = async () => {
        throw new UserError("403");
      };
      const failing = (whole: Strategy): Strategy =>
        new Proxy(whole, {
          get: (own, key) => {
            if (key === "scale") return scale;
            if (key === "until") return (limit: AbortSignal) => failing(own.until?.(limit) ?? own);
            return Reflect.get(own, key)?.bind(own);
          },
        });
      return { ...parts, strategies: new Map([[name, failing(strategy)]]) };
    };
    const step = "finish/former-side-scaled-down";
    const isHeld = (entry: JournalEntry) => entry.kind === "held" && entry.step === step;
    const one = await simulate(plan, calm(), { leaps: true, alter: fault });
    assert.deepEqual(one.violations, []);
    const before = one.records.slice(
      0,
      one.records.findIndex(({ entry }) => isHeld(entry)),
    );
    assert.ok(!before.some(({ entry }) => isRollback(entry)));
    const faults: readonly Fault[] = [
      { kind: "command", command: "promote", atSeconds: secondsOf(one, isHeld) + 1 },
    ];
    const left = await simulate(plan, { ...calm(), faults }, { leaps: true, alter: fault });
    assert.deepEqual([left.end, left.violations], ["finished", []], left.why);
  });
});

/** Whether an entry takes people off the new version. */
function takesBack({ entries }: Plan, name: string): boolean {
  const entry = entries[name];
  if (entry?.word !== "step") return false;
  const { does } = entry;
  return (
    (does.action === "traffic" && does.move === "back") ||
    (does.action === "deploy" && does.version === "previous")
  );
}
