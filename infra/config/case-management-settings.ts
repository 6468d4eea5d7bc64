import { z } from "zod";
import { caseManagement } from "../../runbooks/case-management";
import { isAddressRange } from "./address-range";
import {
  domainName,
  firstOfMonth,
  mail,
  pagerDutyKey,
  person,
  pinnedImage,
  sidesOf,
  slackWebhook,
  text,
} from "./schemas";
import { defaulted, optional, outsideDev, ownerSecret, required, type ValuesOf } from "./setting";

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

const cacheSizes = ["Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10"] as const;

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
  /** Image with psql, pg_dump, pg_restore and azcopy, in which backups and checks of the database run. */
  toolsImage: required(pinnedImage, {
    allowed: "an image by digest, REGISTRY/NAME@sha256:…, with psql, pg_dump, pg_restore and azcopy",
    sample: "….azurecr.io/case-management-tools@sha256:…",
    dummy: `registry.invalid/case-management-tools@sha256:${"0".repeat(64)}`,
  }),
  /** CAS-076, CAS-085: programs that turn what database and health checks say into metrics. */
  exporterImages: required(z.strictObject({ postgres: pinnedImage, blackbox: pinnedImage }), {
    form: "json",
    allowed:
      "a map with postgres and blackbox, the exporter for each as an image by digest, REGISTRY/NAME@sha256:…",
    sample: '{"postgres":"….azurecr.io/postgres-exporter@sha256:…",…}',
    dummy: `registry.invalid/not-given@sha256:${"0".repeat(64)}`,
  }),
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
  slackWebhook: ownerSecret(slackWebhook, {
    allowed: "an incoming webhook of #critical-alerts, https://hooks.slack.com/…, encrypted",
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  }),
  /** Conflicts 12. */
  pagerDutyIntegrationKey: ownerSecret(pagerDutyKey, {
    allowed: "the integration key of a PagerDuty service, 20 to 40 letters and digits, encrypted",
    sample: "…",
    dummy: "notGivenByTheOwner000000000000000",
  }),
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
  alertEmails: required(z.array(mail).min(1), {
    form: "json",
    allowed: "a list of at least one mail address",
    sample: '["oncall@cases.test"]',
    dummy: "not-given@switchyard.invalid",
  }),
  /** CAS-107 to CAS-112: whom the runbook escalates to. */
  contacts: outsideDev(
    z.strictObject({
      devOpsLead: person,
      technicalLead: person,
      productManager: person,
      engineeringDirector: person,
      cto: person,
    }),
    {
      form: "json",
      allowed:
        "a map with devOpsLead, technicalLead, productManager, engineeringDirector and cto, each { name, contact } with texts that are not empty",
      sample: '{"devOpsLead":{"name":"…","contact":"…"},…}',
      dummy: "not given by the owner",
    },
  ),
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
  cacheSize: required(z.enum(cacheSizes), { allowed: cacheSizes.join(", "), sample: "Balanced_B1" }),
  /** Addresses that the rate limit does not count, such as those of an acceptance test. */
  rateLimitExemptRanges: defaulted(z.array(z.string().refine(isAddressRange)), [], {
    form: "json",
    allowed: "a list of addresses or ranges",
    sample: '["203.0.113.7"]',
  }),
  /** USD a month for the resource group; the runbook states none. */
  monthlyBudgetUsd: required(z.number().positive(), {
    form: "number",
    allowed: "a number above 0",
    sample: "900",
    dummy: "1",
  }),
  budgetStartDate: required(firstOfMonth, {
    allowed: "the first day of a month, such as 2026-12-01",
    sample: "2026-12-01",
  }),
  /** A name that stayed reserved after a vault was deleted (purge protection) is avoided with another one here. */
  vaultName: optional(z.string().regex(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/), {
    allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first",
    sample: "cases-vault-dev2",
  }),
} as const;

export type CaseManagementSettings = ValuesOf<typeof caseManagementSettings>;
