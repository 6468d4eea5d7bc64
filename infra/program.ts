import type { Settings } from "./settings";
import { KiranaInventory } from "./systems/kirana-inventory/kirana-inventory";

/** Declares the systems of a stack and returns its outputs, by system. */
export function declareStack(settings: Settings): Record<string, unknown> {
  const outputs: Record<string, unknown> = {};
  for (const system of settings.systems) {
    switch (system) {
      case "kirana-inventory":
        outputs.kiranaInventory = new KiranaInventory(system, settings).stackOutputs;
    }
  }
  return outputs;
}
