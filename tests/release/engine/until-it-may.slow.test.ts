import assert from "node:assert/strict";
import { run } from "../../../release/engine/run";
import { stateOf } from "../../../release/engine/state";
import type { Command } from "../../../release/journal/journal";
import type { Plan } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Entry } from "../../../runbooks/vocabulary";
import { FakeTrack, healthy, MemoryJournal, partsOf, plan, start, type World } from "./support/world";

const minute = 60_000;
const hour = 60 * minute;

const common = { ids: [], on: ["production"] };
const windowOf = (name: string, rule: object, more: object = {}) =>
  ({
    ...common,
    word: "window",
    name,
    title: name,
    during: ["ramp"],
    timeZone: "UTC",
    rule,
    ...more,
  }) as unknown as Entry;

const office = windowOf("office-hours", {
  kind: "allowed",
  days: ["Tue", "Wed", "Thu"],
  from: "10:00",
  to: "14:00",
});
const freeze = windowOf("freeze", {
  kind: "freeze",
  on: "named",
  setting: "shop:freezes",
  daysBefore: 0,
  daysAfter: 0,
  blocks: true,
});
const emergency = windowOf(
  "emergency-path",
  { kind: "emergency", roles: ["director"], skips: ["windows"], watchMinutes: 0, postMortem: true },
  { releases: ["emergency"] },
);
const approval = {
  ...common,
  word: "approval",
  name: "release-approval",
  title: "The release is approved",
  during: ["approve"],
  roles: ["director"],
  atLeast: 1,
  onePerRole: true,
  validHours: 24,
} as unknown as Entry;

/** Approved, deployed, smoked; 10 and 50 percent held 10 min each; switched; watched for an hour. */
function planWith(extra: readonly Entry[], more: Partial<Plan> = {}): Plan {
  const [deploy] = plan.steps;
  const approved = extra.includes(approval);
  const asked = {
    ...deploy!,
    id: "approve/release-approval",
    phase: "approve" as const,
    entry: "release-approval",
    does: { as: "approval" as const },
  };
  const steps = plan.steps.map((step) => (approved ? { ...step, precondition: [asked.id] } : step));
  return {
    ...plan,
    steps: approved ? [asked, ...steps] : steps,
    entries: { ...plan.entries, ...Object.fromEntries(extra.map((entry) => [entry.name, entry])) },
    ...more,
  };
}

const said = (command: Command["command"], at: number, more: Partial<Command> = {}) => ({
  at,
  command: { id: `${command}-${at}`, command, by: "dora@example.org", at: "", reason: "because", ...more },
});
const approve = (at: number) => said("approve", at, { entry: "release-approval", role: "director" });

/** @param from ISO 8601; 2026-03-03 is a Tuesday */
async function releaseOf(
  its: Plan,
  from: string,
  commands: World["commands"],
  { waits = true, days }: { readonly waits?: boolean; readonly days?: Plan["days"] } = {},
) {
  const clock = new VirtualClock(Date.parse(from));
  const world: World = {
    clock,
    journal: new MemoryJournal(clock),
    track: new FakeTrack(),
    progress: [],
    sample: healthy,
    commands,
  };
  await start(world, its);
  const parts = { ...partsOf(world), waits, ...(days !== undefined && { days }) };
  const result = await clock.until(run(parts, new AbortController().signal));
  const { records } = world.journal;
  const at = (id: string) => records.find(({ entry }) => entry.kind === "intent" && entry.step === id)?.at;
  return {
    result,
    writes: world.track.writes,
    state: stateOf(records),
    /** When the step began. */
    at,
    holds: records.flatMap(({ entry }) => (entry.kind === "held" ? [entry] : [])),
    asked: records.filter(({ entry }) => entry.kind === "asked").length,
    endedAt: records.at(-1)!.at,
  };
}

