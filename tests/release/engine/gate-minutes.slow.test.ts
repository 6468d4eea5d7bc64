import assert from "node:assert/strict";
import type { PlanStep } from "../../../release/plan/plan";
import type { Entry } from "../../../runbooks/vocabulary";
import { bad, check, no, number, planOf, type Says, suite, unseen, walk, yes } from "./support/watching";
import { errorRate, plan as usual } from "./support/world";

/** For how long what a gate says matters, and when it wants a person. */

describe("a gate that has minutes", () => {
  it("is done with its first pass where it leaves traces or is one look: a suite, a request that writes", async () => {
    const minutes = { from: 0, due: 15 };
    const upload = check("upload", {
      check: { provider: "http", host: "web", method: "POST", path: "/files", status: [201] },
      everySeconds: 10,
      minutes,
    });
    const one = await walk(
      planOf([
        suite("critical-path", { everySeconds: 10, minutes }),
        upload,
        check("mail", { everySeconds: undefined, minutes }),
      ]),
      { upload: (seconds) => (seconds < 20 ? unseen : yes) },
    );
    assert.equal(one.end, "finished");
    assert.deepEqual(
      ["critical-path", "upload", "mail"].map((name) => one.looks(name)),
      [[0], [0, 10, 20], [0]],
    );
  });

  it("is not run again while a person weighs its no, and is once somebody resumes", async () => {
    const one = await walk(
      planOf([suite("critical-path", { minutes: { from: 0, due: 15 } })]),
      { "critical-path": (seconds) => (seconds < 600 ? no : yes) },
      { commands: [[1200, "resume"]] },
    );
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[0, true]],
    );
    const [first, again, ...more] = one.looks("critical-path");
    assert.equal(first, 0);
    assert.ok(again! >= 1200 && again! <= 1260, String(again));
    assert.deepEqual(more, []);
  });

  it("is looked at until they are over when it is a question, and not after that", async () => {
    const one = await walk(planOf([check("pods", { everySeconds: 60, minutes: { from: 5, due: 20 } })]), {});
    const looks = one.looks("pods");
    assert.equal(looks[0], 300);
    assert.equal(looks.at(-1), 1200);
    assert.equal(looks.length, 16);
  });

  it("is looked at on when it did not pass at their end, and holds until it does", async () => {
    const one = await walk(planOf([check("pods", { minutes: { from: 0, due: 20 }, attempts: 1000 })]), {
      pods: (seconds) => (seconds < 600 ? yes : seconds < 4500 ? no : yes),
    });
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[3600, false]],
    );
    assert.equal(one.looks("pods").at(-1), 4500);
  });

  it("holds no later than in them by its limit once they were kept, and still goes back by its other one", async () => {
    const plan = planOf([number({ minutes: { from: 0, due: 20 } })]);
    const between = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 1500 ? 0.001 : 0.02)(seconds, ...rest),
    });
    assert.deepEqual([between.end, between.entriesOf("held")], ["finished", []]);
    assert.ok(
      between.entriesOf("verdict").some(({ verdict }) => verdict === "hold"),
      "it is still written down",
    );
    const beyond = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 3580 ? 0.001 : 0.2)(seconds, ...rest),
    });
    assert.equal(beyond.end, "rolledBack", "a breach that has begun is counted to its end");
    const early = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 900 ? 0.001 : 0.02)(seconds, ...rest),
    });
    assert.equal(early.end, "still runs");
  });
});

describe("a question that fails", () => {
  it("waits for nobody before it has failed as often and as long as counts", async () => {
    for (const change of [{ attempts: 3 }, { attempts: 1, sustainedSeconds: 180, onBreach: "rollback" }]) {
      const one = await walk(planOf([check("health", change)]), {
        health: (seconds) => (seconds >= 600 && seconds < 660 ? no : yes),
      });
      assert.deepEqual([one.end, one.entriesOf("held")], ["finished", []]);
    }
  });

  it("holds by itself at the end of a phase, and goes on when it passes", async () => {
    const one = await walk(planOf([check("health", { attempts: 3 })]), {
      health: (seconds) => (seconds >= 3590 && seconds < 3640 ? no : yes),
    });
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ needsPerson }) => needsPerson),
      [false],
    );
  });

  it("waits for a person once it counts, also when it passes again", async () => {
    const one = await walk(planOf([check("health", { attempts: 3 })]), {
      health: (seconds) => (seconds >= 600 && seconds < 700 ? no : yes),
    });
    assert.equal(one.end, "still runs");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[660, true]],
    );
  });

  it("holds nothing when it is only shown, and neither does one that nobody answers", async () => {
    const shown = { onBreach: "report", attempts: 3, minutes: { from: 0, due: 5 } };
    const one = await walk(planOf([check("script", shown), check("board", shown)]), {
      script: () => unseen,
      board: () => no,
    });
    assert.deepEqual([one.end, one.entriesOf("held")], ["finished", []]);
    const at = { ...usual.steps[1]!, id: "smoke/script", entry: "script" };
    const placed = planOf(
      [check("script", { ...shown, minutes: undefined, during: ["smoke"] })],
      [at, ...usual.steps],
    );
    const two = await walk({ ...placed, watched: [] }, { script: () => unseen });
    assert.deepEqual([two.end, two.looks("script").length], ["finished", 3]);
  });
});

describe("a message that has its minute", () => {
  const told = {
    word: "notify",
    name: "live",
    title: "live",
    ids: [],
    on: ["dev"],
    during: ["watch"],
    at: "phaseStart",
    offsetMinutes: 45,
    audience: "the team",
    channels: [{ channel: "slack", secret: "s" }],
    template: "LIVE! All systems operational",
    fields: [],
  } as unknown as Entry;
  const [watch] = usual.steps.filter(({ does }) => does.as === "watch");
  const message = {
    ...watch!,
    id: "watch/live",
    entry: "live",
    does: { as: "message", afterSeconds: 2700 },
  } as PlanStep;
  const steps = usual.steps.flatMap((step) => (step === watch ? [message, step] : [step]));
  const plan = planOf([told, check("health", { attempts: 3 }), errorRate], steps);
  const withoutTold = { ...plan, watched: plan.watched.filter(({ entry }) => entry !== "live") };

  it("goes out in it when every gate passes, and otherwise once they do", async () => {
    const when = async (says: Readonly<Record<string, Says>>) =>
      (await walk(withoutTold, says)).entriesOf("told")[0]?.seconds;
    assert.equal(await when({}), 2700);
    const outside =
      (from: number, to: number): Says =>
      (seconds, ...rest) =>
        bad(seconds >= from && seconds < to ? 0.02 : 0.001)(seconds, ...rest);
    assert.equal(await when({ "error-rate": outside(2680, 2760) }), 2760);
    // For longer than its window: a person decides, also once it passes again.
    assert.equal(await when({ "error-rate": outside(2000, 3000) }), undefined);
    assert.equal(await when({ health: (seconds) => (seconds >= 2600 ? no : yes) }), undefined);
  });
});
