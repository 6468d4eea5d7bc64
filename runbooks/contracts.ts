import { caseManagement as caseManagementLimits } from "./case-management";
import { entries as caseManagement } from "./case-management/entries";
import { secondsPerMinute } from "./entry-basics";
import { entries as kiranaInventory } from "./kirana-inventory/entries";
import { watchMinutes as kiranaInventoryWatch } from "./kirana-inventory/limits";
import { kiranaStore as kiranaStoreLimits } from "./kirana-store";
import { entries as kiranaStore } from "./kirana-store/entries";
import { entries as retailAgentic } from "./retail-agentic/entries";
import { verificationMinutes as retailAgenticWatch } from "./retail-agentic/limits";
import { entries as tesoroXp } from "./tesoro-xp/entries";
import { watchMinutes as tesoroXpWatch } from "./tesoro-xp/limits";
import type { Contract, Entry } from "./vocabulary";

/** The five runbooks as data. */
export const contracts: readonly Contract[] = [
  contract("kirana-inventory", kiranaInventory, kiranaInventoryWatch),
  contract("tesoro-xp", tesoroXp, tesoroXpWatch),
  contract("kirana-store", kiranaStore, kiranaStoreLimits.ramp.watchMinutes.value),
  contract("retail-agentic", retailAgentic, retailAgenticWatch),
  contract("case-management", caseManagement, caseManagementLimits.watchMinutes.value),
];

function contract(system: Contract["system"], entries: readonly Entry[], watchMinutes: number): Contract {
  return { system, entries, watchSeconds: watchMinutes * secondsPerMinute };
}
