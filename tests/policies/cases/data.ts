import type { RuleCases } from "../support/rule-cases";

export const dataCases: readonly RuleCases[] = [
  {
    rule: "cosmos-continuous-backup",
    on: "cosmos",
    broken: [
      { at: "cosmos", set: "backupPolicy/type", to: "Periodic" },
      { at: "cosmos", set: "backupPolicy/continuousModeProperties/tier", to: "Continuous7Days" },
      { at: "cosmos", drop: "backupPolicy/continuousModeProperties" },
      { at: "cosmos", drop: "backupPolicy/continuousModeProperties/tier" },
    ],
    absent: { at: "cosmos", drop: "backupPolicy" },
    unknown: { at: "cosmos", path: "backupPolicy/continuousModeProperties/tier" },
  },
  {
    rule: "cosmos-minimum-tls",
    on: "cosmos",
    broken: [
      { at: "cosmos", set: "minimalTlsVersion", to: "Tls11" },
      { at: "cosmos", set: "minimalTlsVersion", to: "" },
    ],
    absent: { at: "cosmos", drop: "minimalTlsVersion" },
    unknown: { at: "cosmos", path: "minimalTlsVersion" },
  },
  {
    rule: "cosmos-no-key-access",
    on: "cosmos",
    broken: [
      { at: "cosmos", set: "disableLocalAuth", to: false },
      { at: "cosmos", drop: "disableKeyBasedMetadataWriteAccess" },
    ],
    absent: { at: "cosmos", drop: "disableLocalAuth" },
    unknown: { at: "cosmos", path: "disableLocalAuth" },
  },
  {
    rule: "cosmos-network-restricted",
    on: "cosmos",
    broken: [
      { at: "cosmos", set: "isVirtualNetworkFilterEnabled", to: false },
      { at: "cosmos", drop: "isVirtualNetworkFilterEnabled" },
      { at: "cosmos", set: "virtualNetworkRules", to: [] },
      ...["0.0.0.0", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", " 0.0.0.0", "1.2.3.4/all"].map((range) => ({
        at: "cosmos",
        set: "ipRules",
        to: [{ ipAddressOrRange: "203.0.113.7" }, { ipAddressOrRange: range }],
      })),
      { at: "cosmos", set: "ipRules", to: [{}] },
      { at: "cosmos", set: "virtualNetworkRules", to: [{}] },
      { at: "cosmos", set: "isVirtualNetworkFilterEnabled", to: "true" },
    ],
    absent: { at: "cosmos", drop: "publicNetworkAccess" },
    unknown: { at: "cosmos", path: "virtualNetworkRules" },
  },
  {
    rule: "cosmos-autoscale-throughput",
    on: "database",
    broken: [
      { at: "database", set: "options/autoscaleSettings/maxThroughput", to: 400 },
      { at: "database", set: "options/throughput", to: 400 },
      { at: "container-items", set: "options/throughput", to: 400 },
      { at: "container-items", set: "options/autoscaleSettings/maxThroughput", to: 4000 },
    ],
    absent: { at: "database", drop: "options" },
    unknown: { at: "database", path: "options/autoscaleSettings/maxThroughput" },
  },
  {
    rule: "cosmos-containers",
    broken: [
      { remove: ["database"] },
      { remove: ["container-users"] },
      { at: "container-users", set: "databaseName", to: "another" },
      { at: "container-items", set: "resource/partitionKey/paths", to: ["/id"] },
      { at: "container-items", drop: "resource/partitionKey" },
      { at: "container-items", drop: "resource/indexingPolicy" },
      { at: "container-items", set: "resource/indexingPolicy/indexingMode", to: "none" },
      { at: "container-items", set: "resource/indexingPolicy/includedPaths", to: [{ path: "/name/?" }] },
    ],
    absent: { keepOnly: ["kirana-inventory"] },
    unknown: { at: "container-users", path: "resource/partitionKey/paths" },
  },
];
