import type { RuleCases } from "../support/rule-cases";

export const vaultCases: readonly RuleCases[] = [
  {
    rule: "vault-purge-protection",
    on: "vault",
    broken: [
      { at: "vault", set: "properties/enablePurgeProtection", to: false },
      { at: "vault", drop: "properties/enablePurgeProtection" },
      { at: "vault", set: "properties/enableSoftDelete", to: false },
      { at: "vault", drop: "properties/enableSoftDelete" },
    ],
    absent: { at: "vault", drop: "properties" },
    unknown: { at: "vault", path: "properties/enablePurgeProtection" },
  },
  {
    rule: "vault-role-based-access",
    on: "vault",
    broken: [
      { at: "vault", set: "properties/enableRbacAuthorization", to: false },
      { at: "vault", drop: "properties/enableRbacAuthorization" },
      {
        at: "vault",
        set: "properties/accessPolicies",
        to: [{ objectId: "x", tenantId: "y", permissions: {} }],
      },
    ],
    absent: { at: "vault", drop: "properties" },
    unknown: { at: "vault", path: "properties/accessPolicies" },
  },
  {
    rule: "vault-network-deny",
    on: "vault",
    broken: [
      { at: "vault", set: "properties/networkAcls/defaultAction", to: "Allow" },
      { at: "vault", drop: "properties/networkAcls/defaultAction" },
      { at: "vault", drop: "properties/networkAcls" },
      { at: "vault", set: "properties/networkAcls/ipRules", to: [{ value: "0.0.0.0/1" }] },
      { at: "vault", set: "properties/networkAcls/ipRules", to: "203.0.113.7" },
    ],
    absent: { at: "vault", drop: "properties" },
    unknown: { at: "vault", path: "properties/networkAcls" },
  },
  {
    rule: "vault-secrets-present",
    broken: [
      { remove: ["secret-cosmos-connection-string"] },
      { remove: ["secret-gemini-api-key"] },
      { remove: ["secret-storage-connection-string"] },
      { remove: ["secret-application-insights-key"] },
      { at: "secret-test-token", set: "vaultName", to: "another-vault" },
      { at: "secret-test-token", set: "properties/attributes", to: { enabled: false } },
      { at: "secret-test-token", set: "properties/attributes", to: { enabled: "false" } },
    ],
    absent: { keepOnly: ["kirana-inventory"] },
    unknown: { at: "secret-test-token", path: "secretName" },
  },
  {
    rule: "vault-owner-secret-given",
    on: "secret-gemini-api-key",
    broken: [
      { at: "secret-gemini-api-key", set: "properties/value", to: "PLACEHOLDER" },
      { at: "secret-gemini-api-key", set: "properties/value", to: "<api key>" },
      { at: "secret-slack-webhook-prod", set: "properties/value", to: "https://hooks.example.com/x" },
      { at: "secret-test-token", set: "properties/value", to: "" },
      { at: "secret-test-token", drop: "properties/value" },
    ],
    absent: { at: "secret-gemini-api-key", drop: "properties" },
    unknown: { at: "secret-gemini-api-key", path: "properties/value" },
  },
];
