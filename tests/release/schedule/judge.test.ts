import assert from "node:assert/strict";
import type { Plan } from "../../../release/plan/plan";
import {
  judgeSchedule,
  judgeStart,
  notItsTime,
  scheduledSoon,
  startOptions,
} from "../../../release/schedule/judge";
import { contractPlan } from "../engine/support/plans";
import { infrastructurePlan } from "../plan/support/infrastructure";
import { id, RehearsedSchedule } from "./support";

const emergency = (plan: Plan): Plan => ({ ...plan, types: ["application", "emergency"], reason: "broken" });

async function startOf(shop: RehearsedSchedule, plan = shop.plan) {
  return judgeStart(plan, await shop.book.read(id), shop.clock.now());
}

describe("whether a release may begin, by what was announced of it", () => {
  it("is yes at its time, and names who was told", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(72);
    const { refusals, warnings, announced } = await startOf(shop);
    assert.deepEqual([refusals, warnings], [[], []]);
    assert.deepEqual(announced, {
      schedule: id,
      startsAt: shop.plan.startsAt,
      told: { "customers-announcement": { at: "2026-10-12T14:40:00.000Z", channels: [0] } },
    });
  });

  it("is no before that time, and when it is over for more than an hour", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(71);
    const early = await startOf(shop);
    assert.deepEqual(
      early.refusals.map(({ kind, message }) => [kind, message]),
      [["not-its-time", "it is scheduled for 2026-10-13T15:10:00.000Z, and now is 2026-10-13T14:10:00.000Z"]],
    );
    assert.match(early.refusals[0]!.mend, /release schedule kirana-store --move TIME/);
    await shop.pass(1.75);
    assert.deepEqual((await startOf(shop)).warnings, ["it begins 45 min later than announced"]);
    await shop.pass(0.5);
    assert.match((await startOf(shop)).refusals[0]!.message, /75 min ago/);
  });

  it("is no where customers were told too late, or nobody was, on the normal path (STO-185)", async () => {
    const late = new RehearsedSchedule("kirana-store", 72);
    await late.begin();
    late.clock.jump(50 * 3600);
    await late.look();
    late.clock.jump(22 * 3600);
    const [{ kind, message, mend }] = (await startOf(late)).refusals as [
      { kind: string; message: string; mend: string },
    ];
    assert.equal(kind, "not-announced");
    assert.match(
      message,
      /"24 hours before: customers are told of the maintenance" \(STO-185\) was told at .*, 2 h late/,
    );
    assert.match(mend, /release schedule kirana-store --to MANIFEST --at TIME/);

    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    shop.answers = () => ({ holds: false, why: "mail: no server" });
    await shop.pass(72);
    assert.match((await startOf(shop)).refusals[0]!.message, /was not told: mail: no server/);
    const unscheduled = judgeStart(shop.plan, undefined, shop.clock.now());
    assert.match(unscheduled.refusals[0]!.message, /was told to nobody, as the release was not scheduled/);
    assert.equal(unscheduled.announced, undefined);
  });

  it("is yes on the emergency path, which says what was not given and is told when it begins", () => {
    const { refusals, warnings } = judgeStart(
      emergency(contractPlan("kirana-store", "production")),
      undefined,
      new Date(),
    );
    assert.deepEqual(refusals, []);
    assert.match(warnings.join(), /STO-185\) was told to nobody.*; it is told when the release begins/);
  });

  it("is yes where nothing is binding, with what is missing as a warning, and asks nothing without hours", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    xp.answers = (channel) => ({ holds: channel === "mail", why: `${channel}: it depends` });
    await xp.pass(48);
    const { refusals, warnings, announced } = await startOf(xp);
    assert.deepEqual(refusals, []);
    assert.match(
      warnings.join(),
      /\(TES-012\) was not told: slack: it depends; it is told when the release begins/,
    );
    assert.deepEqual(announced?.told["change-notification"]?.channels, [0]);
    const unscheduled = judgeStart(xp.plan, undefined, new Date());
    assert.deepEqual([unscheduled.refusals, unscheduled.warnings], [[], []]);
  });

  it("is asked of another release as of one that nobody scheduled, and says what stays", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    const { refusals, warnings, announced } = await startOf(xp, { ...xp.plan, manifestDigest: "sha256:1" });
    assert.deepEqual([refusals, announced], [[], undefined]);
    assert.match(warnings[0]!, /^tesoro-xp 1.0.1 is scheduled for 2026-10-13T17:05:00.000Z and stays so/);
  });

  it("is yes for the same manifest on the emergency path, which takes the place of what is scheduled", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72);
    await shop.begin();
    await shop.pass(60);
    const { refusals, warnings, announced } = await startOf(shop, emergency(shop.plan));
    assert.deepEqual(refusals, []);
    // Whoever heard of the other time hears of this one.
    assert.deepEqual(announced, { schedule: id, startsAt: shop.plan.startsAt, told: {} });
    assert.match(warnings[0]!, /^it is scheduled for 2026-10-13T15:10:00.000Z, and this one takes its place/);
    assert.match(
      warnings[1]!,
      /STO-185\) was told of 2026-10-13T15:10:00.000Z, or to nobody; it is told when/,
    );
  });

  it("is no for the same manifest as another type, at any time, and says which one was announced", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48, (plan) => ({
      ...plan,
      types: ["infrastructure", "application", "normal"],
    }));
    await xp.begin();
    const { refusals, announced } = await startOf(xp, { ...xp.plan, types: ["application", "normal"] });
    assert.deepEqual(
      refusals.map(({ kind, message }) => [kind, message]),
      [
        [
          "scheduled-otherwise",
          "tesoro-xp 1.0.1 is scheduled for 2026-10-13T17:05:00.000Z as infrastructure, application, normal; this is application, normal",
        ],
      ],
    );
    assert.match(refusals[0]!.mend, /release start tesoro-xp --to MANIFEST --type full .* --cancel/);
    assert.equal(announced, undefined);
  });

  it("is yes for an emergency that is scheduled, before its time and after it, with a warning", async () => {
    const shop = new RehearsedSchedule("kirana-store", 72, emergency);
    await shop.begin();
    await shop.pass(71);
    const early = await startOf(shop);
    assert.deepEqual([early.refusals, early.announced?.told], [[], {}]);
    assert.match(
      early.warnings[0]!,
      /^it is scheduled for .*, and now is .*; the emergency path waits for nobody$/,
    );
    await shop.pass(1);
    assert.deepEqual(Object.keys((await startOf(shop)).announced!.told), ["customers-announcement"]);
    await shop.pass(2);
    const late = await startOf(shop);
    assert.deepEqual([late.refusals, late.announced?.told], [[], {}]);
    assert.match(late.warnings[0]!, /2 h ago.*; the emergency path waits for nobody$/);
  });

  it("is nothing to infrastructure alone, which says what is scheduled within a day", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48);
    await xp.begin();
    const said = async () => scheduledSoon(await xp.book.open(), xp.clock.now());
    assert.deepEqual(await said(), []);
    xp.clock.jump(25 * 3600);
    assert.match(
      (await said()).join(),
      /^tesoro-xp 1.0.1 is scheduled for 2026-10-13T17:05:00.000Z, 23 h after this begins, .* --move TIME/,
    );
    await xp.cancel();
    assert.deepEqual(await said(), []);
  });

  it("is that of infrastructure which is scheduled alone, whatever its preview shows by then", async () => {
    const xp = new RehearsedSchedule("tesoro-xp", 48, () => infrastructurePlan());
    await xp.begin();
    await xp.pass(47);
    const other = { ...infrastructurePlan(), manifestDigest: `sha256:${"e".repeat(64)}` };
    const early = await startOf(xp, other);
    assert.deepEqual(
      early.refusals.map(({ kind }) => kind),
      ["not-its-time"],
    );
    const state = await xp.book.read(id);
    const beforeThePlan = (types: Plan["types"]) => notItsTime({ ...other, types }, state, xp.clock.now());
    assert.deepEqual(beforeThePlan(other.types), early.refusals);
    assert.deepEqual(beforeThePlan(["infrastructure", "emergency"]), []);
    await xp.pass(1);
    assert.deepEqual(beforeThePlan(other.types), []);
    const inTime = await startOf(xp, other);
    assert.deepEqual([inTime.refusals, inTime.announced?.schedule], [[], id]);
    const code = await startOf(xp, contractPlan("tesoro-xp", "production"));
    assert.match(
      code.warnings[0]!,
      /^the infrastructure of tesoro-xp is scheduled for .* and stays so: release schedule tesoro-xp --move TIME/,
    );
    assert.equal(code.announced, undefined);
    const hurried = await startOf(xp, { ...other, types: ["infrastructure", "emergency"], reason: "broken" });
    assert.deepEqual([hurried.refusals, hurried.announced?.told], [[], {}]);
  });

  it("is told by which options what is scheduled is started", () => {
    assert.equal(startOptions(["application", "normal"]), " --to MANIFEST");
    assert.equal(startOptions(["infrastructure", "application", "normal"]), " --to MANIFEST --type full");
    assert.equal(
      startOptions(["infrastructure", "emergency"]),
      " --type infrastructure --emergency --reason TEXT",
    );
  });

  it("is asked when it is scheduled: a time that is over, or too near for what is binding", () => {
    const plan = contractPlan("kirana-store", "production");
    const hours = (count: number) => new Date(Date.parse(plan.startsAt) - count * 3_600_000);
    assert.deepEqual(judgeSchedule(plan, hours(25)).refusals, []);
    const [near] = judgeSchedule(plan, hours(20)).refusals;
    assert.match(near!.message, /STO-185\) is due at 2026-10-12T15:10:00.000Z, which is over/);
    assert.match(near!.message, /the release could begin from 2026-10-13T19:10:00Z on/);
    assert.deepEqual(judgeSchedule(emergency(plan), hours(20)).refusals, []);
    assert.equal(judgeSchedule(plan, hours(0)).refusals[0]?.kind, "not-its-time");
    assert.deepEqual(judgeSchedule(contractPlan("tesoro-xp", "production"), hours(1)).refusals, []);
  });

  it("says when it is scheduled until when statements have to be signed (STO-213 to STO-222)", () => {
    const plan = contractPlan("kirana-store", "production");
    const said = (hours: number, its = plan) =>
      judgeSchedule(its, new Date(Date.parse(plan.startsAt) - hours * 3_600_000)).warnings;
    const [early, ...more] = said(72);
    assert.deepEqual(more, []);
    assert.match(early!, /^by 2026-10-11T15:10:00.000Z, 48 hours before it begins, has to be signed: .*; /);
    assert.match(said(30)[0]!, /had to be signed, or its start is refused: /);
    assert.deepEqual(
      said(72, emergency(plan)).filter((line) => /signed/.test(line)),
      [],
    );
  });
});
