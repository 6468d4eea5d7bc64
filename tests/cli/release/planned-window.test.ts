import assert from "node:assert/strict";
import type { CommandContext } from "../../../cli/context";
import { knowledgeOf } from "../../../cli/release/knowledge";
import type { LoadedSystem } from "../../../cli/release/load-release";
import { daysIn } from "../../../cli/release/load-release";
import { MemoryStore } from "../../../release/journal/memory-store";
import { plannedMove } from "../../../release/plan/calendar-refusals";
import type { Plan } from "../../../release/plan/plan";
import { contractOf, planOf, questionOf } from "../../release/plan/support/questions";

const system = "tesoro-xp";

describe("days that the owner names", () => {
  it("are read of a stack's settings, single ones and periods", () => {
    const holidays = ["2026-11-26", "2026-12-21/2027-01-01"];
    const config = {
      "switchyard:holidays": holidays,
      "switchyard:systems": ["kirana-store"],
      other: ["2026-12-32"],
    };
    assert.deepEqual(daysIn(config), { "switchyard:holidays": holidays });
  });
});

describe("whether a deployment window is scheduled (TES-013, TES-079)", () => {
  /** A plan that was made for a morning in a window, and then scheduled for another time. */
  const scheduledFor = (startsAt: string): Plan => ({ ...planOf(questionOf(system)), startsAt });

  /** Known up to the end of that year. */
  const days = { "switchyard:holidays": ["2040-12-21/2040-12-31"] };

  async function window(plan: Plan) {
    const store = new MemoryStore({ now: () => new Date(), monotonic: () => 0 });
    const lease = await store.acquire(system, "r-1", "test");
    const written = JSON.parse(JSON.stringify(plan));
    await store
      .open(system, "r-1", lease)
      .append({ kind: "started", format: 1, release: "r-1", by: "ana", plan: written });
    const release = { contract: contractOf(system), settings: { sides: {}, days } };
    return knowledgeOf({
      context: {} as CommandContext,
      release: release as unknown as LoadedSystem,
      releaseId: "r-1",
      plan,
      store,
    }).window();
  }

  it("is judged by the time for which the release is scheduled, whatever the hour at which that is asked", async () => {
    const open = await window(scheduledFor("2040-10-16T17:30:00Z"));
    assert.equal(open?.open, true, open?.seen);
    assert.match(open.seen, /planned from 2040-10-16T17:3\d/);
    const saturday = await window(scheduledFor("2040-10-20T17:30:00Z"));
    assert.equal(saturday?.open, false);
    assert.match(saturday.seen, /avoided-times/);
  });

  it("is judged until the swap, not only for its beginning", async () => {
    const late = await window(scheduledFor("2040-10-16T22:55:00Z"));
    assert.equal(late?.open, false, late?.seen);
  });

  it("counts what is done no more, and begins now where the time has passed", () => {
    const plan = scheduledFor("2026-10-13T17:00:00Z");
    const now = new Date("2026-10-13T18:00:00Z");
    const first = plan.steps.findIndex(({ phase }) => phase === "deploy-idle");
    const done = new Set(plan.steps.slice(0, first).map(({ id }) => id));
    assert.deepEqual(plannedMove(plan, done, now).from, now);
    const all = new Set(plan.steps.map(({ id }) => id));
    assert.deepEqual(plannedMove(plan, all, now), { from: now, to: now });
    assert.ok(plannedMove(plan, new Set(), now).from > now);
  });
});
