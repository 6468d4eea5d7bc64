import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import type { Announced, Plan, PlanStep } from "../../../release/plan/plan";
import type { Entry } from "../../../runbooks/vocabulary";
import { planOf, walk, yes } from "./support/watching";
import { FakeTrack, plan as usual } from "./support/world";

const notify = (name: string, change: object): Entry =>
  ({
    word: "notify",
    name,
    title: name,
    ids: [],
    on: ["dev"],
    during: ["smoke"],
    at: "phaseStart",
    audience: "the team",
    channels: [{ channel: "slack", secret: "s" }],
    template: "starting {startsIn}",
    fields: ["startsIn"],
    ...change,
  }) as unknown as Entry;

const thirty = notify("thirty", { offsetMinutes: -30 });
const known = notify("known", { at: "scheduled", channels: [{ channel: "slack" }, { channel: "mail" }] });

function step(phase: PlanStep["phase"], entry: string, does: PlanStep["does"], plannedSeconds = 1): PlanStep {
  return { ...usual.steps[0]!, id: `${phase}/${entry}`, phase, entry, does, plannedSeconds };
}

/** Two hours of work are planned before the phase that is announced. */
function planned(change: {
  readonly seconds?: number;
  readonly asks?: boolean;
  readonly scheduled?: Announced;
}): Plan {
  const { seconds = 7200, asks = false, scheduled } = change;
  const [deploy, smoke, ...rest] = usual.steps;
  const question = step("migrate", "agreed", { as: "question" }, 0);
  const steps = [
    step("scheduled", "known", { as: "message" }),
    {
      ...deploy!,
      phase: "backup" as const,
      id: "backup/deploy",
      plannedSeconds: seconds,
      timeoutSeconds: 20_000,
    },
    ...(asks ? [question] : []),
    step("smoke", "thirty", { as: "message" }),
    smoke!,
    ...rest,
  ];
  const agreed = {
    word: "manual",
    name: "agreed",
    title: "agreed",
    role: "lead",
    question: "?",
    answer: "done",
  };
  const plan = planOf(
    [thirty, known, { ...agreed, blocking: false, during: ["migrate"] } as unknown as Entry],
    steps,
  );
  return { ...plan, watched: [], ...(scheduled !== undefined && { scheduled }) };
}

interface Told {
  readonly after: number;
  readonly entry: string;
  readonly startsIn?: string;
  readonly channels: readonly string[];
}

/** @param takes seconds that the work before really takes */
async function told(plan: Plan, takes: number): Promise<readonly Told[]> {
  const heard: Told[] = [];
  const alter = (parts: EngineParts): EngineParts => {
    const began = parts.clock.monotonic();
    const track = new FakeTrack();
    const deployIdle = track.deployIdle.bind(track);
    track.deployIdle = async () => {
      await parts.clock.sleep(takes * 1000);
      return deployIdle();
    };
    return {
      ...parts,
      strategies: new Map([["store", track]]),
      tell: async ({ name, channels }, { startsIn }) => {
        const after = (parts.clock.monotonic() - began) / 1000;
        heard.push({
          after,
          entry: name,
          ...(startsIn && { startsIn }),
          channels: channels.map((one) => one.channel),
        });
        return { holds: true, why: "delivered" };
      },
    };
  };
  const one = await walk(plan, { "green-answers": () => yes }, { alter });
  assert.equal(one.end, "finished", one.why);
  return heard;
}

const times = (all: readonly Told[]) =>
  all.filter(({ entry }) => entry === "thirty").map(({ after, startsIn }) => [after, startsIn]);

describe("a message that is told before a phase begins", () => {
  it("goes out so long before, while what comes before it is done, and once", async () => {
    assert.deepEqual(times(await told(planned({}), 7200)), [[5400, "in 30 minutes"]]);
  });

  it("goes out when the work before is done sooner than planned, and says what is left", async () => {
    assert.deepEqual(times(await told(planned({}), 3600)), [[3600, "now"]]);
    assert.deepEqual(times(await told(planned({ seconds: 600 }), 600)), [[0, "in 10 minutes"]]);
  });

  it("goes out at the phase's beginning where a person is asked before, who may still refuse", async () => {
    assert.deepEqual(times(await told(planned({ asks: true, seconds: 600 }), 600)), [[600, "now"]]);
  });
});

describe("a message that is told before a phase which waits for a window", () => {
  // The virtual clock begins at 10:00 UTC on a Tuesday.
  const window = {
    word: "window",
    name: "afternoon",
    title: "afternoon",
    ids: [],
    on: ["dev"],
    during: ["smoke"],
    timeZone: "UTC",
    rule: { kind: "allowed", days: ["Tue"], from: "12:00", to: "23:00" },
  } as unknown as Entry;

  it("goes out so long before the window opens, not before the phase would have begun", async () => {
    const plan = planned({ seconds: 600 });
    const entries = { ...plan.entries, afternoon: window };
    const steps = plan.steps.map((one) =>
      one.phase === "backup" ? { ...one, phase: "migrate" as const, id: "migrate/deploy" } : one,
    );
    // Ten minutes of work that may begin at noon.
    assert.deepEqual(times(await told({ ...plan, entries, steps }, 600)), [[6000, "in 30 minutes"]]);
  });
});

describe("a message that is told before a phase which waits until it was announced to begin", () => {
  it("goes out so long before that, however soon the work before is done", async () => {
    const plan = planned({ seconds: 3600 });
    const wait = step("backup", "announced-start", {
      as: "wait",
      since: "2026-03-03T10:00:00.000Z",
      seconds: 7200,
    });
    const steps = plan.steps.flatMap((one) =>
      one.entry === "thirty" ? [{ ...wait, plannedSeconds: 0 }, one] : [one],
    );
    assert.deepEqual(times(await told({ ...plan, steps }, 1200)), [[5400, "in 30 minutes"]]);
    // Longer than planned: it is told when that is over.
    assert.deepEqual(times(await told({ ...plan, steps }, 6000)), [[6000, "in 20 minutes"]]);
  });
});

describe("a message that was told before the release began", () => {
  const at = "2026-03-02T10:00:00.000Z";
  const announced = (channels: readonly number[]): Announced => ({
    schedule: "scheduled-1",
    startsAt: "2026-03-03T10:00:00.000Z",
    told: { known: { at, channels }, thirty: { at, channels: [0] } },
  });

  it("is not told again, but by the channels that were not reached", async () => {
    const all = await told(planned({ scheduled: announced([0, 1]) }), 7200);
    assert.deepEqual(all, []);
    const some = await told(planned({ scheduled: announced([0]) }), 7200);
    assert.deepEqual(
      some.map(({ entry, channels }) => [entry, channels]),
      [["known", ["mail"]]],
    );
  });

  it("is told when the release begins where nobody scheduled it", async () => {
    const [first] = await told(planned({}), 7200);
    assert.deepEqual([first?.entry, first?.after, first?.channels], ["known", 0, ["slack", "mail"]]);
  });
});
