import type { Entry } from "../../vocabulary";
import { alerts } from "../alerts";
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
    title: "Alert on more than 10 errors in 5 minutes.",
    ids: ["KIR-042"],
    on: everywhere,
    during: ["always"],
    alerts: ["errors-count"],
    rules: ["alert-for-each-gate"],
  },
  {
    word: "alert",
    name: "alert-llm-cost",
    title: "Warning when the language model costs more than 45 USD a day.",
    ids: ["KIR-043"],
    on: everywhere,
    during: ["always"],
    note: "45 USD are 90% of a daily cap of 50 that the runbook implies.",
    alerts: ["llm-cost-warning"],
    rules: ["alert-for-each-gate", "settings-llm-daily-cap"],
  },
  {
    word: "alert",
    name: "alert-cosmos-request-units",
    title: "Alert when Cosmos DB uses more than 400 RU/s, and when it answers 429.",
    ids: ["KIR-044"],
    conflicts: [28],
    on: everywhere,
    during: ["always"],
    note: "24,000 request units a minute are a warning; throttling itself is critical.",
    alerts: ["cosmos-request-units", "cosmos-throttled"],
    rules: ["alert-for-each-gate"],
  },
  {
    word: "alert",
    name: "alert-functions-cpu",
    title: "Alert when the CPU of the function app's plan is above 80%.",
    ids: ["KIR-045"],
    on: everywhere,
    during: ["always"],
    note: "The runbook states no window: 5 minutes.",
    alerts: ["functions-cpu"],
    rules: ["alert-for-each-gate"],
  },
];
