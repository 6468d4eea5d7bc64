import type { Broken, RuleCases } from "../support/rule-cases";

/** A setting of the site alone breaks the equality of the sides too. */
function onSite(name: string, value: unknown, alsoFails: readonly string[] = []): Broken {
  return {
    at: "site-settings",
    set: `properties/${name}`,
    to: value,
    alsoFails: ["settings-equal-on-slots", ...alsoFails],
  };
}

const reference = "@Microsoft.KeyVault(VaultName=kirana-keyvault-prod;SecretName=other)";

export const settingsCases: readonly RuleCases[] = [
  {
    rule: "settings-whole-set",
    on: "site",
    broken: [
      { at: "site", set: "siteConfig/appSettings", to: [{ name: "A", value: "b" }] },
      { at: "slot", set: "siteConfig/connectionStrings", to: [] },
    ],
    absent: { at: "site", drop: "siteConfig", gives: "notApplicable" },
    unknown: { at: "slot", path: "siteConfig/appSettings" },
  },
  {
    rule: "settings-declared",
    broken: [
      { remove: ["site-settings"], alsoFails: ["settings-equal-on-slots"] },
      { remove: ["slot-settings"], alsoFails: ["settings-equal-on-slots"] },
    ],
    absent: { remove: ["site-settings", "slot-settings"] },
    unknown: { at: "slot-settings", path: "slot" },
  },
  {
    rule: "settings-equal-on-slots",
    broken: [
      {
        at: "slot-settings",
        set: "properties/COSMOS_DATABASE",
        to: "other",
      },
      { at: "slot-settings", drop: "properties/FUNCTIONS_WORKER_RUNTIME" },
      { at: "slot-settings", set: "properties/FEATURE", to: "on" },
      { at: "sticky-names", set: "appSettingNames", to: [] },
      { at: "sticky-names", set: "appSettingNames", to: ["AzureWebJobs.nightly.Disabled", "MISSPELLED"] },
    ],
    absent: { remove: ["slot-settings"] },
    unknown: { at: "slot-settings", path: "properties/COSMOS_DATABASE" },
  },
  {
    rule: "settings-run-from-package",
    on: "site-settings",
    broken: [
      onSite("WEBSITE_RUN_FROM_PACKAGE", "0"),
      onSite("WEBSITE_RUN_FROM_PACKAGE", "https://packages/app.zip"),
    ],
    absent: { at: "slot-settings", drop: "properties" },
    unknown: { at: "slot-settings", path: "properties/WEBSITE_RUN_FROM_PACKAGE" },
  },
  {
    rule: "settings-warm-up",
    on: "site-settings",
    broken: [
      onSite("WEBSITE_SWAP_WARMUP_PING_PATH", "/"),
      onSite("WEBSITE_SWAP_WARMUP_PING_STATUSES", "200,500"),
      {
        at: "slot-settings",
        drop: "properties/WEBSITE_SWAP_WARMUP_PING_STATUSES",
        alsoFails: ["settings-equal-on-slots"],
      },
    ],
    absent: { at: "slot-settings", drop: "properties" },
    unknown: { at: "site-settings", path: "properties/WEBSITE_SWAP_WARMUP_PING_PATH" },
  },
  {
    rule: "settings-no-content-share",
    on: "site-settings",
    // The platform compares names of settings without regard to case.
    broken: [onSite("WEBSITE_CONTENTSHARE", "kirana"), onSite("Website_ContentShare", "kirana")],
    absent: { at: "site-settings", drop: "properties", gives: "notApplicable" },
    unknown: { at: "site-settings", path: "properties/WEBSITE_CONTENTSHARE" },
  },
  {
    rule: "settings-llm-daily-cap",
    on: "site-settings",
    broken: [
      onSite("DAILY_BUDGET_CAP", "100"),
      onSite("DAILY_BUDGET_CAP", "0"),
      onSite("DAILY_BUDGET_CAP", "unlimited"),
      { at: "slot-settings", drop: "properties/DAILY_BUDGET_CAP", alsoFails: ["settings-equal-on-slots"] },
    ],
    absent: { at: "site-settings", drop: "properties" },
    unknown: { at: "site-settings", path: "properties/DAILY_BUDGET_CAP" },
  },
  {
    rule: "settings-secret-references",
    broken: [
      onSite("GEMINI_API_KEY", reference),
      // The right secret's name, in somebody else's vault.
      onSite("GEMINI_API_KEY", "@Microsoft.KeyVault(VaultName=other-vault;SecretName=gemini-api-key)"),
      // A version stays the old one when the secret is renewed.
      onSite(
        "GEMINI_API_KEY",
        `@Microsoft.KeyVault(VaultName=kirana-keyvault-prod;SecretName=gemini-api-key;SecretVersion=${"0".repeat(32)})`,
      ),
      { at: "slot-settings", drop: "properties/SESSION_SIGNING_KEY", alsoFails: ["settings-equal-on-slots"] },
      onSite("GEMINI_API_KEY", "gemini", ["settings-no-plain-secret"]),
    ],
    absent: { at: "site-settings", drop: "properties" },
    unknown: { at: "site-settings", path: "properties/GEMINI_API_KEY" },
  },
  {
    rule: "settings-no-plain-secret",
    on: "site-settings",
    broken: [
      onSite("DATABASE_PASSWORD", "hunter2"),
      onSite(
        "STORAGE",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFy;EndpointSuffix=core.windows.net",
      ),
      onSite("NOTIFY", "https://hooks.slack.com/services/T000/B000/abcdefgh"),
      onSite("PARTNER", "@Microsoft.KeyVault(SecretName=partner)"),
    ],
    absent: { at: "site-settings", drop: "properties" },
    unknown: { at: "slot-settings", path: "properties/COSMOS_DATABASE" },
  },
];
