import type { RuleCases } from "../support/rule-cases";

const stack = "tesoro-xp";
const server = "tesoro-xp-sql-server";
const database = "tesoro-xp-sql-database-database";
const audit = "tesoro-xp-sql-audit";
const administrator = "tesoro-xp-sql-administrator";
const signIn = "tesoro-xp-sql-sign-in";
const endpoint = "tesoro-xp-sql-private-endpoint";
const encryption = "tesoro-xp-sql-database-encryption";
const pointInTime = "tesoro-xp-sql-database-point-in-time";
const environment = "tesoro-xp-tasks-environment";
const exportJob = "tesoro-xp-export-database-job";
const longTerm = "tesoro-xp-sql-database-long-term";

/** What else finds fault with a slot whose settings and switches name another. */
const sidesOfAnotherName = [
  "diagnostics-to-workspace",
  "settings-declared",
  "settings-equal-on-slots",
  "track-for-each-switch",
  "web-publishing-credentials-off",
];

/** Rules on Azure SQL, and what rules for every system on App Service find at tesoro-xp. */
export const tesoroCases: readonly RuleCases[] = [
  {
    rule: "sql-auditing",
    stack,
    broken: [
      { remove: [audit] },
      { at: audit, set: "state", to: "Disabled" },
      { at: audit, set: "isAzureMonitorTargetEnabled", to: false },
      { at: audit, drop: "isAzureMonitorTargetEnabled" },
      { remove: ["tesoro-xp-sql-audit-diagnostics"] },
      { at: "tesoro-xp-sql-audit-diagnostics", set: "logs/0/enabled", to: false },
      { at: "tesoro-xp-sql-audit-diagnostics", set: "logs/0/category", to: "Errors" },
    ],
    absent: { at: audit, drop: "state" },
    unknown: { at: audit, path: "state" },
  },
  {
    rule: "sql-encrypted",
    stack,
    broken: [
      { at: server, set: "minimalTlsVersion", to: "1.0" },
      { at: server, set: "minimalTlsVersion", to: "None" },
      { remove: [encryption] },
      { at: encryption, set: "state", to: "Disabled" },
    ],
    absent: { at: server, drop: "minimalTlsVersion" },
    unknown: { at: encryption, path: "state" },
  },
  {
    rule: "sql-entra-admin",
    stack,
    broken: [
      { remove: [administrator] },
      { at: administrator, set: "sid", to: "somebody" },
      { at: administrator, drop: "administratorType" },
      { remove: [signIn] },
      { at: signIn, set: "azureADOnlyAuthentication", to: "no" },
    ],
    absent: { at: signIn, drop: "azureADOnlyAuthentication" },
    unknown: { at: administrator, path: "sid" },
  },
  {
    rule: "sql-network-private",
    stack,
    broken: [
      { at: server, set: "publicNetworkAccess", to: "Enabled" },
      { remove: [endpoint] },
      { at: endpoint, set: "privateLinkServiceConnections", to: [] },
    ],
    absent: { at: server, drop: "publicNetworkAccess" },
    unknown: { at: endpoint, path: "privateLinkServiceConnections/0/privateLinkServiceId" },
  },
  {
    rule: "sql-retention",
    stack,
    broken: [
      { remove: [pointInTime] },
      { at: pointInTime, set: "retentionDays", to: 29 },
      { remove: [longTerm] },
      { at: longTerm, set: "monthlyRetention", to: "PT0S" },
      { at: longTerm, drop: "weeklyRetention" },
      { at: database, set: "requestedBackupStorageRedundancy", to: "Zone" },
      { at: database, drop: "requestedBackupStorageRedundancy" },
    ],
    absent: { at: pointInTime, drop: "retentionDays" },
    unknown: { at: longTerm, path: "yearlyRetention" },
  },
  {
    rule: "task-environment-private",
    stack,
    on: environment,
    broken: [
      { at: environment, set: "vnetConfiguration/internal", to: false },
      { at: environment, set: "vnetConfiguration/infrastructureSubnetId", to: "anywhere" },
      { at: environment, set: "publicNetworkAccess", to: "Enabled" },
      { at: environment, set: "appLogsConfiguration/destination", to: "log-analytics" },
    ],
    absent: { at: environment, drop: "vnetConfiguration" },
    unknown: { at: environment, path: "vnetConfiguration/infrastructureSubnetId" },
  },
  {
    rule: "task-job-closed",
    stack,
    on: exportJob,
    broken: [
      { at: exportJob, set: "template/containers/0/image", to: "registry.invalid/tools:latest" },
      { at: exportJob, set: "identity/type", to: "SystemAssigned" },
      { at: exportJob, set: "configuration/secrets", to: [{ name: "password", value: "given" }] },
    ],
    absent: { at: exportJob, drop: "template" },
    unknown: { at: exportJob, path: "template/containers/0/image" },
  },
  {
    rule: "task-jobs",
    stack,
    broken: [
      { remove: [exportJob] },
      { remove: ["tesoro-xp-migration-runner-job"] },
      { at: exportJob, set: "configuration/triggerType", to: "Schedule" },
      { at: exportJob, set: "configuration/replicaRetryLimit", to: 3 },
      { at: exportJob, set: "configuration/replicaTimeout", to: 60 },
      { at: "tesoro-xp-ask-database-job", set: "tags/work", to: "prove" },
    ],
    absent: { at: exportJob, drop: "configuration" },
    unknown: { at: exportJob, path: "configuration/replicaTimeout" },
  },
  {
    rule: "slot-exists",
    stack,
    broken: [{ at: "tesoro-xp-app-slot", set: "slot", to: "green", alsoFails: sidesOfAnotherName }],
    absent: { at: "tesoro-xp-app-slot", drop: "slot" },
    unknown: { at: "tesoro-xp-app-slot", path: "slot" },
  },
  {
    rule: "track-for-each-switch",
    stack,
    broken: [
      { remove: ["tesoro-xp-app-track"] },
      { at: "tesoro-xp-app-track", set: "target/slot", to: "green" },
      { at: "tesoro-xp-app-track", options: { protect: false } },
    ],
    absent: { at: "tesoro-xp-app-track", drop: "target" },
    unknown: { at: "tesoro-xp-app-track", path: "target/siteId" },
  },
  {
    rule: "system-complete",
    stack,
    broken: [{ remove: ["tesoro-xp-service-health"] }, { remove: ["tesoro-xp-autoscale"] }],
    absent: { remove: ["tesoro-xp-service-health"] },
    unknown: { at: "tesoro-xp-storage-account", path: "accountName" },
  },
  {
    rule: "alert-for-each-gate",
    stack,
    broken: [
      { remove: ["tesoro-xp-alert-error-rate-rollback"] },
      { at: "tesoro-xp-alert-latency-doubled", set: "criteria/allOf/0/threshold", to: 3 },
      { at: "tesoro-xp-alert-database-storage", set: "criteria/allOf/0/metricName", to: "cpu_percent" },
      { at: "tesoro-xp-alert-database-cpu", set: "scopes", to: [] },
      // The app is sent to what a restore made, and nobody watches that.
      {
        at: "tesoro-xp-vault-secret-sql-connection-string",
        set: "properties/value",
        to: "Server=tcp:tesoro-staging-sql.database.windows.net,1433;Database=tesoro-restored-1",
      },
    ],
    absent: { at: "tesoro-xp-alert-database-cpu", drop: "criteria" },
    unknown: { at: "tesoro-xp-alert-error-rate-rollback", path: "severity" },
  },
  {
    rule: "availability-tests",
    stack,
    environment: "staging",
    broken: [
      {
        at: "tesoro-xp-alert-app-available-probe",
        set: "request/requestUrl",
        // The runbook's own host, which is nobody's (conflicts 37).
        to: "https://tesoro-production.azurewebsites.net/health",
      },
      { at: "tesoro-xp-alert-api-available-probe", set: "enabled", to: false },
    ],
    absent: { at: "tesoro-xp-alert-app-available-probe", drop: "request" },
    unknown: { at: "tesoro-xp-alert-api-available-probe", path: "request/requestUrl" },
  },
  {
    rule: "alert-channels",
    stack,
    broken: [
      { at: "tesoro-xp-alert-rewards-missing", set: "actions/actionGroups", to: [] },
      {
        at: "tesoro-xp-notify-pagerduty",
        set: "webhookReceivers",
        to: [],
        alsoFails: ["service-health-alert"],
      },
    ],
    absent: { remove: ["tesoro-xp-notify-pagerduty"] },
    unknown: { at: "tesoro-xp-notify-pagerduty", path: "webhookReceivers" },
  },
  {
    rule: "alert-enabled",
    stack,
    on: "tesoro-xp-service-health",
    broken: [
      { at: "tesoro-xp-service-health", set: "enabled", to: false, alsoFails: ["service-health-alert"] },
      { at: "tesoro-xp-service-health", drop: "enabled", alsoFails: ["service-health-alert"] },
    ],
    absent: { at: "tesoro-xp-service-health", drop: "enabled" },
    unknown: { at: "tesoro-xp-service-health", path: "enabled" },
  },
  {
    rule: "vault-secrets-present",
    stack,
    broken: [
      { remove: ["tesoro-xp-vault-secret-sql-administrator-password"] },
      { remove: ["tesoro-xp-vault-secret-diagnostics-key"] },
    ],
    absent: { at: "tesoro-xp-vault-secret-storage-account-key", drop: "secretName" },
    unknown: { at: "tesoro-xp-vault-secret-storage-account-key", path: "secretName" },
  },
  {
    rule: "diagnostics-to-workspace",
    stack,
    broken: [
      { remove: ["tesoro-xp-app-slot-diagnostics"] },
      {
        at: "tesoro-xp-app-site-diagnostics",
        set: "logs",
        to: [{ category: "FunctionAppLogs", enabled: true }],
      },
      { remove: ["tesoro-xp-sql-database-diagnostics"] },
    ],
    absent: { at: "tesoro-xp-sql-database-diagnostics", drop: "logs" },
    unknown: { at: "tesoro-xp-app-site-diagnostics", path: "resourceUri" },
  },
  {
    rule: "protect-data",
    stack,
    on: database,
    broken: [server, database].map((at) => ({ at, options: { protect: false } })),
    absent: { keepOnly: ["tesoro-xp-app-plan"], gives: "notApplicable" },
    unknown: { readsNothing: "the option protect is always known" },
  },
  {
    rule: "lock-on-data",
    stack,
    broken: [{ remove: ["tesoro-xp-sql-database-lock"] }],
    absent: { remove: ["tesoro-xp-sql-database-lock"] },
    unknown: { at: "tesoro-xp-sql-database-lock", path: "scope" },
  },
  {
    rule: "required-tags",
    stack,
    on: server,
    broken: [
      { at: database, drop: "tags/costCenter" },
      { at: "tesoro-xp-service-health", drop: "tags/owner" },
    ],
    absent: { at: server, drop: "tags" },
    unknown: { at: database, path: "tags/owner" },
  },
  {
    rule: "settings-secret-references",
    stack,
    broken: [
      {
        at: "tesoro-xp-app-site-settings",
        set: "properties/SQL_CONNECTION_STRING",
        to: "@Microsoft.KeyVault(SecretUri=https://other.vault.azure.net/secrets/sql-connection-string)",
        alsoFails: ["settings-equal-on-slots"],
      },
      {
        at: "tesoro-xp-app-slot-settings",
        drop: "properties/DIAGNOSTICS_KEY",
        alsoFails: ["settings-equal-on-slots"],
      },
    ],
    absent: { at: "tesoro-xp-app-site-settings", drop: "properties" },
    unknown: { at: "tesoro-xp-app-slot-settings", path: "properties/DIAGNOSTICS_KEY" },
  },
];
