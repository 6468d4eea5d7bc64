import { z } from "zod";
import { caseManagement } from "../../runbooks/case-management";
import { addressRanges, domainName, mail, pinnedImage, sidesOf, text } from "./schemas";
import { defaulted, ownerSecret, required, type ValuesOf } from "./setting";
import {
  alertEmails,
  budgetStartDate,
  cacheSize,
  contacts,
  exporterImages,
  monthlyBudgetUsd,
  pagerDutyIntegrationKey,
  pagerDutyServiceId,
  restored,
  slackWebhook,
  vaultName,
} from "./shared-settings";

/** Sizes of PostgreSQL flexible server (Microsoft Learn, "Compute options in Azure Database for PostgreSQL"). */
const databaseSizes = [
  "Standard_B1ms",
  "Standard_B2s",
  "Standard_D2ds_v5",
  "Standard_D4ds_v5",
  "Standard_D8ds_v5",
  "Standard_E2ds_v5",
  "Standard_E4ds_v5",
] as const;

/** Sizes of storage that the service has (Microsoft Learn, "Storage options in Azure Database for PostgreSQL"). */
const storageSizes = [32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

const version = z.string().regex(new RegExp(caseManagement.version.pattern));

/** `case-management:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const caseManagementSettings = {
  /** CAS-023: what the runbook writes as yourdomain.com. Hosts are below it: runbooks/case-management. */
  domain: required(domainName, {
    allowed: "the system's domain, not an example such as yourdomain.com",
    sample: "cases.test",
    dummy: "not-given.invalid",
  }),
  /** What each colour holds; `release prepare` writes it. */
  sides: required(sidesOf(caseManagement.components.order, version), {
    form: "json",
    allowed: `for blue, green or both { version: "YYYY.MM.DD" with .2, .3 … for another one of that day, images: { ${caseManagement.components.order.join(", ")} } }, each image by digest (….azurecr.io/NAME@sha256:…)`,
    sample: '{"blue":{"version":"2026.12.01","images":{…}}}',
    dummy: `registry.invalid/case-management@sha256:${"0".repeat(64)}`,
  }),
  /** Image with psql, pg_dump, pg_restore, redis-cli and azcopy, in which backups and checks of the database run. */
  toolsImage: required(pinnedImage, {
    allowed:
      "an image by digest, REGISTRY/NAME@sha256:…, with psql, pg_dump, pg_restore, redis-cli and azcopy",
    sample: "….azurecr.io/case-management-tools@sha256:…",
    dummy: `registry.invalid/case-management-tools@sha256:${"0".repeat(64)}`,
  }),
  /** CAS-076, CAS-085: programs that turn what database and health checks say into metrics. */
  exporterImages: exporterImages("postgres", "blackbox"),
  /** CAS-028, CAS-029. */
  sendGridApiKey: ownerSecret(text.min(8), {
    allowed: "an API key of SendGrid, encrypted",
    sample: "…",
    dummy: "not-given-by-the-owner",
  }),
  /** CAS-098, CAS-106. */
  n8nWebhook: ownerSecret(z.url({ protocol: /^https$/ }), {
    allowed: "the address of the n8n webhook, https://…, encrypted",
    sample: "https://n8n.…/webhook/…",
    dummy: "https://not-given.invalid/webhook",
  }),
  /** CAS-098, CAS-107. */
  slackWebhook: slackWebhook("#critical-alerts"),
  /** Conflicts 12. */
  pagerDutyIntegrationKey: pagerDutyIntegrationKey(),
  pagerDutyServiceId,
  /** CAS-061, CAS-062, conflicts 77. */
  testAccountEmail: ownerSecret(mail, {
    allowed: "the mail address of the smoke tests' account, encrypted",
    sample: "…",
    dummy: "not-given@switchyard.invalid",
  }),
  testAccountPassword: ownerSecret(
    text.min(12).refine((password) => !/^testpass/i.test(password)),
    {
      allowed: "its password, at least 12 characters, not the one that the runbook prints, encrypted",
      sample: "…",
      dummy: "not-given-by-the-owner",
    },
  ),
  alertEmails: alertEmails("oncall@cases.test"),
  /** CAS-016, CAS-101, CAS-118: who hears before a release, after it and of an incident. */
  stakeholderEmails: alertEmails("stakeholders@cases.test"),
  /** CAS-107 to CAS-112: whom the runbook escalates to. */
  contacts: contacts("devOpsLead", "technicalLead", "productManager", "engineeringDirector", "cto"),
  /** The runbook states no capacity. */
  databaseSize: required(z.enum(databaseSizes), {
    allowed: databaseSizes.join(", "),
    sample: "Standard_D2ds_v5",
  }),
  databaseStorageGb: required(z.literal(storageSizes), {
    form: "number",
    allowed: `GB: ${storageSizes.join(", ")}`,
    sample: "128",
  }),
  cacheSize,
  /** Addresses that the rate limit does not count, such as those of an acceptance test. */
  rateLimitExemptRanges: defaulted(addressRanges, [], {
    form: "json",
    allowed: "a list of addresses or ranges",
    sample: '["203.0.113.7"]',
  }),
  monthlyBudgetUsd: monthlyBudgetUsd(900),
  budgetStartDate,
  restoredDatabase: restored(
    "database",
    /^[a-z][a-z0-9_]{0,62}$/,
    "case_management_restore_database_1a2b3c4d",
  ),
  vaultName: vaultName("cases-vault-dev2"),
} as const;

export type CaseManagementSettings = ValuesOf<typeof caseManagementSettings>;
