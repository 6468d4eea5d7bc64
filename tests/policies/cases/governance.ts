import { azure } from "../../../policies/azure/types";
import { groupId, ids } from "../support/fixture";
import type { RuleCases } from "../support/rule-cases";

const redis = { protect: false, ignoreChanges: [], props: {} };

export const governanceCases: readonly RuleCases[] = [
  {
    rule: "required-tags",
    on: "cosmos",
    broken: [
      { at: "cosmos", drop: "tags/owner" },
      { at: "vault", set: "tags/environment", to: "staging" },
      { at: "web-app", set: "tags/costCenter", to: "" },
      { at: "action-group", set: "tags/managedBy", to: " " },
      { at: "storage", drop: "tags" },
    ],
    absent: { at: "group", drop: "tags" },
    unknown: { at: "plan", path: "tags/owner" },
  },
  {
    rule: "lock-on-data",
    broken: [
      { remove: ["lock-cosmos"] },
      { remove: ["lock-vault"] },
      { remove: ["lock-storage"] },
      { at: "lock-cosmos", set: "scope", to: `${ids.cosmos}-other` },
    ],
    absent: { remove: ["lock-cosmos", "lock-vault", "lock-storage"] },
    unknown: { at: "lock-vault", path: "scope" },
  },
  {
    rule: "lock-scope",
    on: "lock-cosmos",
    broken: [
      { at: "lock-cosmos", set: "level", to: "ReadOnly", alsoFails: ["lock-on-data"] },
      { at: "lock-vault", set: "scope", to: ids.group, alsoFails: ["lock-on-data"] },
    ],
    absent: { at: "lock-cosmos", drop: "scope" },
    unknown: { at: "lock-cosmos", path: "level" },
  },
  {
    rule: "protect-data",
    on: "cosmos",
    broken: ["cosmos", "database", "container-items", "vault", "storage"].map((at) => ({
      at,
      options: { protect: false },
    })),
    absent: { keepOnly: ["plan"], gives: "notApplicable" },
    unknown: { readsNothing: "the option protect is always known" },
  },
  {
    rule: "resource-type-known",
    on: "cosmos",
    broken: [
      "azure-native:redis:Redis",
      // What the rules know, in other words: another API version, an old alias, a package of one version, other providers.
      "azure-native:web/v20230101:WebApp",
      "azure-native:documentdb:DatabaseAccount",
      "azure-native_web_v20230101:web/v20230101:WebApp",
      "azure:cosmosdb/account:Account",
      "azapi:resources:Resource",
      "pulumi-nodejs:dynamic:Resource",
      "command:local:Command",
    ].map((type) => ({ add: { key: type, type, ...redis } })),
    absent: { keepOnly: ["kirana-inventory"], gives: "notApplicable" },
    unknown: { readsNothing: "a resource's type is always known" },
  },
  {
    rule: "resource-in-system",
    on: "cosmos",
    broken: [
      {
        add: {
          key: "stray",
          type: azure.subnet,
          outside: true,
          protect: false,
          ignoreChanges: [],
          props: { subnetName: "stray" },
        },
      },
    ],
    absent: { keepOnly: ["kirana-inventory"], gives: "notApplicable" },
    unknown: { readsNothing: "the component above a resource is part of its URN" },
  },
  {
    rule: "system-complete",
    broken: [
      { remove: ["web-app"] },
      { remove: ["blobs"] },
      { remove: ["insights"], alsoFails: ["alert-for-each-gate"] },
      { remove: ["plan"], alsoFails: ["alert-for-each-gate", "site-on-plan"] },
    ],
    absent: { keepOnly: ["kirana-inventory"] },
    unknown: { at: "blobs", path: "accountName" },
  },
  {
    rule: "budget-notifies",
    broken: [
      { at: "budget", set: "notifications/soon/threshold", to: 0 },
      { at: "budget", set: "notifications/soon/operator", to: "LessThan" },
      { at: "budget", drop: "notifications/soon/operator" },
      { at: "budget", set: "scope", to: `${groupId}-other` },
      { remove: ["budget"] },
      { at: "budget", set: "amount", to: 0 },
      { at: "budget", set: "notifications/soon/enabled", to: false },
      { at: "budget", set: "notifications/soon/threshold", to: 100 },
      { at: "budget", set: "notifications/soon/contactEmails", to: [] },
      { at: "budget", set: "notifications/soon/contactEmails", to: [""] },
    ],
    absent: { at: "budget", drop: "notifications" },
    unknown: { at: "budget", path: "amount" },
  },
];

export const accessCases: readonly RuleCases[] = [
  {
    rule: "role-least-privilege",
    on: "role-vault",
    broken: [
      {
        at: "role-vault",
        set: "roleDefinitionId",
        to: "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
      },
      { at: "role-vault", set: "scope", to: ids.group },
      { at: "role-vault", set: "scope", to: "/subscriptions/00000000-0000-4000-8000-00000000abcd" },
    ],
    absent: { at: "role-vault", drop: "scope" },
    unknown: { at: "role-vault", path: "roleDefinitionId" },
  },
  {
    rule: "cosmos-role-scope",
    on: "cosmos-role",
    broken: [{ at: "cosmos-role", set: "scope", to: ids.cosmos }],
    absent: { at: "cosmos-role", drop: "scope" },
    unknown: { at: "cosmos-role", path: "scope" },
  },
];

export const edgeCases: readonly RuleCases[] = [
  {
    rule: "static-site-no-deploy-on-push",
    on: "web-app",
    broken: [
      { at: "web-app", set: "repositoryUrl", to: "https://github.com/kirana/frontend" },
      { at: "web-app", set: "branch", to: "main" },
      { at: "web-app", set: "repositoryToken", to: "token" },
    ],
    absent: { remove: ["web-app"], gives: "notApplicable" },
    unknown: { at: "web-app", path: "repositoryUrl" },
  },
  {
    rule: "edge-https-only",
    on: "route",
    broken: [
      { at: "route", set: "httpsRedirect", to: "Disabled" },
      { at: "route", set: "forwardingProtocol", to: "MatchRequest" },
    ],
    absent: { at: "route", drop: "httpsRedirect" },
    unknown: { at: "route", path: "forwardingProtocol" },
  },
  {
    rule: "domains-bound",
    broken: [{ remove: ["api-domain"] }, { remove: ["api-certificate"] }, { remove: ["app-domain"] }],
    absent: { keepOnly: ["kirana-inventory"] },
    unknown: { at: "api-domain", path: "hostName" },
  },
  {
    rule: "domain-certificate-bound",
    on: "api-domain",
    broken: [{ at: "api-domain", set: "sslState", to: "Disabled" }],
    absent: { at: "api-domain", drop: "sslState" },
    unknown: { at: "api-domain", path: "sslState" },
  },
];
