import { caseManagement } from "../runbooks/case-management";
import { platformCharts } from "../runbooks/charts";
import { kiranaInventory } from "../runbooks/kirana-inventory";
import { kiranaStore } from "../runbooks/kirana-store";
import { retailAgentic } from "../runbooks/retail-agentic";
import { tesoroXp } from "../runbooks/tesoro-xp";

/** No runbook describes what the systems share: it is held to the strictest of those that stand on it. */
export const platformContract = {
  system: "platform",
  retentionDays: Math.max(
    ...[kiranaInventory, tesoroXp, kiranaStore, retailAgentic, caseManagement].map(
      ({ retentionDays }) => retentionDays,
    ),
  ),
  /** How often the dashboards of the contracts are put into Grafana again, in cron's words. */
  dashboardSchedule: "*/15 * * * *",
  charts: platformCharts,
  secrets: [
    { name: "pager-duty-integration-key", origin: "owner", ids: [] },
    { name: "slack-webhook", origin: "owner", ids: [] },
  ],
} as const;

export type PlatformContract = typeof platformContract;
