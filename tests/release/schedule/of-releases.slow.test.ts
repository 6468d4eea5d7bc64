import assert from "node:assert/strict";
import type { JournalEntry } from "../../../release/journal/entry";
import { judgeStart } from "../../../release/schedule/judge";
import { scheduleState } from "../../../release/schedule/state";
import { id, plain, RehearsedSchedule } from "./support";

/** A release of the schedule as its process left its journal; nothing of it is in that of the schedule. */
async function releaseOf(shop: RehearsedSchedule, release: string, ...more: JournalEntry[]): Promise<void> {
  const { plan } = shop;
  const scheduled = { schedule: id, startsAt: plan.startsAt, told: {} };
  const started = {
    kind: "started",
    format: 1,
    release,
    by: "ana",
    plan: plain({ ...plan, scheduled }),
  } as const;
  await goOn(shop, release, started, ...more);
}

async function goOn(shop: RehearsedSchedule, release: string, ...entries: JournalEntry[]): Promise<void> {
  const lease = await shop.store.acquire(shop.system, release, "test");
  for (const entry of entries) await shop.store.open(shop.system, release, lease).append(entry);
  await lease.giveBack();
}

const ended = (outcome: "finished" | "rolledBack" | "refused" | "aborted"): JournalEntry => ({
  kind: "ended",
  outcome,
  why: "a gate",
});

/** What its own journal says, whatever the releases do. */
async function writtenOf(shop: RehearsedSchedule) {
  return scheduleState(await shop.store.open(`${shop.system}.schedule`, id).read());
}

async function starts(shop: RehearsedSchedule, release: string): Promise<void> {
  await shop.book.hold(id, ({ write }) => write({ event: "started", by: "ana", release }));
}

describe("a schedule whose release began", () => {
  let shop: RehearsedSchedule;
  const second = () =>
    ({ event: "planned", schedule: "scheduled-2", by: "ben", plan: plain(shop.plan) }) as const;
  beforeEach(async () => {
    shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(72);
  });

  it("is over by the release's own journal, and lets another release be scheduled, which notes it", async () => {
    await releaseOf(shop, "r-1");
    assert.equal((await writtenOf(shop)).started, undefined);
    assert.equal((await shop.book.read(id)).started?.release, "r-1");
    assert.equal(await shop.book.open(), undefined);
    await shop.book.begin(second());
    assert.equal((await writtenOf(shop)).started?.release, "r-1");
    assert.equal((await shop.book.open())?.schedule, "scheduled-2");
  });

  it("is noted by whoever holds it next, who neither moves nor cancels what began", async () => {
    await releaseOf(shop, "r-1");
    await shop.book.hold(id, async ({ state }) => {
      assert.equal(state.started?.release, "r-1");
    });
    assert.equal((await writtenOf(shop)).started?.by, "ana");
  });

  it("is to come again after a release that was refused, and then began again", async () => {
    await releaseOf(shop, "r-1", ended("refused"));
    await starts(shop, "r-1");
    shop.clock.jump(13 * 60);
    const open = (await shop.book.open())!;
    assert.equal(open.schedule, id);
    const { refusals, announced } = judgeStart(shop.plan, open, shop.clock.now());
    assert.deepEqual(refusals, []);
    assert.deepEqual(Object.keys(announced!.told), ["customers-announcement"]);
    await assert.rejects(shop.book.begin(second()), /is scheduled for/);

    await releaseOf(shop, "r-2");
    assert.equal(await shop.book.open(), undefined);
    await starts(shop, "r-2");
    assert.equal((await writtenOf(shop)).started?.release, "r-2");
  });

  it("can then be moved, and cancelled, of which those hear who were told", async () => {
    await releaseOf(shop, "r-1", ended("aborted"));
    await starts(shop, "r-1");
    await shop.move(48, "mended tomorrow");
    await shop.look();
    assert.match(shop.got.at(-1)!.text, /^Subject: Moved: /);
    await shop.cancel("not now");
    await shop.look();
    assert.match(shop.got.at(-1)!.text, /^Subject: Cancelled: /);
    assert.equal(await shop.book.open(), undefined);
  });

  it("stays over when traffic had moved, it went back, it finished, or another one is scheduled since", async () => {
    const step = shop.plan.steps.find(({ does }) => does.as === "weight" && does.percent > 0)!;
    const moved: JournalEntry = { kind: "intent", step: step.id };
    await releaseOf(shop, "r-1", moved, ended("aborted"));
    assert.equal(await shop.book.open(), undefined);

    for (const outcome of ["rolledBack", "finished"] as const) {
      const other = new RehearsedSchedule("kirana-store", 1);
      await other.begin();
      await releaseOf(other, "r-1", ended(outcome));
      assert.equal(await other.book.open(), undefined, outcome);
    }

    const third = new RehearsedSchedule("kirana-store", 1);
    await third.begin();
    await releaseOf(third, "r-1");
    await third.book.begin({ ...second(), plan: plain(third.plan) });
    await goOn(third, "r-1", ended("refused"));
    assert.equal((await third.book.open())?.schedule, "scheduled-2");
  });
});
