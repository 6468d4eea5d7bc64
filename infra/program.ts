import { setImmediate as turn } from "node:timers/promises";
import { outputName } from "../runbooks/release-facts";
import { declarableSystems } from "./config/system-names";
import { type DeclarableSystem, type Settings, settingsOf } from "./settings";
import { type SystemContext, type SystemOutputs, systemLoaders } from "./systems";

/** Declares the systems of a stack and returns its outputs, by system. */
export async function declareStack(settings: Settings): Promise<Record<string, unknown>> {
  const context: SystemContext = await referencedContext(settings);
  const outputs: Record<string, unknown> = {};
  for (const system of declarableSystems) {
    if (!settings.systems.includes(system)) continue;
    outputs[outputName(system)] = await declareSystem(system, settings, context);
    // Sends what was declared: the engine is at work on it while the next system is declared.
    await turn();
  }
  return outputs;
}

/** Loads what the systems are declared with. */
export async function loadSystems(systems: readonly DeclarableSystem[]): Promise<void> {
  for (const system of systems) await systemLoaders[system]();
}

/** A platform of another stack serves the systems of this one as their own would. */
async function referencedContext(settings: Settings): Promise<SystemContext> {
  if (settings.platform === undefined) return {};
  const { ReferencedPlatform } = await import("./systems/platform/reference.js");
  return { platform: new ReferencedPlatform("platform", settings, settings.platform).services };
}

async function declareSystem<System extends DeclarableSystem>(
  system: System,
  settings: Settings,
  context: SystemContext,
): Promise<SystemOutputs> {
  const declare = await systemLoaders[system]();
  return declare(settingsOf(system, settings), context);
}
