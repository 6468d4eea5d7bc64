import { caseManagement } from "./case-management";
import { kiranaInventory } from "./kirana-inventory";
import { kiranaStore } from "./kirana-store";
import { retailAgentic } from "./retail-agentic";
import { tesoroXp } from "./tesoro-xp";

/** Days that logs of what the systems share are kept: no runbook speaks of it, so as long as the strictest wants its own. */
export const longestRetentionDays = Math.max(
  ...[kiranaInventory, tesoroXp, kiranaStore, retailAgentic, caseManagement].map(
    ({ retentionDays }) => retentionDays,
  ),
);
