import { platformCharts } from "../runbooks/charts";
import { longestRetentionDays } from "../runbooks/longest-retention";

/** No runbook describes what the systems share: it is held to the strictest of those that stand on it. */
export const platformContract = {
  system: "platform",
  retentionDays: longestRetentionDays,
  /** How often the dashboards of the contracts are put into Grafana again, in cron's words. */
  dashboardSchedule: "*/15 * * * *",
  charts: platformCharts,
  secrets: [
    { name: "pager-duty-integration-key", origin: "owner", ids: [] },
    { name: "slack-webhook", origin: "owner", ids: [] },
  ],
} as const;

export type PlatformContract = typeof platformContract;
