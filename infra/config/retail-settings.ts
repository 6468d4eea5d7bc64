import { z } from "zod";
import { retailAgentic } from "../../runbooks/retail-agentic";
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
import {
  defaulted,
  optional,
  outsideDev,
  ownerSecret,
  required,
  type Setting,
  type ValuesOf,
} from "./setting";

/** Sizes with a storage of their own (Microsoft Learn, "Compute and storage", Azure DocumentDB). */
const documentTiers = ["M10", "M20", "M30", "M40", "M50", "M60", "M80"] as const;
const documentSizes = [32, 64, 128, 256, 512, 1024, 2048, 4095] as const;
const cacheSizes = ["Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10"] as const;
/** Sizes of PostgreSQL flexible server (Microsoft Learn, "Compute options in Azure Database for PostgreSQL"). */
const relationalSizes = [
  "Standard_B1ms",
  "Standard_B2s",
  "Standard_D2ds_v5",
  "Standard_D4ds_v5",
  "Standard_D8ds_v5",
] as const;
const relationalStorage = [32, 64, 128, 256, 512, 1024] as const;

const ranges = z.array(z.string().refine(isAddressRange));
const dummyImage = `registry.invalid/not-given@sha256:${"0".repeat(64)}`;

const key = {
  allowed: "a text of at least 8 characters, encrypted",
  sample: "…",
  dummy: "not-given-by-the-owner",
};

function image(holding: string) {
  return {
    allowed: `an image by digest, REGISTRY/NAME@sha256:…, with ${holding}`,
    sample: "….azurecr.io/NAME@sha256:…",
    dummy: dummyImage,
  };
}

function webhook(room: string) {
  return {
    allowed: `an incoming webhook of ${room}, https://hooks.slack.com/…, encrypted`,
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  };
}

