import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { planRelease } from "../../release/plan/planner";
import type { SimulatedEnd } from "../../release/simulation/simulate";
import { type SystemName, systemNames } from "../../runbooks/model";
import { contractQuestion } from "../release/engine/support/plans";
import { type Spread, spread } from "./measure";
import type { Share, SimulatedShare } from "./simulate-share";

export interface CampaignFigures {
  readonly releases: number;
  /** Each simulates releases in a thread of its own. */
  readonly threads: number;
  readonly wallSeconds: number;
  /** Of all threads together. */
  readonly processorSeconds: number;
  /** Virtual time of all of them. */
  readonly simulatedDays: number;
  readonly ends: Readonly<Partial<Record<SimulatedEnd, number>>>;
  /** With the seed that shows each. */
  readonly violations: readonly string[];
}

/** So many seeds are handed out at a time: small enough that no thread has much left when the others are done. */
const shareSize = 50;

/**
 * Releases of all five contracts, on dev and in production, with and without a migration, with faults drawn by seed; on all
 * cores, since no release knows of another one.
 */
export async function measureSimulations(releases: number): Promise<CampaignFigures> {
  const threads = Math.min(availableParallelism(), Math.ceil(releases / shareSize));
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  const outcomes: SimulatedShare[] = [];
  let next = 1;
  const share = (): Share | undefined => {
    if (next > releases) return undefined;
    const first = next;
    next = Math.min(first + shareSize, releases + 1);
    return { first, last: next - 1 };
  };
  await Promise.all(Array.from({ length: threads }, () => simulateShares(share, outcomes)));
  const { user, system } = process.cpuUsage(before);
  const ends: Partial<Record<SimulatedEnd, number>> = {};
  for (const outcome of outcomes) {
    for (const [end, count] of Object.entries(outcome.ends) as [SimulatedEnd, number][])
      ends[end] = (ends[end] ?? 0) + count;
  }
  const simulated = outcomes.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    releases,
    threads,
    wallSeconds: Number(process.hrtime.bigint() - began) / 1e9,
    processorSeconds: (user + system) / 1e6,
    simulatedDays: simulated / 86_400,
    ends,
    violations: outcomes.flatMap(({ violations }) => violations),
  };
}

/** Keeps one thread busy for as long as there are seeds left. */
async function simulateShares(share: () => Share | undefined, outcomes: SimulatedShare[]): Promise<void> {
  const thread = new Worker(join(__dirname, "simulate-share.js"));
  try {
    for (let given = share(); given !== undefined; given = share()) {
      thread.postMessage(given);
      const [outcome] = (await once(thread, "message")) as [SimulatedShare];
      outcomes.push(outcome);
    }
  } finally {
    await thread.terminate();
  }
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
