import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import { stateOf } from "../../../release/engine/state";
import { calm, type Fault, type Scenario } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { contractPlan } from "./support/plans";

/** A database that is watched while it is migrated (RET-120). In virtual time. */
const gate = "database-while-migrating";
const migration = "migrate/migrate";
const migrationSeconds = 600;
const plan = contractPlan("retail-agentic", "production", { migration: true });

describe("a migration that is watched", () => {
  const looks: number[] = [];

  /** The migration itself takes ten minutes; its looks are noted. */
  const slowly = (parts: EngineParts): EngineParts => ({
    ...parts,
    look: (one, context) => {
      if (one.name === gate) looks.push(parts.clock.monotonic() / 1000);
      return parts.look(one, context);
    },
    data: (store) => {
      const adapter = parts.data(store);
      return {
        ...adapter,
        migrate: async (does, data) => {
          if (does.direction === "up") await parts.clock.sleep(migrationSeconds * 1000);
          return adapter.migrate(does, data);
        },
      };
    },
  });
  const simulated = (scenario: Scenario): Promise<Simulation> => {
    looks.length = 0;
    return simulate(plan, scenario, { alter: slowly });
  };
  const fails = (fromSeconds: number, forSeconds: number): Scenario => {
    const fault: Fault = { kind: "gate", gate, seen: "breach", fromSeconds, forSeconds };
    return { ...calm(), faults: [fault] };
  };
  const place = ({ records }: Simulation, kind: string, id: string) =>
    records.findIndex(({ entry }) => entry.kind === kind && "step" in entry && entry.step === id);
  const began = (one: Simulation) => one.times[place(one, "intent", migration)]!;
  const held = ({ records }: Simulation) =>
    records.findIndex(({ entry }) => entry.kind === "held" && entry.gate === gate);

  it("is looked at every half minute from its beginning, and once more after its last step", async () => {
    const one = await simulated(calm());
    assert.deepEqual([one.end, one.violations], ["finished", []], one.why);
    const from = began(one);
    const during = looks.filter((at) => at >= from && at < from + migrationSeconds);
    assert.ok(during.length >= migrationSeconds / 30 - 1, `${during.length} looks`);
    const [last] = plan.steps.filter(({ phase }) => phase === "migrate").slice(-1);
    assert.deepEqual([last?.id, last?.does.as], ["migrate/watch", "watch"]);
    const over = one.times[place(one, "done", "migrate/verify-migration")]!;
    assert.ok(looks.some((at) => at >= over));
  });

  it("that goes wrong on the way goes on to its end, and nothing begins after it until a person has decided", async () => {
    const from = began(await simulated(calm()));
    const one = await simulated(fails(from + 200, 100));
    const stopped = held(one);
    const migrated = place(one, "done", migration);
    assert.deepEqual(one.violations, []);
    assert.ok(stopped > 0 && migrated > stopped, `held at entry ${stopped}, migrated at ${migrated}`);
    const next = one.records.findIndex(({ entry }, at) => at > stopped && entry.kind === "intent");
    const decided = one.records.findIndex(({ entry }, at) => at > stopped && entry.kind === "command");
    assert.ok(next === -1 || (decided > 0 && decided < next), `${decided} decides, ${next} begins`);
  });

  it("that goes wrong with its last step ends the process: a person is waited for, and nothing moves", async () => {
    const calmly = await simulated(calm());
    const over = calmly.times[place(calmly, "done", "migrate/verify-migration")]!;
    const one = await simulated(fails(over - 20, 1e9));
    assert.deepEqual(one.violations, []);
    const stopped = one.times[held(one)]!;
    assert.ok(stopped > 0);
    assert.ok(
      one.notes.some(({ seconds, text }) => seconds >= stopped && /ends: it waits for a person/.test(text)),
      JSON.stringify(one.notes),
    );
  });

  it("that went wrong is held as well by the process that takes it up: a schedule does so, and decides nothing", async () => {
    const calmly = await simulated(calm());
    const over = calmly.times[place(calmly, "done", "migrate/verify-migration")]!;
    const one = await simulated(fails(over - 20, 1e9));
    const records = one.records.slice(0, held(one) + 1);
    const takenOver = { kind: "takenOver", by: "b", epoch: 2, from: "a" } as const;
    const { held: still } = stateOf([...records, { ...records.at(-1)!, entry: takenOver }]);
    assert.equal(still?.gate, gate);
  });
});
