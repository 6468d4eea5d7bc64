import assert from "node:assert/strict";
import { secondsUntilAnnounced } from "../../../release/engine/until-announced";
import type { Walk } from "../../../release/engine/walk";
import { movingSpan } from "../../../release/plan/calendar-refusals";
import { explainPlan } from "../../../release/plan/explain-plan";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { withAnnouncedStart } from "../../../release/schedule/announced-start";
import { calm } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { contractQuestion } from "../engine/support/plans";
import { planOf } from "../plan/support/questions";

/** In the season of the window's time zone: it is open from 17:00 on, and what moves is planned for 17:42. */
const startsAt = new Date("2026-10-13T15:40:00Z");
const announcedAt = new Date("2026-10-13T17:42:00Z");

function planFor(system: "kirana-store" | "tesoro-xp"): Plan {
  const question = contractQuestion(system, "production");
  if (system !== "kirana-store") return planOf(question);
  const now = new Date(startsAt.getTime() - 3_600_000);
  return planOf({ ...question, now, options: { ...question.options, startsAt } });
}

const shop = planFor("kirana-store");
const announced = withAnnouncedStart(shop, { plan: shop }, () => true);
const waitOf = ({ steps }: Plan) => steps.find(({ does }) => does.as === "wait");

/** When things happened in a release whose backup takes minutes and not the hours that it may. */
async function happened(plan: Plan, step: string): Promise<Date> {
  const { records, end, why, violations } = await simulate(plan, { ...calm(), waits: true }, { leaps: true });
  assert.deepEqual([end, violations], ["finished", []], why);
  const record = records.find(({ entry }) =>
    entry.kind === "told" ? entry.entry === step : entry.kind === "intent" && entry.step === step,
  );
  return new Date(record!.at);
}

const minutes = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 60_000;

describe("a release whose customers were told when it moves", () => {
  it("waits before its first step that moves something, and is planned for the same time as before", () => {
    const wait = waitOf(announced)!;
    const next = announced.steps[announced.steps.indexOf(wait) + 1]!;
    assert.deepEqual([wait.phase, next.phase], ["backup", "migrate"]);
    assert.deepEqual(wait.statements, ["STO-185"]);
    assert.equal(wait.action, "wait until 2026-10-13 17:42 UTC: Customers were told that it begins then");
    assert.match(explainPlan(announced), /wait until 2026-10-13 17:42 UTC/);
    assert.deepEqual(movingSpan(announced.steps, startsAt), movingSpan(shop.steps, startsAt));
    assert.equal(announced.digest, shop.digest);
  });

  it("does not move before, and tells its team half an hour ahead, however soon the backup is made", async () => {
    const moved = await happened(announced, "migrate/migrate-database");
    assert.ok(minutes(announcedAt, moved) >= 0 && minutes(announcedAt, moved) < 5, moved.toISOString());
    const team = await happened(announced, "announce-thirty-minutes");
    // A quarter of an hour is planned for the migration, which comes before the first container.
    assert.ok(Math.abs(minutes(team, announcedAt) - 15) < 2, team.toISOString());
    // Nobody was told of that one: its window alone is waited for.
    assert.ok(minutes(await happened(shop, "migrate/migrate-database"), announcedAt) > 40);
  });

  it("knows when what is left moves, while it waits", () => {
    const left = announced.steps.slice(announced.steps.indexOf(waitOf(announced)!));
    const { from } = movingSpan(left, new Date("2026-10-13T16:05:00Z"))!;
    assert.ok(Math.abs(minutes(from, announcedAt)) < 1, from.toISOString());
    const late = new Date("2026-10-13T18:30:00Z");
    assert.deepEqual(movingSpan(left, late)?.from, late);
  });

  it("waits for nobody who was not told, or of the release's beginning alone, and on the emergency path", () => {
    assert.equal(
      withAnnouncedStart(shop, { plan: shop }, () => false),
      shop,
    );
    const xp = planFor("tesoro-xp");
    assert.equal(
      withAnnouncedStart(xp, { plan: xp }, () => true),
      xp,
    );
    const emergency: Plan = { ...shop, types: ["application", "emergency"] };
    assert.equal(
      withAnnouncedStart(emergency, { plan: shop }, () => true),
      emergency,
    );
  });

  it("waits as much shorter as a rehearsal is faster", () => {
    const since = "2026-10-13T15:40:00.000Z";
    const step = { does: { as: "wait", since, seconds: 7200 } } as PlanStep;
    const left = (speed: number, seconds: number) =>
      secondsUntilAnnounced(
        {
          parts: { clock: { speed, now: () => new Date(Date.parse(since) + seconds * 1000) } },
        } as unknown as Walk,
        step,
      );
    assert.deepEqual([left(1, 1200), left(30, 120), left(30, 240), left(1, 9000)], [6000, 3600, 0, 0]);
  });
});
