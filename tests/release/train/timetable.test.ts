import assert from "node:assert/strict";
import { plannedEnd, planSeconds } from "../../../release/plan/plan-seconds";
import { neededAt, timetableOf } from "../../../release/train/timetable";
import { type PlannedMember, trainDigest } from "../../../release/train/train";
import { explainTrain, trainDocument } from "../../../release/train/train-document";
import { contractPlan } from "../engine/support/plans";

const inventory = contractPlan("kirana-inventory", "production");
const retail = contractPlan("retail-agentic", "production");
const pair: readonly PlannedMember[] = [
  { after: [], plan: inventory },
  { after: ["kirana-inventory"], plan: retail },
];
const secondsOf = (plan: typeof retail, phases: readonly string[]) =>
  planSeconds(plan.steps.filter(({ phase }) => phases.includes(phase))).planned;

describe("when a release is planned to have ended", () => {
  const now = new Date("2026-11-24T18:00:00Z");
  const secondsAfter = (done: ReadonlySet<string>, speed = 1) =>
    (plannedEnd(retail.steps, done, now, speed).getTime() - now.getTime()) / 1000;

  it("is after all that is not done yet, its watch with it", () => {
    const before = retail.steps.filter(({ phase }) => phase !== "watch" && phase !== "finish");
    assert.equal(secondsAfter(new Set()), planSeconds(retail.steps).planned);
    const left = secondsAfter(new Set(before.map(({ id }) => id)));
    assert.equal(left, secondsOf(retail, ["watch", "finish"]));
    assert.ok(left >= 30 * 60);
    assert.equal(secondsAfter(new Set(retail.steps.map(({ id }) => id))), 0);
  });

  it("comes sooner where time runs faster", () => {
    assert.ok(Math.abs(secondsAfter(new Set(), 30) - planSeconds(retail.steps).planned / 30) < 0.001);
  });
});

describe("the timetable of a train", () => {
  it("begins the next release when the one before serves, and ends with the last one that finishes", () => {
    const { stops, totalSeconds } = timetableOf(pair);
    const [first, second] = stops;
    assert.equal(first!.beginsSeconds, 0);
    assert.equal(second!.beginsSeconds, first!.servesSeconds);
    // The watch of the first one may be over before the second serves: it waits for that, and the second for its end.
    const served = first!.servesSeconds + secondsOf(inventory, ["watch"]);
    assert.equal(
      first!.finishedSeconds,
      Math.max(served, second!.servesSeconds) + secondsOf(inventory, ["finish"]),
    );
    assert.ok(second!.finishedSeconds >= first!.finishedSeconds);
    assert.equal(totalSeconds, second!.finishedSeconds);
  });

  it("says who is needed for which release, and when", () => {
    const needs = neededAt(pair).get("deployer")!;
    assert.ok(needs.some(({ system, phase }) => system === "kirana-inventory" && phase === "watch"));
    const [first] = timetableOf(pair).stops;
    const watch = needs.find(({ system, phase }) => system === "kirana-inventory" && phase === "watch");
    assert.equal(watch!.atSeconds, first!.servesSeconds);
  });
});

describe("the plan of a train", () => {
  it("has a digest of its own, which changes with a plan and with what comes after what", () => {
    const loose = pair.map((member) => ({ ...member, after: [] }));
    const other = [pair[0]!, { ...pair[1]!, plan: { ...retail, digest: inventory.digest } }];
    assert.equal(new Set([trainDigest(pair), trainDigest(loose), trainDigest(other)]).size, 3);
  });

  it("is a document with all plans in their order", () => {
    const { digest, order, after, releases } = trainDocument(pair);
    assert.deepEqual(order, ["kirana-inventory", "retail-agentic"]);
    assert.deepEqual(after, { "kirana-inventory": [], "retail-agentic": ["kirana-inventory"] });
    assert.deepEqual(
      releases.map((release) => release.digest),
      [inventory.digest, retail.digest],
    );
    assert.equal(digest, trainDigest(pair));
  });

  it("tells people what begins when, who is needed, and every plan", () => {
    const text = explainTrain(pair);
    assert.match(text, /^2 releases on production, one after the other\n {2}Duration: about \d/);
    assert.match(text, /1\. kirana-inventory 1\.0\.0 to 1\.0\.1\n {6}begins at the start, serves after/);
    assert.match(text, /2\. retail-agentic 1\.0\.0 to 1\.0\.1, needs kirana-inventory\n/);
    assert.match(text, /Who is needed\n {2}\S+:\n {4}kirana-inventory \S+, /);
    for (const { digest } of [inventory, retail]) assert.ok(text.includes(`Plan ${digest}`));
    assert.ok(text.endsWith(`Train ${trainDigest(pair)}\n`));
  });
});
