import type { RuleCases } from "../support/rule-cases";

export const storageCases: readonly RuleCases[] = [
  {
    rule: "storage-no-public-blobs",
    on: "storage",
    broken: [{ at: "storage", set: "allowBlobPublicAccess", to: true }],
    absent: { at: "storage", drop: "allowBlobPublicAccess" },
    unknown: { at: "storage", path: "allowBlobPublicAccess" },
  },
  {
    rule: "storage-no-key-access",
    on: "storage",
    broken: [{ at: "storage", set: "allowSharedKeyAccess", to: true }],
    absent: { at: "storage", drop: "allowSharedKeyAccess" },
    unknown: { at: "storage", path: "allowSharedKeyAccess" },
  },
  {
    rule: "storage-container-private",
    on: "blob-container",
    broken: [
      { at: "blob-container", set: "publicAccess", to: "Blob" },
      { at: "blob-container", set: "publicAccess", to: "Container" },
    ],
    absent: { at: "blob-container", drop: "publicAccess" },
    unknown: { at: "blob-container", path: "publicAccess" },
  },
  {
    rule: "storage-encrypted-transport",
    on: "storage",
    broken: [
      { at: "storage", set: "enableHttpsTrafficOnly", to: false },
      { at: "storage", set: "minimumTlsVersion", to: "TLS1_0" },
      { at: "storage", drop: "minimumTlsVersion" },
    ],
    absent: { at: "storage", drop: "enableHttpsTrafficOnly" },
    unknown: { at: "storage", path: "minimumTlsVersion" },
  },
  {
    rule: "storage-soft-delete",
    on: "blobs",
    broken: [
      { at: "blobs", set: "isVersioningEnabled", to: false },
      { at: "blobs", set: "deleteRetentionPolicy/enabled", to: false },
      { at: "blobs", set: "deleteRetentionPolicy/days", to: 7 },
      { at: "blobs", set: "containerDeleteRetentionPolicy/days", to: 7 },
      { at: "blobs", drop: "containerDeleteRetentionPolicy" },
    ],
    absent: { at: "blobs", drop: "deleteRetentionPolicy" },
    unknown: { at: "blobs", path: "deleteRetentionPolicy/days" },
  },
  {
    rule: "storage-network-restricted",
    on: "storage",
    broken: [
      { at: "storage", set: "networkRuleSet/defaultAction", to: "Allow" },
      { at: "storage", drop: "networkRuleSet/defaultAction" },
      { at: "storage", set: "networkRuleSet/ipRules", to: [{ iPAddressOrRange: "0.0.0.0/0" }] },
      { at: "storage", set: "networkRuleSet/ipRules", to: [{ action: "Allow" }] },
    ],
    absent: { at: "storage", drop: "networkRuleSet" },
    unknown: { at: "storage", path: "networkRuleSet/defaultAction" },
  },
];
