import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../context";
import {
  addPlanningOptions,
  chosenOptions,
  type GivenPlanningOptions,
  moment,
} from "../release/planning-options";
import type { SimulationOptions } from "../release/show-simulation";

type PlanOptions = GivenPlanningOptions & SimulationOptions & { readonly format: "text" | "json" };

/** `switchyard release plan`: what a release would do, step by step. */
export function releasePlanCommand(context: CommandContext): Command {
  const command = new Command("plan")
    .description("what a release would do, step by step, or everything that stands against it; only reads")
    .argument(
      "<systems...>",
      "such as kirana-store; several are a train, of which --to says what comes first",
    )
    .option("--at <time>", "when it is to begin, ISO 8601 (default: now, or when it is scheduled)", moment)
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .option("--simulate", "run it in virtual time, by the engine that would run it, and print how it went")
    .addOption(
      new Option("--seed <number>", "simulate; without --fault what goes wrong is drawn by it")
        .argParser(wholeNumber)
        .implies({ simulate: true }),
    )
    .addOption(
      new Option(
        "--fault <fault>",
        "simulate with KIND[:WHAT][=HOW][@FROM[+FOR]] going wrong, times in minutes, such as gate:error-rate@30 or say:rollback@45 (may be given again; a wrong one lists all)",
      )
        .argParser((fault: string, before: readonly string[] = []) => [...before, fault])
        .default([], "none")
        .implies({ simulate: true }),
    )
    .action(async (systems: readonly string[], given: PlanOptions) => {
      const options = chosenOptions(given, systems);
      const { to } = options;
      // Clients of clouds and clusters cost every other command half a second.
      const { asksForTrain } = await import("../release/train/load-train.js");
      if (to !== undefined && !options.alone && (await asksForTrain(systems, to))) {
        const { showTrainPlan } = await import("../release/train/show-train-plan.js");
        return showTrainPlan(context, systems, { ...options, to });
      }
      const { showPlan } = await import("../release/show-plan.js");
      await showPlan(context, systems[0]!, options);
    });
  return addPlanningOptions(command);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A whole number is needed, such as 7.");
}
