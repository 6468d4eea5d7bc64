import { failedSum } from "../../app-requests";
import type { Entry } from "../../vocabulary";
import { llmCostSamplesToday, llmCostToday, requestCount } from "../expressions";
import { llmBudget, realTimeMinutes } from "../limits";
import { domains, functionApp, names } from "../names";
import { everywhere, logDelaySeconds, production } from "./shared";

const logsOfTheApp = [
  "union AppTraces, AppExceptions",
  `| where TimeGenerated > ago(${realTimeMinutes}m) and AppRoleName startswith "${names.functionApp}"`,
  "| order by TimeGenerated desc",
].join("\n");

const exceptionsByType = [
  "AppExceptions",
  `| where TimeGenerated > ago(${realTimeMinutes}m)`,
  "| summarize count() by ExceptionType, OuterMessage",
  "| order by count_ desc",
].join("\n");

/** Section 6: symptoms, what is asked first and what may be done. */
export const incidents: readonly Entry[] = [
  {
    word: "playbook",
    name: "api-not-responding",
    title:
      "The function app answers 502 or 503: look at its state and logs, restart it; if it persists, roll back.",
    ids: ["KIR-131", "KIR-132"],
    on: production,
    during: ["incident"],
    symptom: "bad-gateway",
    condition: "The API answers 502 or 503",
    diagnostics: [
      { title: "State of kirana-functions", source: "azureResource", query: "backend properties.state" },
      {
        title: "Health of the API",
        source: "http",
        query: `GET ${functionApp.healthPath} of api`,
      },
      { title: "Logs of the function app", source: "logAnalytics", query: logsOfTheApp },
    ],
    offers: [
      {
        title: "Restart kirana-functions",
        does: { action: "restart", components: ["backend"] },
        confirmedBy: "on-call-engineer",
      },
      {
        title: "If it persists: swap back to the previous version",
        does: { action: "traffic", move: "back" },
        confirmedBy: "on-call-engineer",
      },
    ],
  },
  {
    word: "playbook",
    name: "cosmos-throttling",
    title: "Cosmos DB answers 429 and latency is high: look at the request units, minute by minute.",
    ids: ["KIR-133"],
    supports: ["KIR-134", "KIR-135"],
    conflicts: [28],
    on: production,
    during: ["incident"],
    symptom: "throttled",
    condition: "High latency and answers 429 of Cosmos DB in the logs",
    diagnostics: [
      {
        title: "Request units by minute",
        source: "azureMonitor",
        query: "cosmosAccount TotalRequestUnits Total",
      },
      {
        title: "Calls of the database that were answered 429",
        source: "logAnalytics",
        query: `AppDependencies\n| where TimeGenerated > ago(${realTimeMinutes}m) and ResultCode == "429"\n| summarize count() by Target, Name`,
      },
    ],
    offers: [
      {
        title: "More throughput than autoscale reaches",
        change: "Raise the upper limit of autoscale in the contract above 4000 RU/s and update the stack.",
        confirmedBy: "devops-lead",
      },
    ],
  },
  {
    word: "playbook",
    name: "high-error-rate",
    title: "More than 1% errors: look at the exceptions of the last 15 minutes by type and outer message.",
    ids: ["KIR-136"],
    supports: ["KIR-137", "KIR-138", "KIR-139"],
    conflicts: [25],
    on: production,
    during: ["incident"],
    symptom: "high-error-rate",
    condition: "Application Insights shows a spike of failed requests above 1%",
    diagnostics: [
      { title: "Exceptions by type and outer message", source: "logAnalytics", query: exceptionsByType },
      {
        title: "Failed requests by operation",
        source: "logAnalytics",
        query: `AppRequests\n| where TimeGenerated > ago(${realTimeMinutes}m)\n| summarize total = sum(ItemCount), failed = ${failedSum} by Name\n| order by failed desc`,
      },
    ],
    offers: [
      {
        title: "Widespread: roll back immediately; transient: watch for 5 minutes, roll back if it persists",
        does: { action: "traffic", move: "back" },
        confirmedBy: "on-call-engineer",
      },
    ],
  },
  {
    word: "manual",
    name: "feature-flag-off",
    title: "Errors of one endpoint only: its feature flag is switched off, if there is one.",
    ids: ["KIR-137"],
    on: production,
    during: ["incident"],
    role: "on-call-engineer",
    question: "Do the errors come from one endpoint, has it a feature flag, and is the flag off now?",
    answer: "text",
    blocking: false,
  },
  {
    word: "metricGate",
    name: "llm-cost-today",
    title: 'On "Budget exceeded" the cost of the language model since the start of the day is summed up.',
    ids: ["KIR-140"],
    supports: ["KIR-121"],
    on: everywhere,
    during: ["follow-up", "incident"],
    note: "Up to the warning is good; above the cap imports are refused, and nothing is rolled back for it.",
    measurement: { provider: "logAnalytics", query: llmCostToday, column: "usdToday" },
    unit: "usd",
    windowSeconds: 86_400,
    intervalSeconds: 900,
    telemetryDelaySeconds: logDelaySeconds,
    minimumSample: { of: "events", atLeast: 1, query: llmCostSamplesToday },
    zones: { pass: { operator: "<=", limit: llmBudget.warningUsdPerDay }, rollback: [] },
    alerts: ["llm-cost-warning"],
    advice: "More than 45 USD today: the cap of 50 refuses imports; see which imports cost so much.",
  },
  {
    word: "playbook",
    name: "llm-budget-exceeded",
    title:
      'CSV imports fail with "Budget exceeded": in an emergency only, DAILY_BUDGET_CAP=100 on kirana-functions.',
    ids: ["KIR-141"],
    supports: ["KIR-140", "KIR-142"],
    on: production,
    during: ["incident"],
    symptom: "budget-exceeded",
    condition: 'CSV imports fail with the error "Budget exceeded"',
    diagnostics: [
      { title: "Cost since the start of the day, USD", source: "logAnalytics", query: llmCostToday },
      { title: "Requests, to compare", source: "logAnalytics", query: requestCount },
    ],
    offers: [
      {
        title: `Raise the daily cap from ${llmBudget.dailyCapUsd} to ${llmBudget.emergencyCapUsd} USD for the rest of the day`,
        change: `Set DAILY_BUDGET_CAP=${llmBudget.emergencyCapUsd} by an update of the stack, with an exemption from settings-llm-daily-cap; it restarts the app.`,
        confirmedBy: "lead-engineer",
        expiresMinutes: 1440,
      },
      {
        title: "Long-term: optimise the use of the language model and add caching",
        change: "Plan the work; the follow-up optimise-llm-usage asks for it.",
        confirmedBy: "lead-engineer",
      },
    ],
  },
  {
    word: "playbook",
    name: "frontend-not-loading",
    title:
      "The web app shows a blank page: look at kirana-webapp and the browser's console; roll it back or purge the CDN.",
    ids: ["KIR-143", "KIR-144"],
    on: production,
    during: ["incident"],
    note: "A static site has no property status: its host is asked instead.",
    symptom: "frontend-not-loading",
    condition: "A blank page, errors in the browser's console",
    diagnostics: [
      { title: "Answer of the web app", source: "http", query: "GET / of app" },
      {
        title: "Static Web App kirana-webapp",
        source: "azureResource",
        query: "staticSite properties.defaultHostname",
      },
      {
        title: `Console of the browser at https://${domains.app} (F12, Console)`,
        source: "person",
        query: "Which errors does the console show?",
      },
    ],
    offers: [
      {
        title: "Roll the frontend back to the previous artefact",
        does: { action: "deploy", components: ["frontend"], to: "inPlace", version: "previous" },
        confirmedBy: "on-call-engineer",
      },
      {
        title: 'Purge kirana-cdn-endpoint of "/*"',
        does: { action: "purge", cache: "frontDoor", paths: ["/*"] },
        confirmedBy: "on-call-engineer",
      },
    ],
  },
];
