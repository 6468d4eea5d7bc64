import { stagingPrincipals } from "../support/kirana-environment";
import type { RuleCases } from "../support/rule-cases";

const store = "kirana-store";
const tesoro = "tesoro-xp";
const nothing = { keepOnly: [], gives: "notApplicable" } as const;
const cluster = "platform-cluster-cluster";
const pool = "platform-cluster-pool-work";
const backend = "kirana-store-kirana-store-backend-blue";

/** What refers to a thing by its name loses it with the name. */
const lockedAndWatched = ["diagnostics-to-workspace", "lock-on-data"];
const referredVault = [...lockedAndWatched, "settings-secret-references", "vault-secrets-present"];
const referredSite = [
  "availability-tests",
  "diagnostics-to-workspace",
  "settings-declared",
  "slot-exists",
  "web-publishing-credentials-off",
];

/** Rules on what is there at all, and what it is called. */
export const completenessCases: readonly RuleCases[] = [
  {
    rule: "contract-names",
    broken: [
      { at: "group", set: "resourceGroupName", to: "kirana-production-rg", alsoFails: ["budget-notifies"] },
      {
        at: "cosmos",
        set: "accountName",
        to: "other",
        alsoFails: ["alert-for-each-gate", "diagnostics-to-workspace", "lock-on-data"],
      },
      { at: "database", set: "databaseName", to: "other", breaks: ["KIR-028"] },
      { at: "vault", set: "vaultName", to: "other", alsoFails: referredVault, breaks: ["KIR-031"] },
      {
        at: "insights",
        set: "resourceName",
        to: "other",
        alsoFails: ["alert-for-each-gate"],
        breaks: ["KIR-036"],
      },
      { at: "web-app", set: "name", to: "other", breaks: ["KIR-081"] },
      { at: "vault", set: "resourceGroupName", to: "other", alsoFails: lockedAndWatched },
    ],
    absent: { at: "web-app", drop: "name" },
    unknown: { at: "vault", path: "vaultName" },
  },
  {
    rule: "contract-names",
    environment: "staging",
    broken: [{ at: "web-app", set: "resourceGroupName", to: "other" }],
    absent: { at: "site", drop: "name" },
    unknown: { at: "insights", path: "resourceName" },
  },
  {
    rule: "contract-names",
    stack: tesoro,
    broken: [
      { at: "tesoro-xp-group", set: "resourceGroupName", to: "tesoro-rg", alsoFails: ["budget-notifies"] },
      {
        at: "tesoro-xp-app-site",
        set: "name",
        to: "tesoro-app",
        alsoFails: referredSite,
        breaks: ["TES-025"],
      },
      {
        at: "tesoro-xp-sql-server",
        set: "serverName",
        to: "other",
        alsoFails: ["sql-auditing", "sql-entra-admin", "sql-network-private"],
        breaks: ["TES-048"],
      },
      {
        at: "tesoro-xp-sql-database-database",
        set: "databaseName",
        to: "other",
        alsoFails: ["diagnostics-to-workspace", "lock-on-data", "sql-encrypted", "sql-retention"],
        breaks: ["TES-048"],
      },
      {
        at: "tesoro-xp-storage-account",
        set: "accountName",
        to: "other",
        alsoFails: [...lockedAndWatched, "system-complete"],
        breaks: ["TES-049"],
      },
      { at: "tesoro-xp-storage-container-backups", set: "containerName", to: "dumps" },
      { remove: ["tesoro-xp-storage-container-backups"], breaks: ["TES-049"] },
      {
        at: "tesoro-xp-vault-vault",
        set: "vaultName",
        to: "other",
        alsoFails: referredVault,
        breaks: ["TES-004"],
      },
      {
        at: "tesoro-xp-monitoring-insights",
        set: "resourceName",
        to: "other",
        alsoFails: ["alert-for-each-gate"],
        breaks: ["TES-059"],
      },
      {
        at: "tesoro-xp-sql-server",
        set: "resourceGroupName",
        to: "other",
        alsoFails: ["sql-auditing", "sql-network-private"],
      },
    ],
    absent: { at: "tesoro-xp-sql-server", drop: "serverName" },
    unknown: { at: "tesoro-xp-app-site", path: "name" },
  },
  {
    rule: "contract-names",
    stack: tesoro,
    environment: "staging",
    broken: [
      {
        at: "tesoro-xp-app-site",
        set: "name",
        to: "tesoro-production-app-x",
        alsoFails: referredSite,
        breaks: ["TES-029"],
      },
    ],
    absent: { at: "tesoro-xp-app-site", drop: "name" },
    unknown: { at: "tesoro-xp-app-site", path: "name" },
  },
  {
    rule: "staging-database-shared",
    environment: "staging",
    broken: [
      { remove: ["cosmos-role-developers"] },
      { at: "cosmos-role-developers", set: "accountName", to: "other" },
      // A second role of a program's own is nobody else's.
      { at: "cosmos-role-developers", set: "principalId", to: stagingPrincipals.site.toUpperCase() },
    ],
    absent: { remove: ["cosmos"] },
    unknown: { at: "cosmos", path: "accountName" },
  },
  {
    rule: "cluster-system-complete",
    stack: store,
    broken: [
      { remove: ["kirana-store-database-cluster"] },
      { remove: ["kirana-store-replica-cluster"] },
      { remove: ["kirana-store-cache-cache"] },
      { remove: ["kirana-store-cache-database"] },
      {
        remove: ["kirana-store-vault-vault"],
        alsoFails: ["secret-class-own-vault", "vault-secrets-present"],
      },
      { remove: ["kirana-store-storage-account"] },
      { remove: ["kirana-store-storage-container-dumps"] },
      { at: "kirana-store-storage-container-dumps", set: "containerName", to: "other" },
      { remove: ["kirana-store-edge-route"], alsoFails: ["edge-security-headers"] },
      {
        remove: ["kirana-store-edge-firewall-policy"],
        alsoFails: ["edge-firewall-bound", "edge-rate-limit"],
      },
      { remove: ["kirana-store-space-namespace"] },
      { remove: ["platform-prometheus-workspace"] },
      { remove: ["platform-prometheus-grafana"] },
      { remove: [cluster] },
      {
        remove: ["platform-gateway-gateway"],
        alsoFails: [
          "namespace-bounded",
          "namespace-restricted",
          "network-default-deny",
          "network-policy-named-peers",
        ],
      },
      { remove: ["platform-registry-registry"] },
    ],
    absent: { at: "kirana-store-storage-container-dumps", drop: "containerName" },
    unknown: { at: "kirana-store-storage-container-dumps", path: "containerName" },
  },
  {
    rule: "cluster-system-complete",
    stack: "retail-agentic",
    broken: [
      { remove: ["retail-agentic-documents-cluster"] },
      { remove: ["retail-agentic-relational-server"] },
      { remove: ["retail-agentic-cache-cache"] },
      { remove: ["retail-agentic-search"] },
      { remove: ["retail-agentic-backups-container-mongo-backups"] },
      { remove: ["retail-agentic-backups-container-postgres-backups"] },
    ],
    absent: { remove: ["retail-agentic-search"] },
    unknown: { at: "retail-agentic-documents-cluster", path: "properties/createMode" },
  },
  {
    rule: "cluster-system-complete",
    stack: "case-management",
    broken: [
      { remove: ["case-management-cache-cache"] },
      { remove: ["case-management-database-database-case_management"] },
      {
        remove: ["case-management-restore-test-database-case_management_restore_test"],
        alsoFails: ["database-high-availability", "postgres-backup"],
      },
      { remove: ["case-management-uploads-container-uploads"] },
      { remove: ["case-management-backups-container-database-backups"] },
      {
        at: "case-management-restore-test-database-case_management_restore_test",
        set: "serverName",
        to: "case-management-prod-2077cab2",
        alsoFails: ["database-high-availability", "postgres-backup"],
      },
    ],
    absent: { at: "case-management-uploads-container-uploads", drop: "containerName" },
    unknown: { at: "case-management-uploads-container-uploads", path: "containerName" },
  },
  {
    rule: "data-encrypted-at-rest",
    stack: store,
    broken: [
      {
        at: backend,
        set: "spec/template/spec/containers/0/image",
        to: `registry.invalid/library/mongo@sha256:${"0".repeat(64)}`,
      },
      {
        at: "kirana-store-storage-account",
        set: "encryption",
        to: { services: { blob: { enabled: false } } },
      },
      {
        at: "kirana-store-storage-account",
        set: "encryption",
        to: { services: { file: { enabled: false } } },
      },
      {
        at: "kirana-store-database-cluster",
        set: "properties/encryption",
        to: { customerManagedKeyEncryption: { keyEncryptionKeyUrl: "none" } },
      },
    ],
    absent: nothing,
    unknown: { at: backend, path: "spec/template/spec/containers/0/image" },
  },
  {
    rule: "defender-plans",
    stack: store,
    broken: [
      ...[
        "Arm",
        "Containers",
        "CosmosDbs",
        "KeyVaults",
        "OpenSourceRelationalDatabases",
        "StorageAccounts",
      ].map((plan) => ({ remove: [`platform-security-defender-${plan}`] })),
      { at: "platform-security-defender-Containers", set: "pricingTier", to: "Free" },
      { at: "platform-security-defender-KeyVaults", set: "pricingName", to: "VirtualMachines" },
    ],
    absent: { at: "platform-security-defender-Arm", drop: "pricingTier" },
    unknown: { at: "platform-security-defender-Arm", path: "pricingTier" },
  },
  {
    rule: "container-log-rotation",
    stack: store,
    on: pool,
    broken: [
      { at: pool, set: "kubeletConfig/containerLogMaxFiles", to: 6 },
      { at: pool, set: "kubeletConfig/containerLogMaxSizeMB", to: 500 },
      { at: cluster, set: "agentPoolProfiles/0/kubeletConfig/containerLogMaxFiles", to: 50 },
      { at: cluster, drop: "agentPoolProfiles/0/kubeletConfig/containerLogMaxSizeMB" },
    ],
    absent: { at: pool, drop: "kubeletConfig" },
    unknown: { at: pool, path: "kubeletConfig/containerLogMaxFiles" },
  },
  {
    rule: "random-secret-strong",
    stack: "retail-agentic",
    broken: [
      { at: "retail-agentic-generated-jwt-secret", set: "length", to: 42 },
      { at: "retail-agentic-generated-jwt-secret", set: "upper", to: false },
      { at: "retail-agentic-generated-jwt-secret", set: "numeric", to: false },
      { at: "retail-agentic-generated-documents-password", set: "lower", to: false },
    ],
    absent: { at: "retail-agentic-generated-jwt-secret", drop: "length" },
    unknown: { at: "retail-agentic-generated-jwt-secret", path: "length" },
  },
];
