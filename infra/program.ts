import { declarableSystems } from "./config/system-names";
import { type DeclarableSystem, type Settings, settingsOf } from "./settings";
import { type SystemContext, type SystemOutputs, systemLoaders } from "./systems";

/** Declares the systems of a stack and returns its outputs, by system. */
export async function declareStack(settings: Settings): Promise<Record<string, unknown>> {
  const context: SystemContext = {};
  const outputs: Record<string, unknown> = {};
  for (const system of declarableSystems) {
    if (settings.systems.includes(system))
      outputs[camelCase(system)] = await declareSystem(system, settings, context);
  }
  return outputs;
}

async function declareSystem<System extends DeclarableSystem>(
  system: System,
  settings: Settings,
  context: SystemContext,
): Promise<SystemOutputs> {
  const declare = await systemLoaders[system]();
  return declare(settingsOf(system, settings), context);
}

function camelCase(system: string): string {
  return system.replace(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
}
