import { z } from "zod";
import { isAddressRange } from "./address-range";
import { dummyGuid, guid } from "./common-settings";
import { defaulted, optional, outsideDev, ownerSecret, required, type ValuesOf } from "./setting";

const domain = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/)
  .refine((value) => !/(?:^|\.)(?:example\.(?:com|org|net)|yourdomain\.com)$/.test(value));

const mail = z.email();
const text = z.string().min(1);
const staticSiteRegions = ["westus2", "centralus", "eastus2", "westeurope", "eastasia"] as const;
const slackWebhook = z.string().regex(/^https:\/\/hooks\.slack\.com\/\S+$/);
const privateRange = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.).*\/2[0-6]$/;

/** Somebody whom a release or an incident calls. */
const person = z.strictObject({ name: text, contact: text });

const token = {
  allowed: "a text of at least 8 characters, encrypted",
  sample: "…",
  dummy: "not-given-by-the-owner",
};

/** `kirana-inventory:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const kiranaSettings = {
  /** KIR-033. */
  geminiApiKey: ownerSecret(text.min(8), token),
  /** KIR-046, KIR-047. */
  slackWebhookProd: ownerSecret(slackWebhook, {
    allowed: "an incoming webhook, https://hooks.slack.com/…, encrypted",
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  }),
  /** KIR-047, KIR-119. */
  slackWebhookTeam: ownerSecret(slackWebhook, {
    allowed: "an incoming webhook, https://hooks.slack.com/…, encrypted",
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  }),
  /** KIR-060. */
  testToken: ownerSecret(text.min(8), token),
  prodTestToken: ownerSecret(text.min(8), token),
  /** KIR-048, KIR-049. */
  pagerDutyIntegrationKey: ownerSecret(z.string().regex(/^[A-Za-z0-9]{20,40}$/), {
    allowed: "the integration key of PagerDuty's Azure integration, 20 to 40 letters and digits, encrypted",
    sample: "…",
    dummy: "notGivenByTheOwner000000000000000",
  }),
  alertEmails: required(z.array(mail).min(1), {
    form: "json",
    allowed: "a list of at least one mail address",
    sample: '["oncall@kirana.io"]',
    dummy: "not-given@switchyard.invalid",
  }),
  /** KIR-145 to KIR-148: the runbook's table of contacts, whose names it leaves empty. */
  contacts: outsideDev(
    z.strictObject({ leadEngineer: person, devOpsLead: person, productManager: person, cto: person }),
    {
      form: "json",
      allowed:
        "a map with leadEngineer, devOpsLead, productManager and cto, each { name, contact } with texts that are not empty",
      sample: '{"leadEngineer":{"name":"…","contact":"…"},…}',
      dummy: "not given by the owner",
    },
  ),
  /** KIR-008, KIR-038. Production has the contract's; elsewhere without one the API has the host that Azure gives. */
  apiDomain: optional(domain, { allowed: "a host name that is nobody's example", sample: "api.kirana.test" }),
  /**
   * KIR-008, KIR-091. Production has the contract's. Every stack has one: the host that Azure gives a static site is
   * known only after its creation, too late for the rules on what may call the API and on what is probed.
   */
  appDomain: optional(domain, {
    allowed: "a host name that is nobody's example",
    sample: "app.kirana.test",
    dummy: "app.not-given.invalid",
  }),
  /** Zone that the stack declares, when it does. Production has the contract's. */
  dnsZone: optional(domain, { allowed: "a domain that is nobody's example", sample: "kirana.test" }),
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
  planSize: required(z.enum(["P0v3", "P1v3", "P2v3", "P3v3"]), {
    allowed: "P0v3, P1v3, P2v3, P3v3",
    sample: "P1v3",
  }),
  planInstances: required(z.int().min(1).max(30), {
    form: "number",
    allowed: "a whole number from 1 to 30, in production at least 2",
    sample: "2",
  }),
  networkRange: required(z.string().regex(privateRange).refine(isAddressRange), {
    allowed: "a private address range of /20 to /26 from its first address on, such as 10.40.0.0/26",
    sample: "10.40.0.0/26",
  }),
  /** Static Web Apps exist in a few regions only (Microsoft Learn, "Static Web Apps FAQ"). */
  staticSiteLocation: required(z.enum(staticSiteRegions), {
    allowed: `a region that has Static Web Apps: ${staticSiteRegions.join(", ")}`,
    sample: "westus2",
  }),
  /** USD a month for the resource group; the runbook states none. */
  monthlyBudgetUsd: required(z.number().positive(), {
    form: "number",
    allowed: "a number above 0",
    sample: "800",
    dummy: "1",
  }),
  budgetStartDate: required(z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])-01$/), {
    allowed: "the first day of a month, such as 2026-12-01",
    sample: "2026-12-01",
  }),
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
  developerIpRanges: defaulted(z.array(z.string().refine(isAddressRange)), [], {
    form: "json",
    allowed:
      "a list of addresses or ranges from which developers reach the shared database; not in production",
    sample: '["203.0.113.7"]',
  }),
  /** KIR-092, KIR-144: the runbook makes the CDN optional. */
  cdn: defaulted(z.boolean(), false, { form: "boolean", allowed: "true, false", sample: "false" }),
  /** A name that stayed reserved after a vault was deleted (purge protection) is avoided with another one here. */
  vaultName: optional(z.string().regex(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/), {
    allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first",
    sample: "kirana-keyvault-dev2",
  }),
} as const;

export type KiranaSettings = ValuesOf<typeof kiranaSettings>;
