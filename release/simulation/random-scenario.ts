import type { Plan } from "../plan/plan";
import { planSeconds } from "../plan/plan-seconds";
import { Random } from "./random";
import { badSamples, type Fault, type Scenario, writeFaults } from "./scenario";

/** Kinds of faults, and how often one of each is drawn. */
const weights: Readonly<Record<Fault["kind"], number>> = {
  gate: 8,
  neverReady: 1,
  unready: 3,
  write: 6,
  evidence: 1,
  command: 4,
  storeAway: 3,
  killedAtEntry: 5,
  killedAtWrite: 3,
  stopped: 3,
  clockSet: 2,
};

const longestSpanSeconds = 3600;
const mostFaults = 4;

/** A world in which something may go wrong anywhere. The same for the same plan and seed. */
export function randomScenario(plan: Plan, seed: number): Scenario {
  const random = new Random(seed);
  const count = random.chance(0.15) ? 0 : random.whole(1, mostFaults);
  return {
    seed,
    faults: Array.from({ length: count }, () => randomFault(plan, kindOf(random), random)),
    people: random.chance(0.4) ? "well" : random.chance(0.95) ? "mixed" : "never",
    latency: random.chance(0.06),
    waits: random.chance(0.5),
    elsewhere: random.chance(0.5),
  };
}

function kindOf(random: Random): Fault["kind"] {
  const kinds = Object.entries(weights) as [Fault["kind"], number][];
  let left = random.next() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return "gate";
}

/** One fault of a kind, at a time and a place within the plan. */
export function randomFault(plan: Plan, kind: Fault["kind"], random: Random): Fault {
  const at = () => random.next() * planSeconds(plan.steps).planned;
  const span = () => ({ fromSeconds: at(), forSeconds: random.next() ** 3 * longestSpanSeconds + 10 });
  const track = () => random.pick(plan.facts.tracks).name;
  switch (kind) {
    case "gate":
      return { kind, gate: gateOf(plan, random), seen: random.pick(badSamples), ...span() };
    case "neverReady":
      return { kind, track: track() };
    case "unready":
      return { kind, track: track(), side: random.chance(0.6) ? "candidate" : "live", ...span() };
    case "write":
      return { kind, number: random.whole(1, 20), how: random.pick(writeFaults) };
    case "evidence": {
      const demanded = Object.values(plan.entries).filter(({ word }) => word === "evidence");
      return { kind, entry: demanded.length === 0 ? "none" : random.pick(demanded).name };
    }
    case "command":
      return {
        kind,
        command: random.pick(["hold", "resume", "promote", "rollback", "abort"] as const),
        atSeconds: at(),
      };
    case "storeAway":
      return { kind, ...span() };
    case "killedAtEntry":
      return { kind, number: random.whole(1, 6 * plan.steps.length), durable: random.chance(0.5) };
    case "killedAtWrite":
      return { kind, number: random.whole(1, 20), carriedOut: random.chance(0.5) };
    case "stopped":
      return { kind, fromSeconds: at(), forSeconds: random.between(5, 300) };
    case "clockSet":
      return { kind, atSeconds: at(), bySeconds: -random.between(1, 2 * 3600) };
  }
}

/** One that the plan looks at, those that are looked at again and again more often. */
function gateOf(plan: Plan, random: Random): string {
  const once = plan.steps.filter(({ does }) => does.as === "gate").map(({ entry }) => entry);
  const watched = plan.watched.map(({ entry }) => entry);
  const from = watched.length > 0 && (once.length === 0 || random.chance(0.65)) ? watched : once;
  return from.length === 0 ? "none" : random.pick(from);
}
