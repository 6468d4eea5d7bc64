import { z } from "zod";
import { backend, frontend } from "../../runbooks/kirana-store/names";
import { isAddressRange } from "./address-range";
import { region } from "./common-settings";
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

/** Sizes of the database that have a storage of their own (Microsoft Learn, "Compute and storage", Azure DocumentDB). */
const databaseTiers = ["M10", "M20", "M30", "M40", "M50", "M60", "M80"] as const;
const storageSizes = [32, 64, 128, 256, 512, 1024, 2048, 4095] as const;
const cacheSizes = ["Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10"] as const;

const ranges = z.array(z.string().refine(isAddressRange));

const key = {
  allowed: "a text of at least 8 characters, encrypted",
  sample: "…",
  dummy: "not-given-by-the-owner",
};

function image(holding: string) {
  return {
    allowed: `an image by digest, REGISTRY/NAME@sha256:…, with ${holding}`,
    sample: "….azurecr.io/NAME@sha256:…",
    dummy: `registry.invalid/not-given@sha256:${"0".repeat(64)}`,
  };
}

/** `kirana-store:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const kiranaStoreSettings = {
  /** Host of web app, API and mobile app. The runbook names no host, only the mail domain kirana.com (STO-188). */
  host: required(domainName, {
    allowed: "a host name that is nobody's example",
    sample: "store.kirana.test",
    dummy: "store.not-given.invalid",
  }),
  /** What each colour holds; `release prepare` writes it. STO-098: by digest, never by a moving tag. */
  sides: required(sidesOf([backend, frontend]), {
    form: "json",
    allowed: `for blue, green or both { version, images: { ${backend}, ${frontend} } }, each image by digest (….azurecr.io/NAME@sha256:…)`,
    sample: '{"blue":{"version":"4.0.0","images":{…}}}',
    dummy: `registry.invalid/not-given@sha256:${"0".repeat(64)}`,
  }),
  /** STO-094, STO-143: in which dumps are made and restored. */
  mongoToolsImage: required(pinnedImage, image("a shell, mongodump, mongorestore and azcopy")),
  /** STO-168: in which the daily scan for security updates runs. */
  imageScannerImage: required(pinnedImage, image("a shell and trivy")),
  /** STO-157, STO-163, STO-164, STO-176: programs that turn what others say into metrics. */
  exporterImages: required(
    z.strictObject({ mongodb: pinnedImage, redis: pinnedImage, blackbox: pinnedImage }),
    {
      form: "json",
      allowed:
        "a map with mongodb, redis and blackbox, the exporter for each as an image by digest, REGISTRY/NAME@sha256:…",
      sample: '{"mongodb":"….azurecr.io/mongodb-exporter@sha256:…",…}',
      dummy: `registry.invalid/not-given@sha256:${"0".repeat(64)}`,
    },
  ),
  /** STO-120, STO-045. */
  paymentApiKey: ownerSecret(text.min(8), key),
  paymentWebhookSecret: ownerSecret(text.min(8), key),
  /** Conflicts 58: what the test tenant pays with. */
  paymentSandboxKey: ownerSecret(text.min(8), key),
  /** STO-187: from which the store writes to its customers. */
  mailHost: required(domainName, {
    allowed: "host name of the mail server",
    sample: "smtp.kirana.test",
    dummy: "smtp.not-given.invalid",
  }),
  mailPassword: ownerSecret(text.min(8), key),
  /** STO-170. */
  slackWebhook: ownerSecret(slackWebhook, {
    allowed: "an incoming webhook, https://hooks.slack.com/…, encrypted",
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  }),
  pagerDutyIntegrationKey: ownerSecret(pagerDutyKey, {
    allowed: "the integration key of a PagerDuty service, 20 to 40 letters and digits, encrypted",
    sample: "…",
    dummy: "notGivenByTheOwner000000000000000",
  }),
  alertEmails: required(z.array(mail).min(1), {
    form: "json",
    allowed: "a list of at least one mail address",
    sample: '["oncall@kirana.test"]',
    dummy: "not-given@switchyard.invalid",
  }),
  /** STO-249 to STO-253: who signs and who leads; the runbook leaves the names empty. */
  contacts: outsideDev(
    z.strictObject({
      deploymentLead: person,
      technicalLead: person,
      productManager: person,
      devOpsLead: person,
      supportLead: person,
    }),
    {
      form: "json",
      allowed:
        "a map with deploymentLead, technicalLead, productManager, devOpsLead and supportLead, each { name, contact } with texts that are not empty",
      sample: '{"deploymentLead":{"name":"…","contact":"…"},…}',
      dummy: "not given by the owner",
    },
  ),
  /** STO-059: addresses of the VPN. Admin functions answer nobody else. */
  adminRanges: required(ranges.min(1), {
    form: "json",
    allowed: "a list of at least one address or range of the VPN, none wider than /16",
    sample: '["203.0.113.0/29"]',
    dummy: "192.0.2.1",
  }),
  /** STO-130, conflicts 55: where load tests come from; the rate limit does not count them. */
  loadTestRanges: defaulted(ranges, [], {
    form: "json",
    allowed: "a list of addresses or ranges, none wider than /16",
    sample: '["203.0.113.7"]',
  }),
  /** The runbook states no capacity beyond 100 orders a minute (STO-204) and 1,000 users (STO-130). */
  databaseTier: required(z.enum(databaseTiers), { allowed: databaseTiers.join(", "), sample: "M30" }),
  databaseStorageGb: required(z.literal(storageSizes), {
    form: "number",
    allowed: `GB: ${storageSizes.join(", ")}`,
    sample: "128",
  }),
  /** STO-090, STO-139: region of the database's replica. */
  replicaLocation: required(region, {
    allowed: "an Azure region in its short form, another than azure-native:location",
    sample: "centralus",
  }),
  cacheSize: required(z.enum(cacheSizes), { allowed: cacheSizes.join(", "), sample: "Balanced_B1" }),
  /** USD a month for the resource group; the runbook states none. */
  monthlyBudgetUsd: required(z.number().positive(), {
    form: "number",
    allowed: "a number above 0",
    sample: "1200",
    dummy: "1",
  }),
  budgetStartDate: required(firstOfMonth, {
    allowed: "the first day of a month, such as 2026-12-01",
    sample: "2026-12-01",
  }),
  /** A name that stayed reserved after a vault was deleted (purge protection) is avoided with another one here. */
  vaultName: optional(z.string().regex(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/), {
    allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first",
    sample: "kirana-store-vault-dev2",
  }),
} as const;

export type KiranaStoreSettings = ValuesOf<typeof kiranaStoreSettings>;
