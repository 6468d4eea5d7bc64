import { caseManagement } from "../../../runbooks/case-management";
import { kiranaStore } from "../../../runbooks/kirana-store";
import type { MonitoringContract } from "../../../runbooks/prometheus";
import { retailAgentic } from "../../../runbooks/retail-agentic";

/** Every system that Prometheus watches. */
export const contracts: readonly MonitoringContract[] = [
  retailAgentic,
  caseManagement,
  {
    ...kiranaStore,
    metrics: { exporters: kiranaStore.exporters, metrics: kiranaStore.metrics },
  },
];