/** `retail-agentic:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const retailSettings = {
  /** RET-027, RET-028: what the runbook writes as example.com. Hosts are below it: runbooks/retail-agentic. */
  domain: required(domainName, {
    allowed: "the system's domain, not an example such as example.com",
    sample: "retail.test",
    dummy: "not-given.invalid",
  }),
  /** What each colour holds; `release prepare` writes it. RET-051: by digest, never by a tag. */
  sides: required(sidesOf(retailAgentic.components.order), {
    form: "json",
    allowed: `for blue, green or both { version, images: { ${retailAgentic.components.order.join(", ")} } }, each image by digest (….azurecr.io/NAME@sha256:…)`,
    sample: '{"blue":{"version":"1.4.2","images":{…}}}',
    dummy: dummyImage,
  }),
  /** RET-117: in which dumps are made and restored. */
  mongoToolsImage: required(pinnedImage, image("a shell, mongodump, mongorestore, mongosh and azcopy")),
  postgresToolsImage: required(pinnedImage, image("a shell, psql, pg_dump, pg_restore and azcopy")),
  /** RET-074 to RET-076: the program that asks the hosts' health. */
  exporterImages: required(z.strictObject({ blackbox: pinnedImage }), {
    form: "json",
    allowed: "a map with blackbox, the Blackbox exporter as an image by digest, REGISTRY/NAME@sha256:…",
    sample: '{"blackbox":"….azurecr.io/blackbox-exporter@sha256:…"}',
    dummy: dummyImage,
  }),
  /** RET-017, conflicts 19: Azure has none of its own; where it runs is the owner's choice. */
  elasticsearch: defaulted(z.enum(["in-cluster", "external"]), "in-cluster", {
    allowed: "in-cluster (three pods with a disk each) or external (Elastic Cloud, with elasticsearchUrl)",
    sample: "in-cluster",
  }),
  /** Only of the in-cluster one. */
  elasticsearchImage: optional(pinnedImage, image("Elasticsearch 8.17 or later")),
  searchToolsImage: optional(pinnedImage, image("a shell and curl")),
  elasticsearchDiskGb: defaulted(z.int().min(8).max(4096), 64, {
    form: "number",
    allowed: "GB of each of its disks, 8 to 4096",
    sample: "64",
  }),
  /** Only of the external one. */
  elasticsearchUrl: {
    ...ownerSecret(z.url({ protocol: /^https$/ }), {
      allowed: "the address with login, https://USER:PASSWORD@…, encrypted",
      sample: "https://…",
      dummy: "https://not-given.invalid",
    }),
    required: "never",
  } satisfies Setting<string | undefined>,
  /** RET-021. */
  paypalClientId: ownerSecret(text.min(8), key),
  paypalClientSecret: ownerSecret(text.min(8), key),
  /** RET-022. */
  smtpHost: required(domainName, {
    allowed: "host name of the mail server",
    sample: "smtp.retail.test",
    dummy: "smtp.not-given.invalid",
  }),
  /** RET-023. */
  smtpUsername: ownerSecret(text, { ...key, allowed: "the login at the mail server, encrypted" }),
  smtpPassword: ownerSecret(text.min(8), key),
  /** RET-133 to RET-135. */
  slackWebhookAlerts: ownerSecret(slackWebhook, webhook("#alerts")),
  slackWebhookMonitoring: ownerSecret(slackWebhook, webhook("#monitoring")),
  pagerDutyIntegrationKey: ownerSecret(pagerDutyKey, {
    allowed: "the integration key of a PagerDuty service, 20 to 40 letters and digits, encrypted",
    sample: "…",
    dummy: "notGivenByTheOwner000000000000000",
  }),
  /** Who hears of the budget; the runbook's alerts go to PagerDuty and Slack. */
  alertEmails: required(z.array(mail).min(1), {
    form: "json",
    allowed: "a list of at least one mail address",
    sample: '["oncall@retail.test"]',
    dummy: "not-given@switchyard.invalid",
  }),
  /** RET-110 to RET-112: whom the runbook escalates to. */
  contacts: outsideDev(
    z.strictObject({ platformLead: person, securityTeam: person, databaseAdmin: person }),
    {
      form: "json",
      allowed:
        "a map with platformLead, securityTeam and databaseAdmin, each { name, contact } with texts that are not empty",
      sample: '{"platformLead":{"name":"…","contact":"…"},…}',
      dummy: "not given by the owner",
    },
  ),
  /** RET-043: where load tests come from; the rate limit does not count them. */
  loadTestRanges: defaulted(ranges, [], {
    form: "json",
    allowed: "a list of addresses or ranges, none wider than /16",
    sample: '["203.0.113.7"]',
  }),
  /** The runbook states no capacity. */
  documentTier: required(z.enum(documentTiers), { allowed: documentTiers.join(", "), sample: "M30" }),
  documentStorageGb: required(z.literal(documentSizes), {
    form: "number",
    allowed: `GB: ${documentSizes.join(", ")}`,
    sample: "128",
  }),
  cacheSize: required(z.enum(cacheSizes), { allowed: cacheSizes.join(", "), sample: "Balanced_B1" }),
  relationalSize: required(z.enum(relationalSizes), {
    allowed: relationalSizes.join(", "),
    sample: "Standard_D2ds_v5",
  }),
  relationalStorageGb: required(z.literal(relationalStorage), {
    form: "number",
    allowed: `GB: ${relationalStorage.join(", ")}`,
    sample: "64",
  }),
  /** USD a month for the resource group; the runbook states none. */
  monthlyBudgetUsd: required(z.number().positive(), {
    form: "number",
    allowed: "a number above 0",
    sample: "1500",
    dummy: "1",
  }),
  budgetStartDate: required(firstOfMonth, {
    allowed: "the first day of a month, such as 2026-12-01",
    sample: "2026-12-01",
  }),
  /** A name that stayed reserved after a vault was deleted (purge protection) is avoided with another one here. */
  vaultName: optional(z.string().regex(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/), {
    allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first",
    sample: "retail-vault-dev2",
  }),
} as const;

export type RetailSettings = ValuesOf<typeof retailSettings>;
