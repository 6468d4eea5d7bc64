import type { RuleCases } from "../support/rule-cases";
import { dataCases } from "./data";
import { accessCases, edgeCases, governanceCases } from "./governance";
import { monitoringCases } from "./monitoring";
import { settingsCases } from "./settings";
import { storageCases } from "./storage";
import { vaultCases } from "./vault";
import { webCases } from "./web";

export const ruleCases: readonly RuleCases[] = [
  ...dataCases,
  ...vaultCases,
  ...storageCases,
  ...webCases,
  ...settingsCases,
  ...monitoringCases,
  ...governanceCases,
  ...accessCases,
  ...edgeCases,
];
