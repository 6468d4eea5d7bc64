import type { CommandContext } from "../../context";
import { declare, type PrepareOptions, planCommand } from "../prepare";
import { loadTrain } from "./load-train";

/**
 * Declares the releases of several systems, each on its idle side.
 * @returns what was done and what comes next, for people
 */
export async function prepareTrain(
  context: CommandContext,
  systems: readonly string[],
  options: PrepareOptions,
): Promise<string> {
  const next = planCommand(systems, options);
  const said: string[] = [];
  for (const { release, manifest } of await loadTrain(context, systems, options))
    said.push(await declare(context, release, manifest, next));
  return said.join("\n");
}
