import { planRelease } from "../../release/plan/planner";
import { randomScenario } from "../../release/simulation/random-scenario";
import { type SimulatedEnd, simulate } from "../../release/simulation/simulate";
import { type SystemName, systemNames } from "../../runbooks/model";
import { contractPlans, contractQuestion } from "../release/engine/support/plans";
import { type Spread, spread } from "./measure";

export interface CampaignFigures {
  readonly releases: number;
  readonly wallSeconds: number;
  /** Of this process, which has one thread of its own: what one core needs. */
  readonly processorSeconds: number;
  /** Virtual time of all of them. */
  readonly simulatedDays: number;
  readonly ends: Readonly<Partial<Record<SimulatedEnd, number>>>;
  /** With the seed that shows each. */
  readonly violations: readonly string[];
}

/** One in so many is looked at as often as its contract says; the others leap over time in which nothing can change. */
const exactEvery = 101;

/** Releases of all five contracts, on dev and in production, with and without a migration, with faults drawn by seed. */
export async function measureSimulations(releases: number): Promise<CampaignFigures> {
  const plans = contractPlans();
  const ends: Partial<Record<SimulatedEnd, number>> = {};
  const violations: string[] = [];
  let simulated = 0;
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  for (let seed = 1; seed <= releases; seed++) {
    const plan = plans[seed % plans.length]!;
    const leaps = seed % exactEvery !== 0;
    const one = await simulate(plan, randomScenario(plan, seed), { leaps });
    ends[one.end] = (ends[one.end] ?? 0) + 1;
    simulated += one.seconds;
    for (const violation of one.violations)
      violations.push(`seed ${seed}, ${plan.system} on ${plan.environment}: ${violation}`);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    releases,
    wallSeconds: Number(process.hrtime.bigint() - began) / 1e9,
    processorSeconds: (user + system) / 1e6,
    simulatedDays: simulated / 86_400,
    ends,
    violations,
  };
}

/** Milliseconds of processor time to make a plan, by contract, of its largest: production, with a migration. */
export function measurePlanner(rounds: number): ReadonlyMap<SystemName, Spread> {
  const questions = systemNames.map(
    (system) => [system, contractQuestion(system, "production", { migration: true })] as const,
  );
  const plans = 20;
  const measured = new Map<SystemName, number[]>(systemNames.map((system) => [system, []]));
  // The first plans find code that was never run.
  for (let round = -1; round < rounds; round++) {
    for (const [system, question] of questions) {
      const before = process.cpuUsage();
      for (let made = 0; made < plans; made++) planRelease(question);
      const { user, system: kernel } = process.cpuUsage(before);
      if (round >= 0) measured.get(system)!.push((user + kernel) / 1000 / plans);
    }
  }
  return new Map([...measured].map(([system, values]) => [system, spread(values)]));
}
