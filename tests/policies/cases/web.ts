import { ids } from "../support/fixture";
import type { RuleCases } from "../support/rule-cases";

export const webCases: readonly RuleCases[] = [
  {
    rule: "web-https-only",
    on: "site",
    broken: [
      { at: "site", set: "httpsOnly", to: false },
      { at: "slot", set: "httpsOnly", to: false },
    ],
    absent: { at: "slot", drop: "httpsOnly" },
    unknown: { at: "site", path: "httpsOnly" },
  },
  {
    rule: "web-minimum-tls",
    on: "site",
    broken: [
      { at: "site", set: "siteConfig/minTlsVersion", to: "1.0" },
      { at: "slot", set: "siteConfig/minTlsVersion", to: "1.1" },
      { at: "slot", set: "siteConfig/minTlsVersion", to: "newest" },
      { at: "site", drop: "siteConfig/scmMinTlsVersion" },
    ],
    absent: { at: "slot", drop: "siteConfig" },
    unknown: { at: "site", path: "siteConfig" },
  },
  {
    rule: "web-http2",
    on: "site",
    broken: [
      { at: "site", set: "siteConfig/http20Enabled", to: false },
      { at: "slot", drop: "siteConfig/http20Enabled" },
    ],
    absent: { at: "site", drop: "siteConfig" },
    unknown: { at: "slot", path: "siteConfig/http20Enabled" },
  },
  {
    rule: "web-ftps-disabled",
    on: "site",
    broken: [
      { at: "site", set: "siteConfig/ftpsState", to: "FtpsOnly" },
      { at: "slot", drop: "siteConfig/ftpsState" },
    ],
    absent: { at: "slot", drop: "siteConfig" },
    unknown: { at: "site", path: "siteConfig/ftpsState" },
  },
  {
    rule: "web-health-check",
    on: "site",
    broken: [
      { at: "site", set: "siteConfig/healthCheckPath", to: "/" },
      { at: "slot", drop: "siteConfig/healthCheckPath" },
    ],
    absent: { at: "site", drop: "siteConfig" },
    unknown: { at: "site", path: "siteConfig/healthCheckPath" },
  },
  {
    rule: "web-managed-identity",
    on: "site",
    broken: [
      { at: "site", set: "identity/type", to: "None" },
      { at: "slot", set: "identity", to: { type: "UserAssigned", userAssignedIdentities: [] } },
      { at: "slot", drop: "identity/type" },
    ],
    absent: { at: "slot", drop: "identity" },
    unknown: { at: "site", path: "identity/type" },
  },
  {
    rule: "web-separate-identities",
    broken: [{ at: "slot", set: "identity/userAssignedIdentities", to: [ids.siteIdentity] }],
    absent: { keepOnly: ["kirana-inventory"], gives: "notApplicable" },
    unknown: { at: "slot", path: "identity/userAssignedIdentities" },
  },
  {
    rule: "web-publishing-credentials-off",
    broken: [
      { at: "site-ftp", set: "allow", to: true },
      { at: "slot-scm", set: "allow", to: true },
      { at: "site-scm", drop: "allow" },
      { remove: ["slot-ftp"] },
      { remove: ["site-scm"] },
    ],
    absent: { remove: ["site-ftp", "slot-ftp", "site-scm", "slot-scm"] },
    unknown: { at: "slot-ftp", path: "allow" },
  },
  {
    rule: "web-traffic-not-declared",
    on: "site",
    broken: [
      {
        at: "site",
        set: "siteConfig/experiments",
        to: { rampUpRules: [{ name: "staging", reroutePercentage: 10 }] },
      },
      { at: "slot", set: "siteConfig/autoSwapSlotName", to: "production" },
    ],
    absent: { at: "site", drop: "siteConfig", gives: "notApplicable" },
    unknown: { at: "site", path: "siteConfig/experiments" },
  },
  {
    rule: "web-no-ignored-changes",
    on: "site",
    broken: [
      { at: "site", options: { ignoreChanges: ["siteConfig.experiments"] } },
      { at: "slot", options: { ignoreChanges: ['["siteConfig"].experiments'] } },
      { at: "slot", options: { ignoreChanges: ["tags", "siteConfig"] } },
      { at: "site", options: { ignoreChanges: ["*"] } },
    ],
    absent: { remove: ["site", "slot"], gives: "notApplicable" },
    unknown: { readsNothing: "the option ignoreChanges is always known" },
  },
  {
    rule: "site-on-plan",
    broken: [
      { at: "site", set: "serverFarmId", to: `${ids.plan}-other` },
      { at: "slot", set: "serverFarmId", to: ids.site },
      { at: "slot", drop: "serverFarmId" },
    ],
    absent: { at: "site", drop: "serverFarmId" },
    unknown: { at: "site", path: "serverFarmId" },
  },
  {
    rule: "slot-exists",
    broken: [
      {
        at: "slot",
        set: "slot",
        to: "canary",
        alsoFails: [
          "diagnostics-to-workspace",
          "settings-declared",
          "settings-equal-on-slots",
          "track-for-each-switch",
          "web-publishing-credentials-off",
        ],
      },
    ],
    absent: { remove: ["slot"] },
    unknown: { at: "slot", path: "slot" },
  },
  {
    rule: "plan-autoscale-minimum",
    on: "autoscale",
    broken: [
      { at: "autoscale", set: "profiles/0/capacity/minimum", to: "1" },
      { at: "autoscale", set: "profiles/0/capacity/default", to: "" },
      { at: "autoscale", set: "profiles/1", to: { name: "night", capacity: { minimum: 0, default: 2 } } },
    ],
    absent: { at: "autoscale", drop: "profiles" },
    unknown: { at: "autoscale", path: "profiles/0/capacity/minimum" },
  },
  {
    rule: "plan-dedicated",
    on: "plan",
    broken: [
      { at: "plan", set: "sku", to: { name: "Y1", tier: "Dynamic", capacity: 2 } },
      { at: "plan", set: "sku", to: { name: "FC1", tier: "FlexConsumption", capacity: 2 } },
      { at: "plan", set: "sku", to: { name: "EP1", tier: "ElasticPremium", capacity: 2 } },
      { at: "plan", set: "sku/name", to: "B1" },
      { at: "plan", drop: "sku/tier" },
    ],
    absent: { at: "plan", drop: "sku" },
    unknown: { at: "plan", path: "sku/name" },
  },
  {
    rule: "plan-zone-redundant",
    on: "plan",
    broken: [
      { at: "plan", set: "zoneRedundant", to: false },
      { at: "plan", set: "sku/capacity", to: 1 },
      { at: "plan", drop: "sku/capacity" },
    ],
    absent: { at: "plan", drop: "zoneRedundant" },
    unknown: { at: "plan", path: "zoneRedundant" },
  },
];
