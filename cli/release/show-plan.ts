import { explainPlan } from "../../release/plan/explain-plan";
import { planDocument } from "../../release/plan/plan-document";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { UsageError } from "../exit";
import { planFor, refuse } from "./plan-for";
import type { PlanningOptions } from "./planning-options";
import type { SimulationOptions } from "./show-simulation";

/** Makes a plan and prints it, or how it goes in a simulation, or everything that stands against it. */
export async function showPlan(
  context: CommandContext,
  system: string,
  options: PlanningOptions & SimulationOptions & { readonly format: "text" | "json" },
): Promise<void> {
  await requireFaultForms(options.fault);
  const { planned } = await planFor(context, system, options);
  if ("refusals" in planned) return refuse(context, system, planned.refusals, options.format);
  const { plan } = planned;
  if (options.simulate) {
    const { showSimulation } = await import("./show-simulation.js");
    return showSimulation(context, plan, options);
  }
  context.out(
    options.format === "json" ? `${JSON.stringify(planDocument(plan), undefined, 2)}\n` : explainPlan(plan),
  );
}

/** Before the stack is looked at, which may take long; whether the plan has what a fault names is seen with the plan. */
async function requireFaultForms(faults: readonly string[]): Promise<void> {
  if (faults.length === 0) return;
  const { parseFault } = await import("../../release/simulation/parse-fault.js");
  try {
    for (const fault of faults) parseFault(fault);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UsageError(error.message, error.mend === undefined ? {} : { mend: error.mend });
  }
}
