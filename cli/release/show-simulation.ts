import type { Plan } from "../../release/plan/plan";
import { versionWords } from "../../release/plan/plan-sides";
import { scriptedScenario } from "../../release/simulation/parse-fault";
import { randomScenario } from "../../release/simulation/random-scenario";
import type { Scenario } from "../../release/simulation/scenario";
import { type Simulation, simulate } from "../../release/simulation/simulate";
import { clockWords, timelineOf } from "../../release/simulation/timeline";
import type { CommandContext } from "../context";

export interface SimulationOptions {
  readonly simulate?: boolean;
  /** Which faults are drawn; with `fault`, how long things take. */
  readonly seed?: number;
  readonly fault: readonly string[];
}

/**
 * Runs a plan in virtual time and prints how it went.
 *
 * @throws UserError for a fault that is none; Error when the release did what none may do, with all of it
 */
export async function showSimulation(
  context: Pick<CommandContext, "out">,
  plan: Plan,
  { seed, fault, format }: SimulationOptions & { readonly format: "text" | "json" },
): Promise<void> {
  const scenario =
    seed !== undefined && fault.length === 0
      ? randomScenario(plan, seed)
      : scriptedScenario(plan, fault, seed);
  const simulation = await simulate(plan, scenario);
  context.out(
    format === "json"
      ? `${JSON.stringify(simulationDocument(plan, scenario, simulation), undefined, 2)}\n`
      : simulationText(plan, scenario, simulation),
  );
  if (simulation.violations.length > 0)
    throw new Error(`the simulated release did what none may do: ${simulation.violations.join("; ")}`);
}

function simulationDocument(plan: Plan, scenario: Scenario, simulation: Simulation) {
  const { end, why, seconds, processes, writes, violations } = simulation;
  return {
    format: 1,
    system: plan.system,
    environment: plan.environment,
    plan: plan.digest,
    scenario,
    end,
    why,
    seconds,
    processes,
    writes,
    violations,
    timeline: timelineOf(plan, simulation),
  };
}

function simulationText(plan: Plan, scenario: Scenario, simulation: Simulation): string {
  const { system, environment, from, to, stack } = plan;
  const versions =
    stack === undefined ? `${from.version ?? "an unknown version"} to ${to.version}` : versionWords(plan);
  const lines = timelineOf(plan, simulation).map(({ seconds, kind, text }) => {
    const indent = kind === "phase" || kind === "process" ? "" : "  ";
    return `${clockWords(seconds).padStart(9)}  ${indent}${text}`;
  });
  const { takenBack, elsewhere = false } = scenario;
  const faults = [
    ...scenario.faults,
    ...(elsewhere && scenario.faults.length > 0 ? [{ kind: "elsewhere" }] : []),
    ...(takenBack === undefined ? [] : [{ kind: "takenBack", ...takenBack }]),
  ].map((fault) => `  ${JSON.stringify(fault)}`);
  return [
    `${system} on ${environment}: ${versions}, simulated; nothing of it happened`,
    `Seed ${scenario.seed}, people: ${scenario.people}; ${faults.length === 0 ? "nothing goes wrong" : "what goes wrong, by itself or by somebody:"}`,
    ...faults,
    "",
    ...lines,
    "",
    `${simulation.end} after ${clockWords(simulation.seconds)}: ${simulation.why}`,
    "",
  ].join("\n");
}
