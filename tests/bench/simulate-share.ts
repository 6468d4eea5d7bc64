import { parentPort } from "node:worker_threads";
import { randomScenario } from "../../release/simulation/random-scenario";
import { type SimulatedEnd, simulate } from "../../release/simulation/simulate";
import { contractPlans } from "../release/engine/support/plans";

/** Seeds, both ends included. */
export interface Share {
  readonly first: number;
  readonly last: number;
}

export interface SimulatedShare {
  readonly ends: Readonly<Partial<Record<SimulatedEnd, number>>>;
  /** Virtual time of all of them. */
  readonly seconds: number;
  /** With the seed that shows each. */
  readonly violations: readonly string[];
}

/** One in so many is looked at as often as its contract says; the others leap over time in which nothing can change. */
const exactEvery = 101;

const plans = contractPlans();

async function simulateShare({ first, last }: Share): Promise<SimulatedShare> {
  const ends: Partial<Record<SimulatedEnd, number>> = {};
  const violations: string[] = [];
  let seconds = 0;
  for (let seed = first; seed <= last; seed++) {
    const plan = plans[seed % plans.length]!;
    const one = await simulate(plan, randomScenario(plan, seed), { leaps: seed % exactEvery !== 0 });
    ends[one.end] = (ends[one.end] ?? 0) + 1;
    seconds += one.seconds;
    for (const violation of one.violations)
      violations.push(`seed ${seed}, ${plan.system} on ${plan.environment}: ${violation}`);
  }
  return { ends, seconds, violations };
}

/** The body of a thread: a share is simulated for each message. What it throws ends the benchmark. */
const port = parentPort;
if (port === null) throw new Error("simulate-share is run as a thread, by releases.ts");
port.on("message", (share: Share) => {
  void simulateShare(share).then(
    (done) => port.postMessage(done),
    (error: unknown) => {
      throw error;
    },
  );
});
