import type { Entry } from "../../vocabulary";
import { limits, minimumRequests } from "../limits";
import * as queries from "../queries";
import { webApp } from "../web-app";
import { meanLatency } from "./measurements";
import { everywhere, leadership, roles } from "./shared";

/** The runbook's common issues. */
export const incidents: readonly Entry[] = [
  {
    word: "playbook",
    name: "slot-swap-fails",
    title: "Slot swap fails: the app settings of slot blue are checked",
    ids: ["TES-092"],
    supports: ["TES-093"],
    on: everywhere,
    during: ["incident", "hold", "aborted"],
    symptom: "slot-swap-fails",
    condition: "the swap of the slots ended with an error, or did not end",
    diagnostics: [
      {
        title:
          "App settings of slot blue: names, which stay with the slot, and whether vault references resolve",
        source: "azureResource",
        query: "slot appSettings",
      },
      {
        title: "State of slot blue",
        source: "azureResource",
        query: "slot properties.state",
      },
      { title: "Health of slot blue", source: "http", query: `GET ${webApp.healthPath} of slot` },
    ],
    offers: [
      {
        title: "Deploy the package to the slot once more, which restarts it and nothing that has traffic",
        does: { action: "deploy", components: ["app"], to: "idle" },
        confirmedBy: roles.deployer,
      },
      {
        title: "Swap once more",
        does: { action: "traffic", move: "switch", weights: [{ percent: 100, holdSeconds: 0 }] },
        confirmedBy: roles.seniorEngineer,
      },
    ],
    note: "Values of settings are compared as digests and never shown.",
  },
  {
    word: "checkGate",
    name: "slot-running",
    title: "Slot swap fails: slot blue is verified as healthy, state Running",
    ids: ["TES-093"],
    conflicts: [42],
    on: everywhere,
    during: ["smoke", "incident"],
    check: {
      provider: "azureResource",
      resource: "slot",
      expects: [{ path: "properties.state", operator: "equals", value: "Running" }],
    },
    expectation: "state Running; its health is asked beside it",
    timeoutSeconds: 30,
    attempts: 3,
    everySeconds: 10,
    onBreach: "refuse",
  },
  {
    word: "playbook",
    name: "database-migration-fails",
    title: "Migration failed: the database is restored to what it was before it",
    ids: ["TES-095"],
    supports: ["TES-094", "TES-096", "TES-097"],
    conflicts: [36, 41, 45],
    on: everywhere,
    during: ["incident", "restore", "aborted"],
    symptom: "database-migration-fails",
    condition: "a migration script ended with an error, is not recorded, or its verification found something",
    diagnostics: [
      {
        title: "Output of the migration and of its verification",
        source: "release",
        query: "step run-migration",
      },
      {
        title: "Restore point and export of before the migration",
        source: "release",
        query: "step export-database",
      },
    ],
    offers: [
      {
        title: "Restore from before the migration, into a new database, and switch the app's address to it",
        does: { action: "restore", store: "sql", from: "recordedBackup", confirmedBy: leadership },
        confirmedBy: roles.engineeringManager,
      },
      {
        title: "Leave the additive change in place: the version that is live does not know of it",
        confirmedBy: roles.engineeringManager,
      },
    ],
    note: "Nothing was switched yet: the release stops by itself before the app is deployed.",
  },
  {
    word: "playbook",
    name: "performance-degradation",
    title:
      "Performance degraded after a deployment: slow queries are reviewed, metrics compared with the baseline",
    ids: ["TES-099", "TES-100"],
    supports: ["TES-098", "TES-101"],
    conflicts: [2],
    on: everywhere,
    during: ["incident", "hold"],
    symptom: "performance-degradation",
    condition: `p95 above ${limits.latency.value} ms, or response time above ${limits.latencyOfBaseline.value} times the baseline`,
    diagnostics: [
      { title: "CPU of the plan", source: "azureMonitor", query: "plan CpuPercentage Average" },
      { title: "Memory of the plan", source: "azureMonitor", query: "plan MemoryPercentage Average" },
      {
        title: "Slowest queries of the last half hour (query store)",
        source: "logAnalytics",
        query: [
          "AzureDiagnostics",
          '| where Category == "QueryStoreRuntimeStatistics" and TimeGenerated > ago(30m)',
          "| summarize executions = sum(count_executions_d), milliseconds = sum(duration_d) / 1000.0 by query_hash_s",
          "| top 20 by milliseconds",
        ].join("\n"),
      },
      { title: "Mean response time, beside the baseline's", source: "logAnalytics", query: meanLatency },
      { title: "p95 of the response time", source: "logAnalytics", query: queries.latency },
      { title: "Http5xx, beside the baseline's", source: "azureMonitor", query: "webApp Http5xx Total" },
      {
        title: "Slowest operations",
        source: "logAnalytics",
        query: [
          "AppRequests",
          "| where TimeGenerated > ago(30m)",
          "| summarize requests = sum(ItemCount), p95Milliseconds = percentilew(DurationMs, ItemCount, 95) by Name",
          `| where requests >= ${minimumRequests}`,
          "| top 20 by p95Milliseconds",
        ].join("\n"),
      },
    ],
    offers: [
      {
        title: "Roll back: swap the slots back",
        does: { action: "traffic", move: "back" },
        confirmedBy: roles.onCall,
      },
      {
        title: "Investigate and fix while it is below twice the baseline",
        change: "fix by an ordinary release, or by the emergency path",
        confirmedBy: roles.devOpsLead,
        expiresMinutes: 30,
      },
    ],
  },
];
