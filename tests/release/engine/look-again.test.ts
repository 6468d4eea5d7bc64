import assert from "node:assert/strict";
import { run } from "../../../release/engine/run";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Entry } from "../../../runbooks/vocabulary";
import { contractPlan } from "./support/plans";
import { FakeTrack, healthy, MemoryJournal, partsOf, start, plan as usual } from "./support/world";

const [deploy, gate, ...rest] = usual.steps as readonly [PlanStep, PlanStep, ...PlanStep[]];
const watch = rest.at(-1)!;

/** Some time passes between a check and the deployment, by which it must be no older than an hour. */
function planOf(minutesBetween: number, change: object = {}): Plan {
  const wait = {
    ...watch,
    id: "deploy-idle/wait",
    phase: "deploy-idle",
    does: { as: "watch", seconds: minutesBetween * 60 },
  };
  const target = {
    word: "target",
    name: "fresh",
    title: "fresh",
    ids: [],
    on: ["dev"],
    during: ["prepare"],
    span: { from: gate.entry, to: deploy.entry },
    atMostSeconds: 3600,
    blocking: true,
    ...change,
  } as unknown as Entry;
  return {
    ...usual,
    steps: [{ ...gate, id: "prepare/green-answers", phase: "prepare" }, wait as PlanStep, deploy, watch],
    entries: { ...usual.entries, fresh: target },
    watched: [],
  };
}

async function walk(
  plan: Plan,
  holds: readonly boolean[] = [],
): Promise<readonly [end: string, looks: number]> {
  const clock = new VirtualClock();
  const journal = new MemoryJournal(clock);
  const world = { clock, journal, track: new FakeTrack(), progress: [], sample: healthy, commands: [] };
  await start(world, plan);
  let looks = 0;
  const parts = {
    ...partsOf(world),
    other: async () => "done",
    look: async () =>
      ({ kind: "answer", holds: holds[looks++] ?? true, seen: "200", question: "GET /" }) as const,
  };
  const { end } = await clock.until(run(parts, new AbortController().signal));
  return [end, looks];
}

/** A check, some time, and then the update of the stack, which waits for the check. */
function updateAfter(minutesBetween: number): Plan {
  const plan = planOf(minutesBetween, { blocking: false });
  const [checked, wait, before] = plan.steps as readonly [PlanStep, PlanStep, PlanStep];
  const does = { action: "workflow", file: "x.yml", inputs: {} };
  const update = { ...plan.entries[deploy.entry], does } as Entry;
  return {
    ...plan,
    steps: [checked, wait, { ...before, precondition: [checked.id] }],
    entries: { ...plan.entries, [deploy.entry]: update },
  };
}

describe("what an update of the stack waits for", () => {
  it("is looked at again before it when that is more than half an hour ago, and decides anew", async () => {
    assert.deepEqual(await walk(updateAfter(29)), ["finished", 1]);
    assert.deepEqual(await walk(updateAfter(31)), ["finished", 2]);
    assert.deepEqual(await walk(updateAfter(31), [true, false, false, false]), ["refused", 4]);
  });
});

describe("what a blocking target wants to be no older when a step begins", () => {
  it("is looked at again before that step when it is, and decides anew", async () => {
    assert.deepEqual(await walk(planOf(59)), ["finished", 1]);
    assert.deepEqual(await walk(planOf(61)), ["finished", 2]);
    const no = [true, false, false, false];
    assert.deepEqual(await walk(planOf(61), no), ["refused", 4]);
  });

  it("is measured only where the target does not block", async () => {
    assert.deepEqual(await walk(planOf(61, { blocking: false })), ["finished", 1]);
  });

  it("is the preparation of kirana-inventory in production: from the checks of staging to the deployment", () => {
    const { entries, steps } = contractPlan("kirana-inventory", "production");
    const target = entries["preparation-fresh"];
    assert.ok(target?.word === "target" && target.blocking);
    const place = (name: string) => steps.findIndex(({ entry }) => entry === name);
    assert.ok(place(target.span.from) >= 0 && place(target.span.from) < place(target.span.to));
  });
});
