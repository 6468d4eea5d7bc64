import { azure } from "../../../policies/azure/types";
import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const cluster = "platform-cluster-cluster";
const registry = "platform-registry-registry";
const pool = "platform-cluster-pool-work";
const postgres = "retail-agentic-relational-server";
const mongo = "retail-agentic-documents-cluster";
const cache = "retail-agentic-cache-cache";
const only = (key: string) => ({ keepOnly: [key], gives: "notApplicable" }) as const;

/** Rules on the cluster and its registry, and older rules on the new kinds of resource. */
export const platformCases: readonly RuleCases[] = [
  {
    rule: "cluster-sign-in",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "disableLocalAccounts", to: false },
      { at: cluster, drop: "disableLocalAccounts" },
      { at: cluster, set: "enableRBAC", to: false },
      { at: cluster, set: "aadProfile/managed", to: false },
      { at: cluster, set: "aadProfile/enableAzureRBAC", to: false },
      { at: cluster, set: "apiServerAccessProfile/disableRunCommand", to: false },
    ],
    absent: { at: cluster, drop: "aadProfile" },
    unknown: { at: cluster, path: "disableLocalAccounts" },
  },
  {
    rule: "cluster-workload-identity",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "oidcIssuerProfile/enabled", to: false },
      { at: cluster, drop: "securityProfile/workloadIdentity" },
      { at: cluster, set: "addonProfiles/azureKeyvaultSecretsProvider/enabled", to: false },
      {
        at: cluster,
        set: "addonProfiles/azureKeyvaultSecretsProvider/config/enableSecretRotation",
        to: "false",
      },
    ],
    absent: { at: cluster, drop: "oidcIssuerProfile" },
    unknown: { at: cluster, path: "oidcIssuerProfile/enabled" },
  },
  {
    rule: "cluster-network-policy",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "networkProfile/networkPolicy", to: "none" },
      { at: cluster, drop: "networkProfile/networkPolicy" },
      { at: cluster, set: "networkProfile/networkPlugin", to: "kubenet" },
    ],
    absent: { at: cluster, drop: "networkProfile" },
    unknown: { at: cluster, path: "networkProfile/networkPolicy" },
  },
  {
    rule: "cluster-api-server-closed",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "apiServerAccessProfile/authorizedIPRanges", to: [] },
      { at: cluster, set: "apiServerAccessProfile/authorizedIPRanges", to: ["192.0.2.0/24", "0.0.0.0/0"] },
      { at: cluster, drop: "apiServerAccessProfile/authorizedIPRanges" },
    ],
    absent: { at: cluster, drop: "apiServerAccessProfile/authorizedIPRanges" },
    unknown: { at: cluster, path: "apiServerAccessProfile/authorizedIPRanges" },
  },
  {
    rule: "cluster-upgrades",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "autoUpgradeProfile/upgradeChannel", to: "none" },
      { at: cluster, set: "autoUpgradeProfile/nodeOSUpgradeChannel", to: "None" },
    ],
    absent: { at: cluster, drop: "autoUpgradeProfile" },
    unknown: { at: cluster, path: "autoUpgradeProfile/upgradeChannel" },
  },
  {
    rule: "cluster-guarded",
    stack,
    on: cluster,
    broken: [
      { at: cluster, set: "securityProfile/defender/securityMonitoring/enabled", to: false },
      { at: cluster, set: "addonProfiles/azurepolicy/enabled", to: false },
      { at: cluster, drop: "addonProfiles/omsagent" },
    ],
    absent: { at: cluster, drop: "securityProfile/defender" },
    unknown: { at: cluster, path: "addonProfiles/azurepolicy/enabled" },
  },
  {
    rule: "node-pools",
    stack,
    on: pool,
    broken: [
      { at: pool, set: "enableAutoScaling", to: false },
      { at: pool, set: "availabilityZones", to: ["1"] },
      { at: pool, set: "minCount", to: 2 },
      { at: pool, set: "securityProfile/sshAccess", to: "LocalUser" },
      { at: pool, set: "enableNodePublicIP", to: true },
      { at: cluster, drop: "agentPoolProfiles/0/availabilityZones" },
    ],
    absent: { at: cluster, drop: "agentPoolProfiles" },
    unknown: { at: pool, path: "minCount" },
  },
  {
    rule: "registry-closed",
    stack,
    on: registry,
    broken: [
      { at: registry, set: "adminUserEnabled", to: true },
      { at: registry, drop: "anonymousPullEnabled" },
      { at: registry, set: "networkRuleSet/defaultAction", to: "Allow" },
      {
        at: registry,
        set: "networkRuleSet/ipRules",
        to: [{ action: "Allow", iPAddressOrRange: "0.0.0.0/0" }],
      },
    ],
    absent: { at: registry, drop: "networkRuleSet" },
    unknown: { at: registry, path: "adminUserEnabled" },
  },
  {
    rule: "lock-on-data",
    stack,
    broken: [
      { remove: ["retail-agentic-relational-lock"] },
      { remove: ["retail-agentic-documents-lock"] },
      { remove: ["platform-registry-lock"] },
    ],
    absent: only(cluster),
    unknown: { at: "platform-registry-lock", path: "scope" },
  },
  {
    rule: "protect-data",
    stack,
    on: postgres,
    broken: [
      { at: postgres, options: { protect: false } },
      { at: mongo, options: { protect: false } },
      { at: cache, options: { protect: false } },
      { at: "retail-agentic-relational-database-retail", options: { protect: false } },
    ],
    absent: only(cluster),
    unknown: { readsNothing: "the option protect is always known" },
  },
  {
    rule: "diagnostics-to-workspace",
    stack,
    broken: [
      { remove: ["retail-agentic-relational-diagnostics"] },
      { remove: ["platform-edge-diagnostics"] },
      { at: "platform-cluster-diagnostics", set: "logs/0/enabled", to: false },
    ],
    absent: { at: "platform-cluster-diagnostics", drop: "logs" },
    unknown: { at: "platform-cluster-diagnostics", path: "resourceUri" },
  },
  {
    rule: "role-least-privilege",
    stack,
    on: "platform-registry-pull-acrPull",
    broken: [
      {
        at: "platform-registry-pull-acrPull",
        set: "scope",
        to: "/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/z",
      },
      {
        at: "platform-cluster-cluster-access-networkContributor",
        set: "scope",
        to: "/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/virtualNetworks/z",
      },
    ],
    absent: { at: "platform-registry-pull-acrPull", drop: "scope" },
    unknown: { at: "platform-registry-pull-acrPull", path: "scope" },
  },
  {
    rule: "provider-of-stack",
    on: "default_3_28_0",
    broken: [
      {
        add: {
          key: "elsewhere",
          type: "pulumi:providers:azure-native",
          props: { subscriptionId: "00000000-0000-4000-8000-00000000ffff" },
          protect: false,
          ignoreChanges: [],
          outside: true,
        },
      },
    ],
    absent: { keepOnly: ["kirana-inventory"], gives: "notApplicable" },
    unknown: { readsNothing: "type and name of a provider are always known" },
  },
  {
    rule: "cosmos-role-actions",
    on: "cosmos-role-definition",
    broken: [
      { at: "cosmos-role-definition", set: "permissions/0/dataActions/0", to: "*" },
      {
        at: "cosmos-role-definition",
        set: "permissions/0/dataActions/0",
        to: "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*",
      },
      { at: "cosmos-role-definition", set: "permissions", to: [] },
    ],
    absent: { at: "cosmos-role-definition", drop: "permissions" },
    unknown: { at: "cosmos-role-definition", path: "permissions/0/dataActions" },
  },
  {
    rule: "required-tags",
    stack,
    on: cluster,
    broken: [
      { at: cluster, drop: "tags/owner" },
      { at: postgres, set: "tags/environment", to: "dev" },
    ],
    absent: { at: registry, drop: "tags" },
    unknown: { at: cluster, path: "tags/owner" },
  },
  {
    rule: "resource-in-system",
    stack,
    on: "retail-agentic-retail-backend-blue",
    broken: [
      {
        add: {
          key: "stray",
          type: azure.privateZone,
          props: { tags: {} },
          protect: false,
          ignoreChanges: [],
          path: azure.privateZone,
        },
        alsoFails: ["required-tags"],
      },
    ],
    absent: { keepOnly: ["switchyard:systems:Platform platform"], gives: "notApplicable" },
    unknown: { readsNothing: "a resource's place is always known" },
  },
];