describe("an approval that ran out while the release was on hold", () => {
  const its = planWith([approval]);
  const held = [said("hold", 5 * minute), said("resume", 26 * hour)];

  it("is asked for again before more traffic moves, with who may give it, and the release goes on by itself then", async () => {
    const one = await releaseOf(its, "2026-03-03T10:00:00Z", [approve(0), ...held, approve(28 * hour)]);
    assert.equal(one.result.end, "finished");
    assert.equal(one.at("ramp/ramp/50"), "2026-03-04T14:00:00.000Z");
    const { why, step, needsPerson } = one.holds.at(-1)!;
    assert.match(
      why,
      /^The release is approved: waits for director \(dora@.* more than 24 h ago: it must be/,
    );
    assert.deepEqual([step, needsPerson], ["approve/release-approval", true]);
    assert.equal(one.asked, 2);
  });

  it("is not let pass by a promote", async () => {
    const promote = said("promote", 27 * hour);
    const commands = [approve(0), ...held, promote, approve(28 * hour)];
    const one = await releaseOf(its, "2026-03-03T10:00:00Z", commands);
    assert.equal(one.at("ramp/ramp/50"), "2026-03-04T14:00:00.000Z");
    assert.equal(one.asked, 2);
  });

  it("is not asked for on the way back", async () => {
    const back = said("rollback", 27 * hour);
    const one = await releaseOf(its, "2026-03-03T10:00:00Z", [approve(0), ...held, back]);
    assert.equal(one.result.end, "rolledBack");
    assert.deepEqual(one.writes, [10, 0]);
    assert.equal(one.endedAt, "2026-03-04T13:00:00.000Z");
  });
});

describe("a window that closed before the release came to a move", () => {
  it("holds it with the next opening, asks nobody, and lets it go on by itself then", async () => {
    const one = await releaseOf(planWith([office]), "2026-03-03T15:00:00Z", []);
    assert.equal(one.result.end, "finished");
    assert.deepEqual(
      one.holds.map(({ why, step, needsPerson }) => [why, step, needsPerson]),
      [
        [
          "window office-hours: Tue 2026-03-03 15:00 UTC is outside the allowed Tue, Wed, Thu 10:00 to 14:00; open again: Wed 2026-03-04 10:00 UTC",
          "deploy-idle/deploy",
          false,
        ],
      ],
    );
    assert.equal(one.at("deploy-idle/deploy"), "2026-03-04T10:00:00.000Z");
  });

  it("has begin nothing that would not be over in it", async () => {
    const one = await releaseOf(planWith([office]), "2026-03-03T13:58:00Z", []);
    assert.equal(one.at("deploy-idle/deploy"), "2026-03-04T10:00:00.000Z");
  });

  it("keeps a ramp at its weight until it opens, and no promote lets it pass", async () => {
    const commands = [said("hold", 5 * minute), said("resume", 5 * hour), said("promote", 6 * hour)];
    const one = await releaseOf(planWith([office]), "2026-03-03T10:00:00Z", commands);
    assert.equal(one.result.end, "finished");
    assert.equal(one.at("ramp/ramp/50"), "2026-03-04T10:00:00.000Z");
    assert.deepEqual(one.writes, [10, 50, 100]);
  });

  it("stays with what a person holds although it opens meanwhile", async () => {
    const commands = [said("hold", 1 * hour), said("resume", 20 * hour)];
    const one = await releaseOf(planWith([office]), "2026-03-03T15:00:00Z", commands);
    assert.equal(one.at("deploy-idle/deploy"), "2026-03-04T11:00:00.000Z");
  });

  it("keeps no traffic from going back", async () => {
    const commands = [said("hold", 5 * minute), said("resume", 5 * hour), said("rollback", 6 * hour)];
    const one = await releaseOf(planWith([office]), "2026-03-03T10:00:00Z", commands);
    assert.equal(one.result.end, "rolledBack");
    assert.deepEqual([one.writes, one.endedAt], [[10, 0], "2026-03-03T16:00:00.000Z"]);
  });

  it("is the reason with which a process ends that does not wait", async () => {
    const one = await releaseOf(planWith([office]), "2026-03-03T15:00:00Z", [], { waits: false });
    assert.equal(one.result.end, "waiting");
    assert.match(one.result.why, /open again: Wed 2026-03-04 10:00 UTC$/);
    assert.deepEqual(one.writes, []);
  });

  it("is waited for by such a process all the same where it opens soon", async () => {
    const one = await releaseOf(planWith([office]), "2026-03-03T08:30:00Z", [], { waits: false });
    assert.equal(one.result.end, "finished");
    assert.equal(one.at("deploy-idle/deploy"), "2026-03-03T10:00:00.000Z");
  });

  it("is none for an emergency; a freeze that the path does not skip is one, also a day named since the plan was made", async () => {
    const types = ["application", "emergency"] as const;
    const hotfix = planWith([office, freeze, emergency], { types, days: { "shop:freezes": ["2026-12-24"] } });
    const at = "2026-03-07T03:00:00Z";
    const now = await releaseOf(hotfix, at, []);
    assert.equal(now.at("deploy-idle/deploy"), new Date(at).toISOString());
    const days = { "shop:freezes": ["2026-03-07"] };
    const later = await releaseOf(hotfix, at, [], { days });
    assert.equal(later.at("deploy-idle/deploy")?.slice(0, 10), "2026-03-08");
  });
});
