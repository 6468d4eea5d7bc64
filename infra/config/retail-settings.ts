import { z } from "zod";
import { retailAgentic } from "../../runbooks/retail-agentic";
import { domainName, pinnedImage, text } from "./schemas";
import { defaulted, optional, ownerSecret, required, type Setting, type ValuesOf } from "./setting";
import {
  alertEmails,
  budgetStartDate,
  cacheSize,
  contacts,
  dummyImage,
  imageWith,
  loadTestRanges,
  mailHost,
  mongoStorageGb,
  mongoTier,
  monthlyBudgetUsd,
  ownerKey,
  pagerDutyIntegrationKey,
  pagerDutyServiceId,
  sides,
  slackWebhook,
  vaultName,
} from "./shared-settings";

/** Sizes of PostgreSQL flexible server (Microsoft Learn, "Compute options in Azure Database for PostgreSQL"). */
const relationalSizes = [
  "Standard_B1ms",
  "Standard_B2s",
  "Standard_D2ds_v5",
  "Standard_D4ds_v5",
  "Standard_D8ds_v5",
] as const;
const relationalStorage = [32, 64, 128, 256, 512, 1024] as const;

/** `retail-agentic:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const retailSettings = {
  /** RET-027, RET-028: what the runbook writes as example.com. Hosts are below it: runbooks/retail-agentic. */
  domain: required(domainName, {
    allowed: "the system's domain, not an example such as example.com",
    sample: "retail.test",
    dummy: "not-given.invalid",
  }),
  /** What each colour holds; `release prepare` writes it. RET-051: by digest, never by a tag. */
  sides: sides(retailAgentic.components.order, "1.4.2"),
  /** RET-117: in which dumps are made and restored. */
  mongoToolsImage: required(
    pinnedImage,
    imageWith("a shell, mongodump, mongorestore, mongosh, redis-cli and azcopy"),
  ),
  postgresToolsImage: required(pinnedImage, imageWith("a shell, psql, pg_dump, pg_restore and azcopy")),
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
  elasticsearchImage: optional(pinnedImage, imageWith("Elasticsearch 8.17 or later")),
  searchToolsImage: optional(pinnedImage, imageWith("a shell and curl")),
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
  paypalClientId: ownerKey,
  paypalClientSecret: ownerKey,
  /** RET-022. */
  smtpHost: mailHost("retail.test"),
  /** RET-023. */
  smtpUsername: { ...ownerKey, schema: text, allowed: "the login at the mail server, encrypted" },
  smtpPassword: ownerKey,
  /** RET-133 to RET-135. */
  slackWebhookAlerts: slackWebhook("#alerts"),
  slackWebhookMonitoring: slackWebhook("#monitoring"),
  pagerDutyIntegrationKey: pagerDutyIntegrationKey(),
  pagerDutyServiceId,
  /** Who hears of the budget; the runbook's alerts go to PagerDuty and Slack. */
  alertEmails: alertEmails("oncall@retail.test"),
  /** RET-045: who in customer support hears before a release. */
  supportEmails: alertEmails("support@retail.test"),
  /** RET-110 to RET-112: whom the runbook escalates to. */
  contacts: contacts("platformLead", "securityTeam", "databaseAdmin"),
  /** RET-043: where load tests come from; the rate limit does not count them. */
  loadTestRanges,
  /** The runbook states no capacity. */
  documentTier: mongoTier,
  documentStorageGb: mongoStorageGb,
  cacheSize,
  relationalSize: required(z.enum(relationalSizes), {
    allowed: relationalSizes.join(", "),
    sample: "Standard_D2ds_v5",
  }),
  relationalStorageGb: required(z.literal(relationalStorage), {
    form: "number",
    allowed: `GB: ${relationalStorage.join(", ")}`,
    sample: "64",
  }),
  monthlyBudgetUsd: monthlyBudgetUsd(1500),
  budgetStartDate,
  vaultName: vaultName("retail-vault-dev2"),
} as const;

export type RetailSettings = ValuesOf<typeof retailSettings>;
