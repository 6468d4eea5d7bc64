import assert from "node:assert/strict";
import { calm, type Fault, type Scenario } from "../../../../release/simulation/scenario";
import type { PlannedMember } from "../../../../release/train/train";
import type { Environment, SystemName } from "../../../../runbooks/model";
import { contractPlan } from "../../engine/support/plans";
import type { TrainScenario, TrainSimulation } from "./simulate-train";

/** Trains of the contracts' plans, and what happens to them. */

export function trainOf(
  order: readonly (readonly [SystemName, ...SystemName[]])[],
  environment: Environment = "dev",
): readonly PlannedMember[] {
  return order.map(([system, ...after]) => ({ after, plan: contractPlan(system, environment) }));
}

export const pair = trainOf([["kirana-inventory"], ["retail-agentic", "kirana-inventory"]]);
export const chain = trainOf([
  ["tesoro-xp"],
  ["retail-agentic", "tesoro-xp"],
  ["case-management", "retail-agentic"],
]);
export const fork = trainOf([["tesoro-xp"], ["retail-agentic", "tesoro-xp"], ["case-management"]]);

export function scenarioOf(
  members: readonly PlannedMember[],
  faults: Readonly<Partial<Record<SystemName, readonly Fault[]>>> = {},
  more: Omit<TrainScenario, "of"> = {},
): TrainScenario {
  const of = Object.fromEntries(
    members.map(({ plan: { system } }): [string, Scenario] => [
      system,
      { ...calm(7), faults: faults[system] ?? [], people: "well" },
    ]),
  );
  return { of, ...more };
}

export function outcomes({ state }: TrainSimulation): Readonly<Record<string, string>> {
  return Object.fromEntries([...state.over].map(([system, { outcome }]) => [system, outcome]));
}

export const say = (command: "rollback" | "abort" | "hold", atSeconds: number): Fault => ({
  kind: "command",
  command,
  atSeconds,
});

/** When a system's journal first has such an entry. */
export function secondsOf(
  { entries }: TrainSimulation,
  of: string,
  is: (entry: TrainSimulation["entries"][number]["entry"]) => boolean,
): number {
  const found = entries.find((one) => one.of === of && is(one.entry));
  assert.ok(found, `${of} has no such entry`);
  return found.seconds;
}
