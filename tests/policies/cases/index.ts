import type { RuleCases } from "../support/rule-cases";
import { clusterObjectCases } from "./cluster-objects";
import { completenessCases } from "./completeness";
import { dataCases } from "./data";
import { databaseCases } from "./databases";
import { edgeOfClusterCases } from "./edge-of-cluster";
import { accessCases, edgeCases, governanceCases } from "./governance";
import { hostCases } from "./hosts";
import { monitoringCases } from "./monitoring";
import { platformCases } from "./platform";
import { podCases } from "./pods";
import { prometheusCases } from "./prometheus";
import { settingsCases } from "./settings";
import { shownCases } from "./shown";
import { sideCases } from "./sides";
import { storageCases } from "./storage";
import { tesoroCases } from "./tesoro";
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
  ...podCases,
  ...clusterObjectCases,
  ...sideCases,
  ...platformCases,
  ...databaseCases,
  ...edgeOfClusterCases,
  ...prometheusCases,
  ...tesoroCases,
  ...completenessCases,
  ...hostCases,
  ...shownCases,
];
