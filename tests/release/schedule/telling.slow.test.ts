import assert from "node:assert/strict";
import { aheadMessages } from "../../../release/schedule/ahead";
import { UserError } from "../../../release/user-error";
import { systemNames } from "../../../runbooks/model";
import { contractPlan } from "../engine/support/plans";
import { id, plain, RehearsedSchedule } from "./support";

const away = () => ({ holds: false, why: "no answer within 10 s" });

describe("what is told before a release begins", () => {
  it("is what the contracts tell of its scheduling, at once or their hours before", () => {
    const ahead = systemNames.map((system) => [
      system,
      aheadMessages(contractPlan(system, "production")).map(
        ({ entry, by, of }) => `${entry.name} ${by === undefined ? "at once" : (+by - +of) / 3_600_000}`,
      ),
    ]);
    assert.deepEqual(Object.fromEntries(ahead), {
      "kirana-inventory": ["product-manager-informed at once", "marketing-informed at once"],
      "tesoro-xp": ["change-notification at once"],
      "kirana-store": ["customers-announcement -24"],
      "retail-agentic": ["on-call-notified at once", "support-team-notified at once"],
      "case-management": ["on-call-notified at once", "stakeholders-notified at once"],
    });
  });

  it("is what is told before a phase as well, where that is before the release (STO-099 without a backup)", () => {
    const plan = contractPlan("kirana-store", "production");
    const steps = plan.steps.filter(({ phase }) => phase !== "backup" && phase !== "migrate");
    const [, message] = aheadMessages({ ...plan, steps });
    assert.equal(message?.entry.name, "announce-thirty-minutes");
    assert.ok(+message.by! < Date.parse(plan.startsAt));
    assert.equal(+message.of - +message.by!, 30 * 60_000);
  });

  it("reaches the customers of kirana-store 24 hours before, once, with time, news and what to expect (STO-185)", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(72);
    assert.deepEqual(shop.told, ["-24.5 h customers-announcement mail"]);
    const { text } = shop.got[0]!;
    assert.match(text, /^Subject: Kirana Store - Scheduled Maintenance \(\d h( \d+ min)?\)\n/);
    assert.match(text, /^Time: 2026-10-13 17:\d\d to 2026-10-13 2\d:\d\d UTC$/m);
    assert.match(text, /^✓ /m);
    assert.match(
      text,
      /Expected downtime: None \(rolling update\)\nRollback ready: Yes\nImpact: Minimal to none$/,
    );
  });

  it("is told as soon as it is scheduled where the contract gives no hours, by each channel", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    await xp.look();
    await xp.pass(48);
    assert.deepEqual(xp.told, ["-48 h change-notification mail", "-48 h change-notification slack"]);
    assert.match(xp.got[0]!.text, /is to be released to production, 2026-10-13T17:05:00.000Z to /);
  });

  it("is told by one of two processes that look at the same time", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    const passing = setInterval(() => xp.clock.pass(1), 1);
    await Promise.all([xp.look(xp.bookOf("a:1")), xp.look(xp.bookOf("b:2"))]);
    clearInterval(passing);
    assert.equal(xp.got.length, 2);
  });

  it("is told again by the next look when nobody knows whether it was delivered, or when it was not", async () => {
    const shop = new RehearsedSchedule("kirana-store", 24.5);
    await shop.begin();
    shop.writesLeft = 1;
    await assert.rejects(shop.look(), /killed/);
    assert.equal(shop.got.length, 1);
    shop.writesLeft = Number.POSITIVE_INFINITY;
    await shop.look();
    await shop.pass(1);
    assert.equal(shop.got.length, 2);
    assert.equal(shop.got[0]!.text, shop.got[1]!.text);

    const other = new RehearsedSchedule("kirana-store", 24.5);
    await other.begin();
    other.answers = away;
    await other.look();
    await other.pass(1);
    other.answers = () => ({ holds: true, why: "delivered" });
    await other.pass(2);
    assert.deepEqual(other.told, ["-22.5 h customers-announcement mail"]);
    const { tries } = await other.book.read(id);
    assert.deepEqual(
      tries.map(({ delivered }) => delivered),
      [false, false, true],
    );
  });

  it("is tried again at once by a person who has mended why it was not delivered", async () => {
    const shop = new RehearsedSchedule("kirana-store", 24.5);
    await shop.begin();
    shop.answers = away;
    await shop.look();
    shop.answers = () => ({ holds: true, why: "delivered" });
    await shop.look();
    assert.deepEqual(shop.told, []);
    shop.insists = true;
    await shop.look();
    assert.deepEqual(shop.told, ["-24.5 h customers-announcement mail"]);
  });

  it("tells only the channel again that was not reached", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    xp.answers = (channel) => (channel === "mail" ? away() : { holds: true, why: "delivered" });
    await xp.look();
    xp.answers = () => ({ holds: true, why: "delivered" });
    await xp.pass(2);
    assert.deepEqual(xp.told, ["-48 h change-notification slack", "-47 h change-notification mail"]);
  });

  it("says that it is late when it is, and is left to the release when its time is over", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    shop.clock.jump(60 * 3600);
    await shop.look();
    const { text } = shop.got[0]!;
    assert.match(
      text,
      /^Subject: Kirana Store - Scheduled Maintenance \(.*\)\nThis comes late: it begins in 12 h.\n\nTime: /,
    );

    const late = new RehearsedSchedule("kirana-store", 72);
    await late.begin();
    late.clock.jump(72 * 3600);
    await late.look();
    assert.deepEqual(late.told, []);
  });

  it("tells whoever was told that it moved, what it replaces and why, and the hours before the new time again", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(52);
    await shop.move(48, "the {supplier} is away");
    await shop.look();
    await shop.pass(48 + 20);
    assert.deepEqual(shop.told, [
      "-24.5 h customers-announcement mail",
      "-20 h customers-announcement-moved mail",
      "--23.5 h customers-announcement mail",
    ]);
    const [, moved, again] = shop.got;
    assert.match(moved!.text, /^Subject: Moved: Kirana Store - Scheduled Maintenance/);
    assert.match(
      moved!.text,
      /\nThis replaces what was announced for 2026-10-13 17:\d\d to 2026-10-13 2\d:\d\d UTC\. Why: the \{supplier\} is away\n\nTime: 2026-10-15 17:/,
    );
    assert.match(again!.text, /^Time: 2026-10-15 17:\d\d/m);
  });

  it("tells nobody of a move who had heard of nothing, and whom a time is told at once only that it moved", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.move(24);
    await shop.look();
    assert.deepEqual(shop.told, []);
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    await xp.look();
    await xp.move(24);
    await xp.pass(48);
    assert.deepEqual(
      xp.got.map(({ entry }) => entry),
      [
        "change-notification",
        "change-notification",
        "change-notification-moved",
        "change-notification-moved",
      ],
    );
  });

  it("tells whoever was told, or may have been, that it does not take place, and nobody else anything more", async () => {
    const shop = new RehearsedSchedule("kirana-store", 24.5);
    await shop.begin();
    shop.writesLeft = 1;
    await assert.rejects(shop.look(), /killed/);
    shop.writesLeft = Number.POSITIVE_INFINITY;
    await shop.cancel("not now");
    shop.answers = away;
    await shop.look();
    shop.answers = () => ({ holds: true, why: "delivered" });
    await shop.pass(30);
    const [, cancelled, ...more] = shop.got;
    assert.deepEqual(more, []);
    assert.match(
      cancelled!.text,
      /^Subject: Cancelled: Kirana Store - Scheduled Maintenance \(.*\)\nCancelled: kirana-store 1.0.1 is not released to production as announced for 2026-10-13 17:\d\d to .* UTC\. Why: not now$/,
    );
    const silent = new RehearsedSchedule("kirana-store", 72);
    await silent.begin();
    await silent.cancel();
    await silent.pass(72);
    assert.deepEqual(silent.told, []);
  });

  it("is told no more once the release began", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.book.hold(id, async ({ write }) => {
      await write({ event: "started", by: "ana", release: "r-1" });
    });
    await shop.pass(72);
    assert.deepEqual(shop.told, []);
    assert.equal(await shop.book.open(), undefined);
  });
});

describe("the journals of a system's schedules", () => {
  it("hold one release that is to come, beside those of the releases", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    const second = { event: "planned", schedule: "scheduled-2", by: "ben", plan: plain(shop.plan) } as const;
    await assert.rejects(
      shop.book.begin(second),
      (error: unknown) =>
        error instanceof UserError && /1.0.1 is scheduled for 2026-10-13T15:10/.test(error.message),
    );
    assert.deepEqual(await shop.store.releases("kirana-store"), []);
    await shop.cancel();
    await shop.book.begin(second);
    assert.equal((await shop.book.open())?.schedule, "scheduled-2");
  });
});
