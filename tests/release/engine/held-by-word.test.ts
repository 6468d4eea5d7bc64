import assert from "node:assert/strict";
import type { PlanStep } from "../../../release/plan/plan";
import type { Entry } from "../../../runbooks/vocabulary";
import { check, no, number, planOf, type Says, unseen, walk } from "./support/watching";
import { plan } from "./support/world";

/** A person's `hold` stands until a person answers it, whatever else is in the way meanwhile and goes again by itself. */

const errors = number({ name: "errors", title: "errors" });
const words = "the database team asks for an hour";
const hold = [3500, "hold", { reason: words }] as const;

/** Not seen when the hour of the watch is over; ten minutes later all is well. */
const unseenForAWhile: Says = (seconds) =>
  seconds > 3000 && seconds < 4200 ? unseen : (undefined as unknown as ReturnType<Says>);

const whyHeld = (held: readonly { readonly why: string }[]) => held.map(({ why }) => why);

const signOff = {
  word: "manual",
  name: "sign-off",
  title: "sign-off",
  ids: [],
  on: ["dev"],
  during: ["watch"],
  role: "release-engineer",
  question: "Signed off?",
  answer: "yesNo",
  blocking: true,
} as unknown as Entry;

/** Asked when the hour of the watch is over. */
const asking = ((): ReturnType<typeof planOf> => {
  const last = plan.steps.at(-1)!;
  const step: PlanStep = {
    ...last,
    id: "watch/sign-off",
    phase: "watch",
    entry: "sign-off",
    does: { as: "question" },
    precondition: [],
  };
  const its = planOf([errors], [...plan.steps, step]);
  return { ...its, entries: { ...its.entries, "sign-off": signOff } };
})();

const answer = (seconds: number) => [seconds, "answer", { entry: "sign-off", answer: true }] as const;

describe("a release that a person holds", () => {
  it("stays on hold when a gate that was in the way passes again", async () => {
    const one = await walk(planOf([errors]), { errors: unseenForAWhile }, { commands: [hold] });
    assert.equal(one.end, "still runs");
    assert.deepEqual([whyHeld(one.entriesOf("held")), one.entriesOf("goesOn")], [[words], []]);
  });

  it("goes on once somebody says so", async () => {
    const commands = [hold, [7000, "resume"]] as const;
    const one = await walk(planOf([errors]), { errors: unseenForAWhile }, { commands });
    assert.equal(one.end, "finished");
    assert.equal(one.entriesOf("goesOn").length, 1);
    assert.ok(one.entriesOf("ended")[0]!.seconds >= 7000);
  });

  it("stays on hold when what it asks a person meanwhile is answered", async () => {
    const held = await walk(asking, {}, { commands: [[3700, hold[1], hold[2]], answer(3800)] });
    assert.equal(held.end, "still runs");
    const commands = [[3700, hold[1], hold[2]], answer(3800), [7000, "resume"]] as const;
    const one = await walk(asking, {}, { commands });
    assert.equal(one.end, "finished");
    assert.ok(one.entriesOf("ended")[0]!.seconds >= 7000);
  });

  it("tells once of a gate that a person would have to decide on, and is on hold for that gate afterwards", async () => {
    const told: string[] = [];
    const breach = { word: "notify", name: "breached", at: "breach", channels: [{ channel: "slack" }] };
    const its = planOf([check("probe", { title: "probe" })]);
    const plan = { ...its, entries: { ...its.entries, breached: breach as unknown as Entry } };
    const one = await walk(
      plan,
      { probe: (seconds) => (seconds > 3520 ? no : (undefined as unknown as ReturnType<Says>)) },
      {
        commands: [hold, [7000, "resume"]],
        alter: (parts) => ({
          ...parts,
          async tell(entry, { reason }) {
            told.push(`${entry.name}: ${reason}`);
            return { holds: true, why: "delivered" };
          },
        }),
      },
    );
    const [first, second] = one.entriesOf("held");
    assert.deepEqual([first?.why, second?.gate], [words, "probe"]);
    assert.ok(second!.seconds >= 7000);
    assert.equal(told.length, 2);
    for (const said of told) assert.match(said, /^breached: probe: /);
  });
});
