import { entries as caseManagement } from "./case-management/entries";
import { entries as kiranaInventory } from "./kirana-inventory/entries";
import { entries as kiranaStore } from "./kirana-store/entries";
import { entries as retailAgentic } from "./retail-agentic/entries";
import { entries as tesoroXp } from "./tesoro-xp/entries";
import type { Contract } from "./vocabulary";

/** The five runbooks as data. */
export const contracts: readonly Contract[] = [
  { system: "kirana-inventory", entries: kiranaInventory },
  { system: "tesoro-xp", entries: tesoroXp },
  { system: "kirana-store", entries: kiranaStore },
  { system: "retail-agentic", entries: retailAgentic },
  { system: "case-management", entries: caseManagement },
];
