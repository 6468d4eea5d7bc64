import { Command, Option } from "commander";
import type { CommandContext } from "../context";
import { addPlanningOptions, type PlanningOptions } from "../release/planning-options";

/** `switchyard release plan`: what a release would do, step by step. */
export function releasePlanCommand(context: CommandContext): Command {
  const command = new Command("plan")
    .description("what a release would do, step by step, or everything that stands against it; only reads")
    .argument("<system>", "such as kirana-store")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (system: string, options: PlanningOptions & { format: "text" | "json" }) => {
      // Clients of clouds and clusters cost every other command half a second.
      const { showPlan } = await import("../release/show-plan.js");
      await showPlan(context, system, options);
    });
  return addPlanningOptions(command);
}
