import type { SystemName } from "../../../runbooks/model";
import type { AlertCases } from "../support/alert-case";
import { cases as caseManagement } from "./case-management";
import { cases as kiranaStore } from "./kirana-store";
import { cases as retailAgentic } from "./retail-agentic";

/** Cases of every system's alerts; `alert-coverage.test.ts` says which are missing. */
export const casesBySystem: Readonly<Partial<Record<SystemName, AlertCases>>> = {
  "retail-agentic": retailAgentic,
  "case-management": caseManagement,
  "kirana-store": kiranaStore,
};
