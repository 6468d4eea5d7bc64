import { z } from "zod";
import { dummyGuid, guid } from "./common-settings";
import { addressRanges, domainName } from "./schemas";
import { defaulted, optional, outsideDev, required, type ValuesOf } from "./setting";
import {
  alertEmails,
  appNetworkRange,
  budgetStartDate,
  contacts,
  monthlyBudgetUsd,
  ownerKey,
  pagerDutyIntegrationKey,
  pagerDutyServiceId,
  planSize,
  restored,
  slackWebhook,
  vaultName,
} from "./shared-settings";

const staticSiteRegions = ["westus2", "centralus", "eastus2", "westeurope", "eastasia"] as const;

/** `kirana-inventory:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const kiranaSettings = {
  /** KIR-033. */
  geminiApiKey: ownerKey,
  /** KIR-046, KIR-047. */
  slackWebhookProd: slackWebhook(),
  /** KIR-047, KIR-119. */
  slackWebhookTeam: slackWebhook(),
  /** KIR-060. */
  testToken: ownerKey,
  prodTestToken: ownerKey,
  /** KIR-048, KIR-049. */
  pagerDutyIntegrationKey: pagerDutyIntegrationKey("PagerDuty's Azure integration"),
  pagerDutyServiceId,
  alertEmails: alertEmails("oncall@kirana.io"),
  /** KIR-145 to KIR-148: the runbook's table of contacts, whose names it leaves empty. */
  contacts: contacts("leadEngineer", "devOpsLead", "productManager", "cto"),
  /** KIR-008, KIR-038. Production has the contract's; elsewhere without one the API has the host that Azure gives. */
  apiDomain: optional(domainName, {
    allowed: "a host name that is nobody's example",
    sample: "api.kirana.test",
  }),
  /**
   * KIR-008, KIR-091. Production has the contract's. Every stack has one: the host that Azure gives a static site is
   * known only after its creation, too late for the rules on what may call the API and on what is probed.
   */
  appDomain: optional(domainName, {
    allowed: "a host name that is nobody's example",
    sample: "app.kirana.test",
    dummy: "app.not-given.invalid",
  }),
  /** Zone that the stack declares, when it does. Production has the contract's. */
  dnsZone: optional(domainName, { allowed: "a domain that is nobody's example", sample: "kirana.test" }),
  /** Who owns the zone is not stated in the runbook: `external` leaves the records to whoever does. */
  dnsZoneManagedBy: defaulted(z.enum(["stack", "external"]), "external", {
    allowed: "stack (the zone and its records are declared here) or external (the records are an output)",
    sample: "external",
  }),
  /** Known once the first update has made the managed certificate: docs/adr/0043. */
  apiCertificateThumbprint: optional(z.string().regex(/^[0-9A-F]{40}$/), {
    allowed: "40 hexadecimal digits in upper case, the output apiCertificateThumbprint",
    sample: "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B",
  }),
  /** KIR-079. */
  frontendClientId: outsideDev(guid, {
    allowed: "the web app's client id at the identity provider, a GUID in lower case",
    sample: "0f8fad5b-d9cb-469f-a165-70867728950e",
    dummy: dummyGuid,
  }),
  frontendTenantId: outsideDev(guid, {
    allowed: "the identity provider's tenant id, a GUID in lower case",
    sample: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    dummy: dummyGuid,
  }),
  planSize,
  planInstances: required(z.int().min(1).max(30), {
    form: "number",
    allowed: "a whole number from 1 to 30, in production at least 2",
    sample: "2",
  }),
  networkRange: appNetworkRange("10.40.0.0/26"),
  /** Static Web Apps exist in a few regions only (Microsoft Learn, "Static Web Apps FAQ"). */
  staticSiteLocation: required(z.enum(staticSiteRegions), {
    allowed: `a region that has Static Web Apps: ${staticSiteRegions.join(", ")}`,
    sample: "westus2",
  }),
  monthlyBudgetUsd: monthlyBudgetUsd(800),
  budgetStartDate,
  /**
   * Functions with triggers other than HTTP. A slot's own switch keeps each of them off on the idle side.
   */
  backgroundFunctions: defaulted(z.array(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,126}$/)), [], {
    form: "json",
    allowed: "a list of names of functions",
    sample: '["nightlyPredictions"]',
  }),
  /** KIR-007: who shares the database besides the app. Not in production. */
  developersGroupId: optional(guid, {
    allowed: "object id of a group in Entra, a GUID in lower case; not in production",
    sample: "d9428888-122b-11e1-b85c-61cd3cbb3210",
    dummy: dummyGuid,
  }),
  developerIpRanges: defaulted(addressRanges, [], {
    form: "json",
    allowed:
      "a list of addresses or ranges from which developers reach the shared database; not in production",
    sample: '["203.0.113.7"]',
  }),
  /** KIR-092, KIR-144: the runbook makes the CDN optional. */
  cdn: defaulted(z.boolean(), false, { form: "boolean", allowed: "true, false", sample: "false" }),
  restoredCosmosAccount: restored(
    "account of Cosmos DB",
    /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/,
    "kirana-cosmosdb-prod-r1a2b3c",
  ),
  vaultName: vaultName("kirana-keyvault-dev2"),
} as const;

export type KiranaSettings = ValuesOf<typeof kiranaSettings>;
