import { caseManagement } from "../../runbooks/case-management";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import { kiranaStore } from "../../runbooks/kirana-store";
import type { MetricContract, MonitoringContract } from "../../runbooks/prometheus";
import { retailAgentic } from "../../runbooks/retail-agentic";
import { tesoroXp } from "../../runbooks/tesoro-xp";
import type { SystemDashboards } from "./grafana-publisher";

/*
 * A cluster has one scraper and an environment one Grafana, whatever stacks its systems are in: these lists hold all
 * systems, so that the stack with `platform` serves the others too.
 */

/** Every system that Prometheus watches. */
export const everyMonitoredSystem: readonly MonitoringContract[] = [
  retailAgentic,
  caseManagement,
  {
    ...kiranaStore,
    metrics: { exporters: kiranaStore.exporters, metrics: kiranaStore.metrics },
  },
];

export const everyMetricContract: readonly MetricContract[] = everyMonitoredSystem.map(
  ({ metrics }) => metrics,
);

export const everyDashboard: readonly SystemDashboards[] = [
  // Their alerts are Azure Monitor's own and are not drawn.
  { system: kiranaInventory.system, dashboards: kiranaInventory.dashboards, alerts: [] },
  { system: tesoroXp.system, dashboards: tesoroXp.dashboards, alerts: [] },
  ...everyMonitoredSystem,
];
