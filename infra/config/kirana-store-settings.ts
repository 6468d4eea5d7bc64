import { backend, frontend } from "../../runbooks/kirana-store/names";
import { region } from "./common-settings";
import { addressRanges, domainName, pinnedImage } from "./schemas";
import { required, type ValuesOf } from "./setting";
import {
  alertEmails,
  budgetStartDate,
  cacheSize,
  contacts,
  exporterImages,
  imageWith,
  loadTestRanges,
  mailHost,
  mongoStorageGb,
  mongoTier,
  monthlyBudgetUsd,
  ownerKey,
  pagerDutyIntegrationKey,
  pagerDutyServiceId,
  restored,
  sides,
  slackWebhook,
  vaultName,
} from "./shared-settings";

/** `kirana-store:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const kiranaStoreSettings = {
  /** Host of web app, API and mobile app. The runbook names no host, only the mail domain kirana.com (STO-188). */
  host: required(domainName, {
    allowed: "a host name that is nobody's example",
    sample: "store.kirana.test",
    dummy: "store.not-given.invalid",
  }),
  /** What each colour holds; `release prepare` writes it. STO-098: by digest, never by a moving tag. */
  sides: sides([backend, frontend], "4.0.0"),
  /** STO-094, STO-143: in which dumps are made and restored. */
  mongoToolsImage: required(
    pinnedImage,
    imageWith("a shell, mongodump, mongorestore, mongosh, redis-cli and azcopy"),
  ),
  /** STO-168: in which the daily scan for security updates runs. */
  imageScannerImage: required(pinnedImage, imageWith("a shell and trivy")),
  /** STO-157, STO-163, STO-164, STO-176: programs that turn what others say into metrics. */
  exporterImages: exporterImages("mongodb", "redis", "blackbox"),
  /** STO-120, STO-045. */
  paymentApiKey: ownerKey,
  paymentWebhookSecret: ownerKey,
  /** Conflicts 58: what the test tenant pays with. */
  paymentSandboxKey: ownerKey,
  /** STO-187: from which the store writes to its customers. */
  mailHost: mailHost("kirana.test"),
  mailPassword: ownerKey,
  /** STO-170. */
  slackWebhook: slackWebhook(),
  pagerDutyIntegrationKey: pagerDutyIntegrationKey(),
  pagerDutyServiceId,
  alertEmails: alertEmails("oncall@kirana.test"),
  /** STO-185 to STO-187: the mailbox's list of customers. One address, since receivers of a mail see each other's. */
  customerEmails: alertEmails("customers@kirana.test"),
  /** STO-249 to STO-253: who signs and who leads; the runbook leaves the names empty. */
  contacts: contacts("deploymentLead", "technicalLead", "productManager", "devOpsLead", "supportLead"),
  /** STO-059: addresses of the VPN. Admin functions answer nobody else. */
  adminRanges: required(addressRanges.min(1), {
    form: "json",
    allowed: "a list of at least one address or range of the VPN, none wider than /16",
    sample: '["203.0.113.0/29"]',
    dummy: "192.0.2.1",
  }),
  /** STO-130, conflicts 55: where load tests come from; the rate limit does not count them. */
  loadTestRanges,
  /** The runbook states no capacity beyond 100 orders a minute (STO-204) and 1,000 users (STO-130). */
  databaseTier: mongoTier,
  databaseStorageGb: mongoStorageGb,
  /** STO-090, STO-139: region of the database's replica. */
  replicaLocation: required(region, {
    allowed: "an Azure region in its short form, another than azure-native:location",
    sample: "centralus",
  }),
  cacheSize,
  monthlyBudgetUsd: monthlyBudgetUsd(1200),
  budgetStartDate,
  restoredDatabase: restored("database", /^[a-z][a-z0-9_]{0,62}$/, "kirana_store_restore_database_1a2b3c4d"),
  vaultName: vaultName("kirana-store-vault-dev2"),
} as const;

export type KiranaStoreSettings = ValuesOf<typeof kiranaStoreSettings>;
