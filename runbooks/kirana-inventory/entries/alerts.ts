import type { Entry } from "../../vocabulary";
import { alerts } from "../alerts";
import { cosmosThroughput, cpuPercent, failedRequests, figure, llmBudget } from "../limits";
import { everywhere } from "./shared";

/** Section 2.4: Azure Monitor's alerts. */
export const alertEntries: readonly Entry[] = [
  {
    word: "alert",
    name: "azure-monitor-alerts",
    title: "Azure Monitor's alerts exist in kirana-prod-rg and reach Slack, PagerDuty and mail.",
    ids: ["KIR-041"],
    on: everywhere,
    during: ["always"],
    note: "Metric rules and log search rules: the runbook's command lists only the first.",
    alerts: alerts.map(({ name }) => name),
    rules: ["alert-for-each-gate", "alert-enabled", "alert-channels", "availability-tests"],
  },
  {
    word: "alert",
    name: "alert-errors-count",
    title: `Alert on more than ${failedRequests.limit} errors in ${failedRequests.windowMinutes} minutes.`,
    ids: ["KIR-042"],
    on: everywhere,
    during: ["always"],
    alerts: ["errors-count"],
    rules: ["alert-for-each-gate"],
  },
  {
    word: "alert",
    name: "alert-llm-cost",
    title: `Warning when the language model costs more than ${llmBudget.warningUsdPerDay} USD a day.`,
    ids: ["KIR-043"],
    on: everywhere,
    during: ["always"],
    note: `${llmBudget.warningUsdPerDay} USD are ${(100 * llmBudget.warningUsdPerDay) / llmBudget.dailyCapUsd}% of a daily cap of ${llmBudget.dailyCapUsd} that the runbook implies.`,
    alerts: ["llm-cost-warning"],
    rules: ["alert-for-each-gate", "settings-llm-daily-cap"],
  },
  {
    word: "alert",
    name: "alert-cosmos-request-units",
    title: `Alert when Cosmos DB uses more than ${cosmosThroughput.requestUnitsPerSecond} RU/s, and when it answers 429.`,
    ids: ["KIR-044"],
    conflicts: [28],
    on: everywhere,
    during: ["always"],
    note: `${figure(cosmosThroughput.requestUnitsPerMinute)} request units a minute are a warning; throttling itself is critical.`,
    alerts: ["cosmos-request-units", "cosmos-throttled"],
    rules: ["alert-for-each-gate"],
  },
  {
    word: "alert",
    name: "alert-functions-cpu",
    title: `Alert when the CPU of the function app's plan is above ${cpuPercent.limit}%.`,
    ids: ["KIR-045"],
    on: everywhere,
    during: ["always"],
    note: `The runbook states no window: ${cpuPercent.windowMinutes} minutes.`,
    alerts: ["functions-cpu"],
    rules: ["alert-for-each-gate"],
  },
];
