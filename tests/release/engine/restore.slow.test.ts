import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import type { Command } from "../../../release/journal/journal";
import type { Plan } from "../../../release/plan/plan";
import { calm, type Fault, type Scenario } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { contractPlan } from "./support/plans";

/** Data that go back with a release: when somebody says so, and those whom the contract names. In virtual time. */
const say = (command: "rollback" | "promote", atSeconds: number, restore = false): Fault => ({
  kind: "command",
  command,
  atSeconds,
  ...(restore && { restore }),
});
const withFaults = (...faults: readonly Fault[]): Scenario => ({ ...calm(), faults });

/** When the release was in its watch: everybody is on the new side. */
async function inWatch(plan: Plan): Promise<number> {
  const { records, times } = await simulate(plan, calm());
  return times[records.findIndex(({ entry }) => entry.kind === "phase" && entry.phase === "watch")]! + 60;
}

const placeOf = ({ records }: Simulation, kind: string, step: (id: string) => boolean) =>
  records.findIndex(({ entry }) => entry.kind === kind && "step" in entry && step(entry.step ?? ""));
const began = (one: Simulation, id: string) => placeOf(one, "intent", (step) => step === id);

describe("a release that is rolled back with its data", () => {
  for (const system of ["tesoro-xp", "case-management", "kirana-store"] as const) {
    it(`${system}: traffic back, confirmed, nothing writes, restored, served again`, async () => {
      const plan = contractPlan(system, "dev", { migration: true });
      const one = await simulate(plan, withFaults(say("rollback", await inWatch(plan), true)));
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
      const acts = plan.restore.filter(({ does }) => does.as === "action");
      assert.ok(acts.length >= 3);
      const places = acts.map(({ id }) => began(one, id));
      assert.deepEqual(
        places,
        [...places].sort((left, right) => left - right),
      );
      const confirmed = one.records.findLastIndex(
        ({ entry }) => entry.kind === "command" && entry.command === "confirm",
      );
      assert.ok(confirmed > 0 && confirmed < places[0]!, "nothing is stopped while people think");
      const done = new Set(one.records.flatMap(({ entry }) => (entry.kind === "done" ? [entry.step] : [])));
      assert.deepEqual(
        plan.restore.filter(({ id }) => !done.has(id)),
        [],
      );
    });
  }

  it("waits with its reason, and stops nothing, when nobody confirms it", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const asked = withFaults(say("rollback", await inWatch(plan), true));
    const one = await simulate(plan, { ...asked, people: "never" });
    assert.deepEqual([one.end, one.violations], ["held", []]);
    assert.equal(one.why, "the restore of sql waits to be confirmed by engineering-manager");
    assert.equal(began(one, plan.restore[0]!.id), -1);
  });

  it("counts the word only of somebody who may give it", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const asked = withFaults(say("rollback", await inWatch(plan), true));
    const one = await simulate(plan, asked, {
      alter: (parts) => ({
        ...parts,
        people: { mayAct: async (person) => ({ holds: false, why: `${person} is nobody` }) },
      }),
    });
    assert.deepEqual([one.end, one.violations], ["held", []]);
    assert.match(one.why, /engineering-manager-1@example\.org is nobody/);
    assert.equal(began(one, plan.restore[0]!.id), -1);
  });

  it("leaves the data as they are when a person says so, and ends", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const at = await inWatch(plan);
    const one = await simulate(plan, {
      ...withFaults(say("rollback", at, true), say("promote", at + 900)),
      people: "never",
    });
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    assert.equal(began(one, plan.restore[0]!.id), -1);
  });

  it("restores also when it is asked for once the release goes back by itself", async () => {
    const plan = contractPlan("tesoro-xp", "dev");
    const at = await inWatch(plan);
    const gate: Fault = {
      kind: "gate",
      gate: "error-rate-rollback",
      seen: "breach",
      fromSeconds: at,
      forSeconds: 1e9,
    };
    const alone = await simulate(plan, withFaults(gate));
    const back = alone.times[alone.records.findIndex(({ entry }) => entry.kind === "rollback")]!;
    const one = await simulate(plan, withFaults(gate, say("rollback", back + 1, true)));
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    assert.ok(began(one, plan.restore[0]!.id) > 0);
  });

  it("restores after a migration that no traffic followed, and ends aborted", async () => {
    const plan = contractPlan("tesoro-xp", "dev", { migration: true });
    const calmly = await simulate(plan, calm());
    const migrated = placeOf(calmly, "done", (id) => id.startsWith("migrate/"));
    const one = await simulate(plan, withFaults(say("rollback", calmly.times[migrated]! + 1, true)));
    assert.deepEqual([one.end, one.violations], ["aborted", []], one.why);
    assert.ok(began(one, plan.restore[0]!.id) > 0);
  });

  it("is taken back to just before the release first changed something, however long it had waited", async () => {
    const plan = contractPlan("tesoro-xp", "production", { migration: true });
    let moment: Date | undefined;
    const { records, times } = await simulate(plan, calm(), { leaps: true });
    const watch = records.findIndex(({ entry }) => entry.kind === "phase" && entry.phase === "watch");
    const one = await simulate(plan, withFaults(say("rollback", times[watch]! + 60, true)), {
      leaps: true,
      alter: (parts) => ({
        ...parts,
        data: (store) => {
          const adapter = parts.data(store);
          const restore: typeof adapter.restore = (from, ...rest) => {
            if ("pointInTime" in from) moment = from.pointInTime;
            return adapter.restore(from, ...rest);
          };
          return { ...adapter, restore };
        },
      }),
    });
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    const migrates = one.records[placeOf(one, "intent", (id) => id.startsWith("migrate/"))]!;
    assert.equal(moment?.toISOString(), migrates.at);
    assert.ok(Date.parse(migrates.at) > Date.parse(one.records[0]!.at));
  });

  it("killed after any entry of it, it is taken up and ends as it would have", async () => {
    const plan = contractPlan("tesoro-xp", "dev", { migration: true });
    const rollback = say("rollback", await inWatch(plan), true);
    const whole = await simulate(plan, withFaults(rollback));
    const from = whole.records.findIndex(({ entry }) => entry.kind === "rollback");
    assert.ok(from > 0);
    for (let number = from; number < whole.records.length; number++) {
      const killed: Fault = { kind: "killedAtEntry", number, durable: number % 2 === 0 };
      const one = await simulate(plan, withFaults(rollback, killed));
      assert.deepEqual([one.end, one.violations], ["rolledBack", []], `entry ${number}: ${one.why}`);
      assert.ok(began(one, "restore/restore-database") > 0);
    }
  });

  describe("to a backup that somebody chose", () => {
    const proof = { by: "restoreToScratch", seconds: 5 } as const;
    const madeBefore = (recordedAs: string, proven: boolean) => ({
      backup: { store: "postgres", recordedAs, at: "2026-10-01T00:00:00Z" },
      ...(proven && { proof }),
    });
    /** How case-management's release goes back when its technical lead answers so. @default the release's own backup */
    async function chosen(answer?: string): Promise<{ readonly one: Simulation; readonly from?: string }> {
      const plan = contractPlan("case-management", "production");
      const { records, times } = await simulate(plan, calm(), { leaps: true });
      const watch = records.findIndex(({ entry }) => entry.kind === "phase" && entry.phase === "watch");
      const restored: string[] = [];
      const answered = (command: Command): Command =>
        answer !== undefined && command.entry === "clean-backup-chosen" ? { ...command, answer } : command;
      const alter = (parts: EngineParts): EngineParts => ({
        ...parts,
        earlierBackups: async () => [madeBefore("backup-proven", true), madeBefore("backup-unproven", false)],
        given: async (known) => ((await parts.given?.(known)) ?? []).map(answered),
        nextCommand: async (known, signal) => answered(await parts.nextCommand(known, signal)),
        data: (store) => {
          const adapter = parts.data(store);
          const restore: typeof adapter.restore = (from, ...rest) => {
            if ("backup" in from) restored.push(from.backup.recordedAs);
            return adapter.restore(from, ...rest);
          };
          return { ...adapter, restore };
        },
      });
      const scenario = withFaults(say("rollback", times[watch]! + 60, true));
      const one = await simulate(plan, scenario, { leaps: true, alter });
      return { one, ...(restored[0] !== undefined && { from: restored[0] }) };
    }

    it("restores that one, of an earlier release, or the release's own", async () => {
      const earlier = await chosen("backup-proven: the fault came a day later");
      assert.deepEqual([earlier.one.end, earlier.one.violations], ["rolledBack", []], earlier.one.why);
      assert.equal(earlier.from, "backup-proven");
      const own = await chosen();
      assert.equal(own.one.end, "rolledBack", own.one.why);
      const made = own.one.records.flatMap(({ entry }) =>
        entry.kind === "done"
          ? ((entry.seen as { backup?: { recordedAs: string } } | null)?.backup ?? [])
          : [],
      );
      assert.ok(
        made.some(({ recordedAs }) => recordedAs === own.from),
        own.from,
      );
    });

    it("asks again for one that nobody made, or proved, and stops nothing", async () => {
      for (const answer of ["yesterday's", "backup-unproven"]) {
        const { one, from } = await chosen(answer);
        assert.deepEqual([one.end, one.violations, from], ["held", [], undefined]);
        assert.match(one.why, /is no recorded and proven backup of postgres: there are .*backup-proven\)/);
        assert.equal(began(one, "restore/writers-stopped"), -1);
      }
    });
  });
});
