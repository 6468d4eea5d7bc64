import { UserError } from "../../../local/user-error";
import { explainTrain, trainDocument } from "../../../release/train/train-document";
import type { CommandContext } from "../../context";
import { Refused } from "../../exit";
import type { WithManifest } from "../planning-options";
import type { SimulationOptions } from "../show-simulation";
import { announcedMembers, loadTrain, planTrain } from "./load-train";
import { requirePlans } from "./start-train";

/** Plans the releases of several systems and prints them in their order, or everything that stands against them. */
export async function showTrainPlan(
  context: CommandContext,
  systems: readonly string[],
  options: WithManifest & SimulationOptions & { readonly format: "text" | "json" },
): Promise<void> {
  if (options.simulate) {
    throw new UserError("A simulation is of one release; received several systems.", {
      mend: `Simulate each: npx switchyard release plan ${systems[0]} --to FILE --simulate.`,
    });
  }
  const members = planTrain(await loadTrain(context, systems, options), options);
  const planned = await announcedMembers(context, options.stack, members, false);
  const refused = planned.flatMap(({ system, planned: one }) =>
    "refusals" in one ? [{ system, ...one }] : [],
  );
  if (refused.length > 0 && options.format === "json") {
    const refusals = refused.flatMap(({ system, refusals: own }) =>
      own.map((refusal) => ({ system, ...refusal })),
    );
    context.out(`${JSON.stringify({ refusals }, undefined, 2)}\n`);
    throw new Refused(
      `error: ${refused.map(({ system }) => system).join(" and ")} cannot be released like this`,
    );
  }
  const plans = requirePlans(context, planned);
  context.out(
    options.format === "json"
      ? `${JSON.stringify(trainDocument(plans), undefined, 2)}\n`
      : explainTrain(plans),
  );
}
