import assert from "node:assert/strict";
import { hasChanged, stateOf } from "../../../release/engine/state";
import type { JournalEntry } from "../../../release/journal/entry";
import { scriptedScenario } from "../../../release/simulation/parse-fault";
import { type SimulateOptions, type Simulation, simulate } from "../../../release/simulation/simulate";
import { environments } from "../../../runbooks/model";
import { infrastructurePlan } from "../plan/support/infrastructure";

const minute = 60;

type Fields = Readonly<Record<string, string>>;

async function walk(
  faults: readonly string[] = [],
  environment: (typeof environments)[number] = "production",
  options: SimulateOptions = {},
): Promise<Simulation> {
  const plan = infrastructurePlan({ environment });
  const done = await simulate(plan, scriptedScenario(plan, faults), options);
  assert.deepEqual(done.violations, []);
  return done;
}

function entriesOf<Kind extends JournalEntry["kind"]>(
  { records }: Simulation,
  kind: Kind,
): readonly Extract<JournalEntry, { kind: Kind }>[] {
  return records.flatMap(({ entry }) =>
    entry.kind === kind ? [entry as Extract<JournalEntry, { kind: Kind }>] : [],
  );
}

const toldBy = (done: Simulation) => [...new Set(entriesOf(done, "told").map(({ entry }) => entry))];

describe("a release of infrastructure alone, in virtual time (TES-019)", () => {
  for (const environment of environments) {
    it(`${environment}: updates the stack, watches what is live for an hour, and no traffic moves`, async () => {
      const done = await walk([], environment);
      assert.equal(done.end, "finished");
      assert.match(
        done.why,
        /^the stack of tesoro-xp is updated \(2 changes of the stack: update database, create subnet\); 1\.0\.0 is live as before$/,
      );
      assert.ok(done.seconds > 55 * minute);
      const state = stateOf(done.records);
      assert.equal(state.trafficMoved, false);
      assert.equal(state.candidatePercent, 0);
      assert.equal(hasChanged(state), true);
      assert.equal(state.movedAt, state.done.get("deploy-idle/update-stack")?.at);
    });
  }

  it("gives the update the digest of what was approved", async () => {
    const given: Fields[] = [];
    await walk([], "production", {
      alter: (parts) => ({
        ...parts,
        async other(entry, fields) {
          if (entry.name === "update-stack") given.push(fields);
          return parts.other(entry, fields);
        },
      }),
    });
    assert.deepEqual(
      given.map(({ stackChanges, releaseType }) => [stackChanges, releaseType]),
      [[`sha256:${"c".repeat(64)}`, "Infrastructure"]],
    );
  });

  it("tells that the stack was changed, not that a version replaced another", async () => {
    const told = toldBy(await walk());
    assert.ok(told.includes("on-call-aware-of-infrastructure"));
    assert.ok(!told.includes("on-call-aware"));
  });

  it("stays to watch once the stack was changed, and ends its process for people only before that", async () => {
    const done = await walk();
    const watchBegan = done.records.findIndex(
      ({ entry }) => entry.kind === "phase" && entry.phase === "watch",
    );
    const takenOver = done.records.flatMap(({ entry }, index) => (entry.kind === "takenOver" ? [index] : []));
    assert.ok(done.processes > 1, "it was left while it waited for its approval");
    assert.ok(takenOver.every((index) => index < watchBegan));
  });

  for (const [what, fault] of [
    ["the update fails", "write:1=refused"],
    ["a resource is not there as declared", "gate:resources-verified=breach@1+999"],
    ["too many requests fail behind it", "gate:error-rate-rollback=breach@30+999"],
    ["somebody says so behind it", "say:rollback@60"],
    ["somebody aborts it behind it", "say:abort@60"],
  ] as const) {
    it(`goes back when ${what}: people are told and asked, and nothing is said to be back before they answer`, async () => {
      const done = await walk([fault]);
      assert.equal(done.end, "rolledBack");
      assert.ok(toldBy(done).includes("announce-infrastructure-rollback"));
      assert.ok(!toldBy(done).includes("announce-rollback"));
      const asked = entriesOf(done, "asked").filter(({ entry }) => entry === "infrastructure-rollback");
      assert.equal(asked.length, 1);
      const order = done.records.map(({ entry }) =>
        entry.kind === "done"
          ? entry.step
          : entry.kind === "command"
            ? `${entry.command} ${entry.entry}`
            : "",
      );
      const answered = order.indexOf("answer infrastructure-rollback");
      assert.ok(answered >= 0 && answered < order.indexOf("rollback/infrastructure-rollback"));
      assert.ok(order.indexOf("rollback-watch/health-after-rollback") > answered);
    });
  }

  it("is refused before it changes anything when something else would change by then", async () => {
    const done = await walk(["gate:changes-as-approved=breach@0+99999"]);
    assert.equal(done.end, "refused");
    assert.deepEqual(entriesOf(done, "intent"), []);
    assert.ok(!toldBy(done).includes("announce-infrastructure-rollback"));
  });

  it("is aborted, not rolled back, as long as the stack is as it was", async () => {
    const done = await walk(["say:rollback@3"]);
    assert.equal(done.end, "aborted");
    assert.deepEqual(entriesOf(done, "rollback"), []);
    assert.ok(!toldBy(done).includes("announce-infrastructure-rollback"));
  });

  it("tells of the way back once, however often the question is taken up again", async () => {
    const before = await walk(["say:rollback@60"]);
    const began = before.records.findIndex(({ entry }) => entry.kind === "rollback");
    for (const later of [3, 5, 6, 8, 10]) {
      const done = await walk(["say:rollback@60", `killed:${began + later}`]);
      const channels = entriesOf(done, "told").flatMap(({ entry, channel }) =>
        entry === "announce-infrastructure-rollback" ? [channel] : [],
      );
      assert.ok(channels.length > 0, `killed at ${later}`);
      assert.deepEqual([...new Set(channels)], channels, `killed at ${later}`);
    }
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`moves no traffic whatever goes wrong (seed ${seed})`, async () => {
      const { randomScenario } = await import("../../../release/simulation/random-scenario.js");
      const plan = infrastructurePlan({ environment: seed % 2 === 0 ? "production" : "dev" });
      const done = await simulate(plan, randomScenario(plan, seed), { leaps: true });
      assert.deepEqual(done.violations, []);
      assert.equal(stateOf(done.records).trafficMoved, false);
    });
  }
});
